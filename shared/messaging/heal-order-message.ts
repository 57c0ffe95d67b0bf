import { type OrderId } from '../domain/ids.ts'
import { isPaid } from '../domain/order.ts'
import { requeueInitialDelivery } from '../db/requeue-deliveries.ts'
import { forgetDrawn } from '../db/order-steps.ts'
import { findOrder } from '../db/orders.ts'
import { type Database, inTransaction } from '../db/pool.ts'
import { deliveryRequested, orderChanged } from '../events/index.ts'
import { enqueue } from './outbox.ts'

/**
 * What we drew may lie over something newer, because our lease had run out: a file is delivered again, anything else is
 * drawn again. Both are the same edit once more, and change nothing where nothing was covered.
 */
export async function healOrderMessage(db: Database, orderId: OrderId): Promise<void> {
  await inTransaction(db, async (tx) => {
    const order = await findOrder(tx, orderId)
    if (order === undefined) return
    if (isPaid(order.status)) {
      const deliveryId = await requeueInitialDelivery(tx, orderId)
      if (deliveryId !== undefined) await enqueue(tx, deliveryRequested, deliveryId, { deliveryId })
      return
    }
    await forgetDrawn(tx, orderId)
    await enqueue(tx, orderChanged, orderId, { orderId })
  })
}
