import { type OrderId } from '../domain/ids.ts'
import { type OrderStatus } from '../domain/order.ts'
import { type Queryable } from './pool.ts'

/**
 * Moves an order whose state is one of `from`; false when it is elsewhere. Money on the network marks it as seen, and as
 * late when the order was over.
 */
export async function markOrder(
  tx: Queryable,
  orderId: OrderId,
  to: Exclude<OrderStatus, 'paid' | 'refunded' | 'delivered'>,
  from: readonly OrderStatus[],
  reason: string | null,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update orders
        set status = $2,
            reason = $4,
            seen_at = case when $2 in ('confirming', 'underpaid', 'review')
                           then coalesce(seen_at, clock_timestamp()) else seen_at end,
            late = late or ($2 in ('confirming', 'underpaid', 'review') and status in ('expired', 'cancelled', 'failed')),
            closed_at = case when $2 in ('expired', 'failed', 'cancelled') then clock_timestamp() end
      where id = $1
        and status = any($3)`,
    [orderId, to, from, reason],
  )
  return rowCount === 1
}
