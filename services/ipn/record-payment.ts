import { compareDecimals, parseDecimal } from '../../shared/domain/decimal.ts'
import { type OrderId, type PaymentId } from '../../shared/domain/ids.ts'
import { isPaid, statusesBefore } from '../../shared/domain/order.ts'
import {
  type AcceptancePolicy,
  type AskedOrder,
  type AskedPayment,
  type Decision,
  decide,
  isProviderStatus,
  ranks,
  type Report,
} from '../../shared/domain/payment.ts'
import { openCase } from '../../shared/db/cases.ts'
import { markOrder } from '../../shared/db/order-progress.ts'
import { insertReadEvent } from '../../shared/db/payment-events.ts'
import { type LockedPayment, lockPayment, markPaymentAccepted, setPaymentProgress } from '../../shared/db/payments.ts'
import { payOrder } from '../../shared/db/pay-order.ts'
import { type Database, inTransaction, type Queryable } from '../../shared/db/pool.ts'
import { refundOrder } from '../../shared/db/refund-order.ts'
import { adminAlert, orderChanged, paymentConfirmed } from '../../shared/events/index.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'

/** What a re-read said, with the text it came in. */
export type FullReport = Report & {
  readonly providerId: string
  readonly outcomeAmount: string | null
  readonly outcomeCurrency: string | null
  readonly raw: string
}

export type PaymentPolicy = AcceptancePolicy & { readonly escrowHours: number }

/** Writes down what a re-read of a payment said. Notifications, polling and administrators all end here. */
export async function recordPayment(
  db: Database,
  id: PaymentId,
  report: FullReport,
  policy: PaymentPolicy,
): Promise<Decision | undefined> {
  const decision = await inTransaction(db, async (tx) => {
    const payment = await lockPayment(tx, id)
    if (payment?.payAmount == null) return undefined
    const decision = decide(orderOf(payment), askedOf(payment, payment.payAmount), report, policy)
    if (decision.kind !== 'ignore') {
      await keepProgress(tx, payment, report, decision)
      await apply(tx, payment, decision, policy)
    }
    if (decision.kind !== 'ignore' || decision.reason === 'unknown status') await keepEvent(tx, id, report, decision)
    await failpoint('ipn.recorded')
    return decision
  })
  await failpoint('ipn.committed')
  return decision
}

const orderOf = (payment: LockedPayment): AskedOrder => ({ ...payment, status: payment.orderStatus })

const askedOf = (payment: LockedPayment, payAmount: string): AskedPayment => ({
  ...payment,
  payAmount,
  reference: `${payment.orderCode}-${payment.attempt}`,
})

async function keepProgress(
  tx: Queryable,
  payment: LockedPayment,
  report: FullReport,
  decision: Decision,
): Promise<void> {
  if (!isProviderStatus(report.status)) return
  const hasMore = compareDecimals(parseDecimal(report.actuallyPaid), parseDecimal(payment.actuallyPaid)) > 0
  await setPaymentProgress(tx, payment.id, {
    status: report.status,
    rank: ranks[report.status],
    actuallyPaid: hasMore ? report.actuallyPaid : payment.actuallyPaid,
    coveredCents: 'covered' in decision ? decision.covered : 0n,
    outcomeAmount: report.outcomeAmount,
    outcomeCurrency: report.outcomeCurrency,
  })
}

const keepEvent = (tx: Queryable, id: PaymentId, report: FullReport, decision: Decision): Promise<void> =>
  insertReadEvent(tx, { ...report, paymentId: id, result: describe(decision) })

/** The decision in words, as the order's timeline shows it. */
export function describe(decision: Decision): string {
  if (decision.kind === 'review') return `review: ${decision.doubt}`
  if (decision.kind === 'ignore') return `ignored: ${decision.reason}`
  return decision.kind
}

async function apply(tx: Queryable, payment: LockedPayment, decision: Decision, policy: PaymentPolicy): Promise<void> {
  const { orderId } = payment
  switch (decision.kind) {
    case 'ignore':
    case 'record':
      return
    case 'expire':
      return move(tx, orderId, 'expired', null)
    case 'confirming':
      return move(tx, orderId, 'confirming', null)
    case 'fail':
      return move(tx, orderId, 'failed', 'failed at the provider')
    case 'underpaid':
      return move(tx, orderId, 'underpaid', null, true)
    case 'review':
      return putInReview(tx, payment, decision.doubt)
    case 'refund':
      return refund(tx, orderId)
    case 'pay':
      return confirm(tx, payment, decision, policy)
  }
}

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

async function putInReview(tx: Queryable, payment: LockedPayment, doubt: string): Promise<void> {
  if (await openCase(tx, payment.orderId, doubt, `payment ${payment.providerId ?? ''}`)) {
    const text = `Order ${payment.orderCode}: ${doubt}`
    await enqueue(tx, adminAlert, `case:${payment.orderId}:${doubt}`, { kind: 'case', text, ref: payment.orderCode })
  }
  if (!isPaid(payment.orderStatus)) await move(tx, payment.orderId, 'review', doubt)
}

async function refund(tx: Queryable, orderId: OrderId): Promise<void> {
  if (await refundOrder(tx, orderId)) await enqueue(tx, orderChanged, orderId, { orderId })
}

/** The order is paid, the money booked, the delivery queued, the event written: all of it, or none. */
async function confirm(
  tx: Queryable,
  payment: LockedPayment,
  { late, overpaid }: { late: boolean; overpaid: boolean },
  { escrowHours }: PaymentPolicy,
): Promise<void> {
  const order = await payOrder(tx, payment.orderId, { late, overpaid, escrowHours })
  if (order === undefined) return putInReview(tx, payment, 'paid twice')
  await markPaymentAccepted(tx, payment.id)
  const { orderId } = payment
  await enqueue(tx, paymentConfirmed, orderId, { orderId, paymentId: payment.id, paid: order.paid.total })
  for (const twin of order.cancelled) await enqueue(tx, orderChanged, twin, { orderId: twin })
}
