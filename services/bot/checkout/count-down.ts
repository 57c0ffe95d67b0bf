import { claimCountdowns } from '../../../shared/db/order-steps.ts'
import { type Database, inTransaction } from '../../../shared/db/pool.ts'
import { orderChanged } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'

const batch = 100

/** Has the messages redrawn that reach 15 or 5 minutes left; returns how many. Any number of bots may do this at once. */
export async function countDown(db: Database): Promise<number> {
  return inTransaction(db, async (tx) => {
    const orders = await claimCountdowns(tx, batch)
    for (const orderId of orders) await enqueue(tx, orderChanged, orderId, { orderId })
    return orders.length
  })
}
