import { type Attempt, startWindow } from '../../../shared/db/payment-attempts.ts'
import { setAwaitingPayment } from '../../../shared/db/order-steps.ts'
import { type Order } from '../../../shared/db/orders.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { orderChanged } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'

/** The answer was lost, but a notification brought the address: the order goes on with it as if it had been answered. */
export async function adoptAddress(tx: Queryable, order: Order, attempt: Attempt, windowMs: number): Promise<void> {
  const expiresAt = await startWindow(tx, attempt.id, windowMs)
  if (expiresAt !== undefined) await setAwaitingPayment(tx, order.id, expiresAt)
  await enqueue(tx, orderChanged, order.id, { orderId: order.id })
}
