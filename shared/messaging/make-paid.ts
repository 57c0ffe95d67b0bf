import { markPaymentsAccepted } from '../db/payments.ts'
import { payOrder, type PaidOrder, type Paying } from '../db/pay-order.ts'
import { type Queryable } from '../db/pool.ts'
import { type OrderId, type PaymentId } from '../domain/ids.ts'
import { orderChanged, paymentConfirmed } from '../events/index.ts'
import { enqueue } from './outbox.ts'

/**
 * The order is paid, the money booked, the delivery queued, the event written: all of it, or none. Undefined when the order
 * may not become paid. Whoever decides that it is, a re-read or an administrator, ends here.
 */
export async function makePaid(
  tx: Queryable,
  { orderId, paymentId }: { readonly orderId: OrderId; readonly paymentId: PaymentId },
  paying: Paying,
): Promise<PaidOrder | undefined> {
  const order = await payOrder(tx, orderId, paying)
  if (order === undefined) return undefined
  await markPaymentsAccepted(tx, orderId, paymentId)
  await enqueue(tx, paymentConfirmed, orderId, { orderId, paymentId, paid: order.paid.total })
  await enqueue(tx, orderChanged, orderId, { orderId })
  for (const twin of order.cancelled) await enqueue(tx, orderChanged, twin, { orderId: twin })
  return order
}
