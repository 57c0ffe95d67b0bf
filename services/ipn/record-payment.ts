import { restCases } from '../../shared/domain/case.ts'
import { isPositive, parseDecimal } from '../../shared/domain/decimal.ts'
import { type OrderId, type PaymentId } from '../../shared/domain/ids.ts'
import { restEntry } from '../../shared/domain/ledger.ts'
import { isPaid, statusesBefore } from '../../shared/domain/order.ts'
import { type AcceptancePolicy, type Appraisal, isProviderStatus, ranks } from '../../shared/domain/payment.ts'
import { decideCasesOf } from '../../shared/db/case-decisions.ts'
import { openCase } from '../../shared/db/cases.ts'
import { insertEntry } from '../../shared/db/ledger.ts'
import { markOrder } from '../../shared/db/order-progress.ts'
import { type LockedPayment, lockPayment, markPaymentAccepted, markRateWanted } from '../../shared/db/payments.ts'
import { type Database, inTransaction, type Queryable } from '../../shared/db/pool.ts'
import { findFamily } from '../../shared/db/redeposits.ts'
import { dropOpenRefund, findShortfall, refundOrder } from '../../shared/db/refund-order.ts'
import { findReturnedBeside, findSentRefund } from '../../shared/db/sent-refund.ts'
import { markReadable } from '../../shared/db/unreadable-payments.ts'
import { orderChanged } from '../../shared/events/index.ts'
import { makePaid } from '../../shared/messaging/make-paid.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'
import { mailBuyer } from '../../shared/messaging/queue-mail.ts'
import { tellRefunded } from '../../shared/messaging/tell-refunded.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { decidePayment, type OrderDoubt, type PayablePayment, type PaymentDecision } from './decide-payment.ts'
import { type FullReport, keepReport } from './keep-report.ts'
import { tellIfOverpaid } from './tell-if-overpaid.ts'

/** `windowMs`: how long a buyer has for a payment that is adopted late. */
export type PaymentPolicy = AcceptancePolicy & { readonly escrowHours: number; readonly windowMs: number }

const ratePatienceMs = 24 * 60 * 60 * 1000

/**
 * Writes down what a re-read of a payment said. Notifications, polling and administrators all end here. Where the decision
 * is `appraise`, it is to be recorded again with what the coins are worth now.
 */
export async function recordPayment(
  db: Database,
  id: PaymentId,
  report: FullReport,
  policy: PaymentPolicy,
  worth?: Appraisal,
): Promise<PaymentDecision | undefined> {
  const decision = await inTransaction(db, async (tx) => {
    const payment = await lockPayment(tx, id)
    if (payment === undefined || !isPayable(payment)) return undefined
    if (await markReadable(tx, id)) await enqueue(tx, orderChanged, payment.orderId, { orderId: payment.orderId })
    const family = payment.kind === 'redeposit' ? await findFamily(tx, id) : undefined
    const isHopeless = (payment.rateWantedForMs ?? 0) > ratePatienceMs
    const appraisal = worth ?? (isHopeless ? 'not to be had' : undefined)
    const shortfall = isPaid(payment.orderStatus) ? await findShortfall(tx, payment.orderId) : 0n
    const decision = decidePayment(payment, report, policy, { family, appraisal, shortfall })
    await keepReport(tx, payment, report, decision)
    if (decision.kind !== 'ignore') await apply(tx, payment, report, decision, policy)
    if (payment.isAccepted && decision.kind === 'record') await tellIfOverpaid(tx, payment)
    await failpoint('ipn.recorded')
    return decision
  })
  await failpoint('ipn.committed')
  return decision
}

const isPayable = (payment: LockedPayment): payment is PayablePayment => payment.payAmount !== null

async function apply(
  tx: Queryable,
  payment: PayablePayment,
  report: FullReport,
  decision: PaymentDecision,
  policy: PaymentPolicy,
): Promise<void> {
  const { orderId } = payment
  switch (decision.kind) {
    case 'ignore':
      return
    case 'record':
      if (report.status === 'failed') return askAboutFailed(tx, payment, report)
      if (report.status !== 'refunded') return
      return tellReturned(tx, payment, await findReturnedBeside(tx, orderId))
    case 'expire':
      return move(tx, orderId, 'expired', null)
    case 'confirming':
      return move(tx, orderId, 'confirming', null, saysMore(payment, report))
    case 'appraise':
      await markRateWanted(tx, payment.id)
      return move(tx, orderId, 'confirming', null)
    case 'fail':
      return fail(tx, payment, report)
    case 'underpaid':
      return move(tx, orderId, 'underpaid', null, true)
    case 'review':
      return putInReview(tx, payment, decision.doubt)
    case 'refund':
      return refund(tx, payment, report)
    case 'rest':
      return bookRest(tx, payment, decision.covered)
    case 'pay':
      return confirm(tx, payment, decision, policy)
  }
}

/** The buyer, who has the file, is owed nothing and told nothing: only the books change, and what beyond it is theirs. */
async function bookRest(tx: Queryable, payment: PayablePayment, covered: bigint): Promise<void> {
  const { id, orderId } = payment
  const brought = covered - payment.coveredCents
  const shortfall = await findShortfall(tx, orderId)
  const rest = brought < shortfall ? brought : shortfall
  if (rest > 0n) await insertEntry(tx, restEntry(`${id}:${covered}`, rest), orderId)
  await markPaymentAccepted(tx, id)
  await tellIfOverpaid(tx, payment)
}

async function fail(tx: Queryable, payment: PayablePayment, report: FullReport): Promise<void> {
  await askAboutFailed(tx, payment, report)
  await move(tx, payment.orderId, 'failed', 'failed at the provider')
}

/** Whoever sent something that NOWPayments could not process should not have to ask for it, whatever else they paid. */
async function askAboutFailed(tx: Queryable, payment: PayablePayment, report: FullReport): Promise<void> {
  const hadMoney = payment.rank >= ranks.confirming || isPositive(parseDecimal(report.actuallyPaid))
  if (hadMoney) await askPerson(tx, payment, 'failed after a deposit')
}

/** The rest of an underpaid order leaves its state, and a deposit that is confirmed stays in it: both are told all the same. */
const saysMore = ({ orderStatus, rank }: LockedPayment, { status }: FullReport): boolean =>
  orderStatus === 'underpaid' ||
  (rank < ranks.confirmed && isProviderStatus(status) && ranks[status] >= ranks.confirmed)

/** Moves the order if its state allows, and has its message drawn again; `evenIfSame` redraws for new amounts. */
async function move(
  tx: Queryable,
  orderId: OrderId,
  to: 'expired' | 'confirming' | 'failed' | 'underpaid' | 'review',
  reason: string | null,
  evenIfSame = false,
): Promise<void> {
  const moved = await markOrder(tx, orderId, to, statusesBefore(to), reason)
  if (moved || evenIfSame) await enqueue(tx, orderChanged, orderId, { orderId })
}

async function putInReview(tx: Queryable, payment: LockedPayment, doubt: OrderDoubt): Promise<void> {
  await askPerson(tx, payment, doubt)
  if (!isPaid(payment.orderStatus)) await move(tx, payment.orderId, 'review', doubt)
  else await enqueue(tx, orderChanged, payment.orderId, { orderId: payment.orderId })
}

async function askPerson(tx: Queryable, payment: LockedPayment, kind: string): Promise<void> {
  if (!(await openCase(tx, payment.orderId, kind, `payment ${payment.providerId ?? ''}`))) return
  await alertAdmins(tx, `case:${payment.orderId}:${kind}`, { about: 'case', case: kind }, { ref: payment.orderCode })
}

async function refund(tx: Queryable, payment: LockedPayment, report: FullReport): Promise<void> {
  const { orderId } = payment
  const refunded = await refundOrder(tx, orderId)
  if (refunded !== undefined) {
    await dropOpenRefund(tx, orderId, 'refunded by NOWPayments')
    await tellRefunded(tx, orderId, refunded)
    await mailRefund(tx, payment, report)
  }
  await tellReturned(tx, payment, (await findSentRefund(tx, orderId))?.amountCents ?? 0n)
}

/** In the chat the message of the order says it; whoever wants receipts has it in writing too. */
async function mailRefund(tx: Queryable, payment: LockedPayment, report: FullReport): Promise<void> {
  const { orderId, orderCode, buyerId, payCurrency: asset } = payment
  const amount = [report.actuallyPaid, payment.actuallyPaid].find((one) => isPositive(parseDecimal(one)))
  if (amount !== undefined)
    await mailBuyer(tx, buyerId, orderId, { template: 'refund sent', orderCode, amount, asset, hash: null })
}

/** Whoever is about to send the money by hand has to know; where some of it was sent, it may have gone back twice. */
async function tellReturned(tx: Queryable, payment: LockedPayment, sentCents: bigint): Promise<void> {
  if (sentCents > 0n) return askPerson(tx, payment, 'refunded twice')
  const { id, orderCode, providerId } = payment
  const alert = { about: 'refunded payment', payment: providerId ?? '' } as const
  await alertAdmins(tx, `refunded:${id}`, alert, { ref: orderCode })
}

async function confirm(
  tx: Queryable,
  payment: LockedPayment,
  { late, overpaid }: { late: boolean; overpaid: boolean },
  { escrowHours }: PaymentPolicy,
): Promise<void> {
  const { id: paymentId, orderId } = payment
  const order = await makePaid(tx, { orderId, paymentId }, { late, overpaid, escrowHours })
  if (order === undefined) return putInReview(tx, payment, 'paid twice')
  await decideCasesOf(tx, orderId, { decision: 'close', by: null, reason: 'the rest came' }, restCases)
  await tellIfOverpaid(tx, payment)
}
