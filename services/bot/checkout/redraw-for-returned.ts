import { type PersonId } from '../../../shared/domain/ids.ts'
import { listRecentOrders } from '../../../shared/db/order-steps.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { orderChanged } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'

/** Somebody who had blocked the bot is back: what could not be drawn meanwhile is drawn now. */
export async function redrawForReturned(tx: Queryable, buyer: PersonId): Promise<void> {
  for (const orderId of await listRecentOrders(tx, buyer)) await enqueue(tx, orderChanged, orderId, { orderId })
}
