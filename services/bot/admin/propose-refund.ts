import { type JudgedOrder } from '../../../shared/db/judged-orders.ts'
import { type OrderPayment } from '../../../shared/db/incoming-payments.ts'
import { findReceived } from '../../../shared/db/refund-order.ts'
import { listPayingPayments } from '../../../shared/db/order-notices.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { type RefundKind } from '../../../shared/db/refunds.ts'
import { isPositive, parseDecimal } from '../../../shared/domain/decimal.ts'
import { excessOf } from '../../../shared/domain/excess.ts'
import { unappliedOf } from '../../../shared/domain/incoming.ts'
import { cents, type Cents } from '../../../shared/domain/money.ts'
import { isPaid } from '../../../shared/domain/order.ts'

/** What could be given back. Without `cents` nobody but a person can say how much. */
export type RefundProposal = { readonly kind: RefundKind; readonly cents: Cents | undefined }

/** What a case asks to be given back: what came beyond a sale, or whatever came for an order that is none. */
export async function proposeForCase(
  db: Queryable,
  order: JudgedOrder,
  payments: readonly OrderPayment[],
  caseKind: string,
): Promise<RefundProposal | undefined> {
  if (order.status === 'refunded') return undefined
  if (!isPaid(order.status)) return (await proposeForOrder(db, order, payments)) ?? { kind: 'money', cents: undefined }
  const known =
    caseKind === 'difference asked'
      ? excessOf(order.total, await listPayingPayments(db, order.id))?.cents
      : unappliedOf(payments)
  return { kind: 'excess', cents: known === 0n ? undefined : known }
}

/** The whole of an order: what was paid for it, or what came for it. Undefined when there is nothing to give back. */
export async function proposeForOrder(
  db: Queryable,
  { id, status, total }: JudgedOrder,
  payments: readonly OrderPayment[],
): Promise<RefundProposal | undefined> {
  if (status === 'refunded') return undefined
  if (!isPaid(status)) {
    const came = unappliedOf(payments)
    const hasMoney = payments.some(({ actuallyPaid }) => isPositive(parseDecimal(actuallyPaid)))
    return hasMoney ? { kind: 'money', cents: came === 0n ? undefined : came } : undefined
  }
  if (total === 0n) return undefined
  const received = await findReceived(db, id)
  return { kind: 'order', cents: received > 0n ? cents(received) : total }
}
