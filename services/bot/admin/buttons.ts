import {
  type AppealId,
  type BatchId,
  type CaseId,
  type DeadLetterId,
  type FindingId,
  type PayoutId,
  type RefundId,
  type SellerChangeId,
} from '../../../shared/domain/ids.ts'
import { personMeasures, productMeasures } from '../../../shared/domain/moderation.ts'
import { orderStatuses } from '../../../shared/domain/order.ts'
import {
  amount,
  type Argument,
  count,
  id,
  mark,
  oneOf,
  orderCode,
  person,
  productCode,
  shopCode,
} from '../button-arguments.ts'

/** The kind of a dead letter: a few words of ours, which travel with `_` between them. */
const letterKind: Argument<string> = {
  longest: 32,
  write: (kind) => kind.replaceAll(' ', '_'),
  read: (text) => (/^[a-z_-]{1,32}$/.test(text) ? text.replaceAll('_', ' ') : undefined),
}

const ofCase = { case: id<CaseId>() }
const ofBatch = { batch: id<BatchId>() }
const ofPayout = { payout: id<PayoutId>() }
const ofRefund = { refund: id<RefundId>() }
const ofLetter = { letter: id<DeadLetterId>() }

/** Why a dead letter may be discarded. */
export const discardReasons = ['settled', 'obsolete', 'mistake'] as const
export type DiscardReason = (typeof discardReasons)[number]

/** The buttons of administrators. To everybody else they do not exist. */
export const adminButtons = {
  admin: {},
  letters: { kind: letterKind, page: count },
  letter: ofLetter,
  sendLetter: ofLetter,
  linkLetter: ofLetter,
  dropLetter: ofLetter,
  dropLetterAs: { ...ofLetter, reason: oneOf(...discardReasons) },
  sendLetters: { kind: letterKind },
  timeline: { order: orderCode, page: count },
  timelineFile: { order: orderCode },
  modProduct: { product: productCode },
  modPerson: { person },
  /** `seen`: the mark of how the product or person stood on the card. */
  measureProduct: { product: productCode, measure: oneOf(...productMeasures), seen: mark },
  measurePerson: { person, measure: oneOf(...personMeasures), seen: mark },
  appeals: { page: count },
  openAppeal: { appeal: id<AppealId>() },
  readAppeal: { appeal: id<AppealId>() },
  /** `length`: how much had been said on the card. */
  refuseAppeal: { appeal: id<AppealId>(), length: count },
  findings: {},
  finding: { finding: id<FindingId>() },
  askFinding: { finding: id<FindingId>() },
  acceptFinding: { finding: id<FindingId>(), version: count },
  frozenSellers: {},
  frozenSeller: { shop: shopCode },
  askLift: { shop: shopCode },
  liftFreeze: { shop: shopCode, change: id<SellerChangeId>() },
  cases: { page: count },
  case: ofCase,
  acceptCase: ofCase,
  /** The state of the order when the administrator was asked, and how much of it was counted as having come. */
  acceptCaseNow: { ...ofCase, seen: oneOf(...orderStatuses), received: amount },
  refundCase: ofCase,
  closeCase: ofCase,
  refunds: { page: count },
  refund: ofRefund,
  refundOrder: { order: orderCode },
  refundSent: ofRefund,
  rejectRefund: ofRefund,
  askAddress: ofRefund,
  /** `times`: how often the buyer had been asked when the administrator was. */
  askAddressNow: { ...ofRefund, times: count },
  payouts: {},
  prepareBatch: {},
  batches: { page: count },
  batch: { ...ofBatch, page: count },
  batchFile: ofBatch,
  confirmBatch: ofBatch,
  cancelBatch: ofBatch,
  /** `seen`: whether somebody may have been paying it when the administrator was asked. */
  cancelBatchNow: { ...ofBatch, seen: oneOf('prepared', 'confirmed') },
  payout: ofPayout,
  payoutSent: ofPayout,
  /** `seen`: what had become of it on the card, since one that was paid is not taken back unseen. */
  payoutFailed: { ...ofPayout, seen: oneOf('confirmed', 'sent') },
  payoutSettled: ofPayout,
}
