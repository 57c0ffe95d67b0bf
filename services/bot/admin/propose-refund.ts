import { type JudgedOrder } from '../../../shared/db/judged-orders.ts'
import { type OrderPayment } from '../../../shared/db/incoming-payments.ts'
import { findReceived } from '../../../shared/db/refund-order.ts'
import { findReturnedBeside } from '../../../shared/db/sent-refund.ts'
import { listPayingPayments } from '../../../shared/db/order-notices.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { type RefundKind } from '../../../shared/db/refunds.ts'
import { saleCases } from '../../../shared/domain/case.ts'
import { isPositive, parseDecimal } from '../../../shared/domain/decimal.ts'
import { excessOf } from '../../../shared/domain/excess.ts'
import { returnedOf, unappliedOf } from '../../../shared/domain/incoming.ts'
import { cents, type Cents } from '../../../shared/domain/money.ts'
import { isPaid } from '../../../shared/domain/order.ts'

/** What could be given back. Without `cents` nobody but a person can say how much. */
export type RefundProposal = { readonly kind: RefundKind; readonly cents: Cents | undefined }

/**
 * What a case asks to be given back: the sale it is about, what came beside one, or whatever came for an order that is none.
 * What comes for an order after it was given back is beside it as well.
 */
export async function proposeForCase(
  db: Queryable,
  order: JudgedOrder,
  payments: readonly OrderPayment[],
  caseKind: string,
): Promise<RefundProposal | undefined> {
  const isOver = order.status === 'refunded'
  if (isPaid(order.status) && saleCases.includes(caseKind)) return proposeForOrder(db, order, payments)
  if (!isPaid(order.status) && !isOver)
    return (await proposeForOrder(db, order, payments)) ?? { kind: 'money', cents: undefined }
  const known =
    caseKind === 'difference asked'
      ? excessOf(order.total, await listPayingPayments(db, order.id))?.cents
      : await findUnreturned(db, order, payments)
  if (known === 0n && isOver) return undefined
  return { kind: 'excess', cents: known === 0n ? undefined : known }
}

/** What came and paid for nothing, and did not go back yet. */
async function findUnreturned(
  db: Queryable,
  { id }: JudgedOrder,
  payments: readonly OrderPayment[],
): Promise<Cents | undefined> {
  const unapplied = unappliedOf(payments)
  if (unapplied === undefined) return undefined
  const returned = await findReturnedBeside(db, id)
  return unapplied > returned ? cents(unapplied - returned) : cents(0n)
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
  const left = (received > 0n ? received : total) - returnedOf(payments)
  return { kind: 'order', cents: left > 0n ? cents(left) : undefined }
}
