import {
  type AcceptancePolicy,
  type Appraisal,
  type AskedOrder,
  type AskedPayment,
  decide,
  type Decision,
  type Doubt,
  type Report,
} from '../../shared/domain/payment.ts'
import { addDecimals, decimalText, parseDecimal } from '../../shared/domain/decimal.ts'
import { cents, type Cents } from '../../shared/domain/money.ts'
import { isPaid } from '../../shared/domain/order.ts'
import { type LockedPayment } from '../../shared/db/payments.ts'
import { type Family } from '../../shared/db/redeposits.ts'

/** Doubts of the rule of acceptance, and those that only several payments of one order can raise. */
export type OrderDoubt = Doubt | 'refunded in part' | 'refund opened'

export type PaymentDecision =
  | Exclude<Decision, { readonly kind: 'review' }>
  /** What the platform bore of an order that was accepted short comes after all. */
  | { readonly kind: 'rest'; readonly covered: Cents }
  | { readonly kind: 'review'; readonly doubt: OrderDoubt; readonly covered: Cents }

/** A payment with an address, so that something could come of it. */
export type PayablePayment = LockedPayment & { readonly payAmount: string }

type Beside = {
  readonly family?: Family | undefined
  readonly appraisal?: Appraisal | undefined
  /** What the platform bears of the order, which was accepted short. */
  readonly shortfall?: bigint
}

/** What a report changes: the rule of acceptance, and what follows from the order's other payments. */
export function decidePayment(
  payment: PayablePayment,
  report: Report,
  policy: AcceptancePolicy,
  { family, appraisal, shortfall = 0n }: Beside = {},
): PaymentDecision {
  const decision =
    family === undefined
      ? decide(orderOf(payment), askedOf(payment), report, policy, appraisal)
      : decideRedeposit(payment, report, policy, family, appraisal)
  if (decision.kind === 'refund') return decideRefund(payment)
  if (decision.kind === 'expire' && payment.hasOtherLivePayment) return { kind: 'record' }
  // What comes while the rest is on its way back is for a person: the file and the money must not both go out.
  if (payment.isRefundOpen && (decision.kind === 'pay' || decision.kind === 'underpaid'))
    return { kind: 'review', doubt: 'refund opened', covered: decision.covered }
  if (decision.kind !== 'review' || decision.doubt !== 'paid twice') return decision
  const brought = decision.covered - payment.coveredCents
  // A payment that brings no more than the platform bore is the rest, and not a second payment.
  if (brought > 0n && shortfall > 0n && (payment.isAccepted || brought <= shortfall))
    return payment.isReturning
      ? { kind: 'review', doubt: 'refund opened', covered: decision.covered }
      : { kind: 'rest', covered: decision.covered }
  // More money on the very payment that paid for the order is noted, and never taken for a second payment.
  return payment.isAccepted ? { kind: 'record' } : decision
}

const orderOf = (payment: LockedPayment): AskedOrder => ({ ...payment, status: payment.orderStatus })

const askedOf = (payment: PayablePayment): AskedPayment => ({
  ...payment,
  reference: `${payment.orderCode}-${payment.attempt}`,
})

const review = (doubt: OrderDoubt): PaymentDecision => ({ kind: 'review', doubt, covered: cents(0n) })

/** Only the payment that paid for an order takes it back; what a part of the money means is for a person to say. */
function decideRefund(payment: LockedPayment): PaymentDecision {
  if (isPaid(payment.orderStatus) && !payment.isAccepted) return { kind: 'record' }
  return payment.coveredByOthers > 0n ? review('refunded in part') : { kind: 'refund' }
}

/** A later deposit to the same address alone releases nothing. It only completes what its parent left open. */
function decideRedeposit(
  payment: PayablePayment,
  report: Report,
  policy: AcceptancePolicy,
  family: Family,
  appraisal: Appraisal | undefined,
): PaymentDecision {
  const alone = decide(orderOf(payment), askedOf(payment), { ...report, parentId: 'of its own' }, policy)
  if (alone.kind === 'ignore') return alone
  switch (report.status) {
    case 'waiting':
    case 'expired':
    case 'confirming':
    case 'confirmed':
    case 'sending':
      return { kind: 'record' }
    case 'refunded':
      return payment.isAccepted ? review('refunded in part') : { kind: 'record' }
    case 'finished':
    case 'partially_paid':
      // whoever sent another coin by mistake should read that, not that they paid twice
      if (report.payCurrency.toLowerCase() !== payment.payCurrency) return review('wrong coin')
      return family.isParentSettled ? decideTogether(payment, report, policy, family, appraisal) : alone
    default:
      return alone
  }
}

/** Judges all deposits of one address as if they had been one; what the others covered already is not counted twice. */
function decideTogether(
  payment: PayablePayment,
  report: Report,
  policy: AcceptancePolicy,
  { reference, paid, coveredCents }: Family,
  appraisal: Appraisal | undefined,
): PaymentDecision {
  const together = decide(
    { ...orderOf(payment), coveredElsewhere: payment.coveredElsewhere - coveredCents },
    { ...payment, reference, rank: -1, actuallyPaid: '0' },
    {
      ...report,
      status: 'finished',
      parentId: null,
      reference,
      priceCents: payment.priceCents,
      priceCurrency: 'usd',
      actuallyPaid: decimalText(addDecimals(parseDecimal(paid), parseDecimal(report.actuallyPaid))),
    },
    policy,
    appraisal,
  )
  if (!('covered' in together)) return together
  const own = together.covered > coveredCents ? together.covered - coveredCents : 0n
  return { ...together, covered: cents(own) }
}
