import { type Queryable } from '../db/pool.ts'
import { type RefundedOrder } from '../db/refund-order.ts'
import { type OrderId } from '../domain/ids.ts'
import { orderChanged } from '../events/index.ts'
import { notify } from './notify.ts'
import { enqueue } from './outbox.ts'

/** An order was given back: its message says so to the buyer, and whoever earned by it is told what becomes of that. */
export async function tellRefunded(tx: Queryable, orderId: OrderId, refunded: RefundedOrder): Promise<void> {
  await enqueue(tx, orderChanged, orderId, { orderId })
  const { share, sellerId, productId, orderCode, priceCents } = refunded
  if (share === 'none') return
  const cents = priceCents.toString()
  await notify(tx, sellerId, orderId, { kind: 'order refunded', productId, orderCode, cents, share })
}
