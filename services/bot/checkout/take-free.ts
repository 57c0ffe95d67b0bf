import { type Order } from '../../../shared/db/orders.ts'
import { payOrder } from '../../../shared/db/pay-order.ts'
import { type Database, inTransaction } from '../../../shared/db/pool.ts'
import { orderChanged, paymentConfirmed } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'

/** A free product is paid at once: entitlement and delivery, no money. Done twice, it is done once. */
export async function takeFree(db: Database, { id, total }: Order): Promise<void> {
  await inTransaction(db, async (tx) => {
    const paid = await payOrder(tx, id, { late: false, overpaid: false, escrowHours: 0 })
    if (paid === undefined) return
    await enqueue(tx, paymentConfirmed, id, { orderId: id, paymentId: null, paid: total })
    for (const twin of paid.cancelled) await enqueue(tx, orderChanged, twin, { orderId: twin })
  })
}
