import { type OrderId, type PersonId } from '../domain/ids.ts'
import { statusesBefore } from '../domain/order.ts'
import { type OrderQuestion } from './orders.ts'
import { type Queryable } from './pool.ts'

/**
 * The order has an address to pay to: its window begins, and the message shows it. Also begins again after a change of
 * coin. False when the order went on meanwhile; the new address is watched all the same.
 */
export async function setAwaitingPayment(tx: Queryable, id: OrderId, expiresAt: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update orders
        set status = 'awaiting_payment',
            reason = null,
            question = null,
            countdown = null,
            expires_at = $2,
            watch_until = clock_timestamp() + interval '7 days 6 hours'
      where id = $1
        and status in ('creating', 'awaiting_payment')
        and seen_at is null`,
    [id, expiresAt],
  )
  return rowCount === 1
}

/** Cancels while nothing was seen; false when it is too late for that. */
export async function cancelOrder(tx: Queryable, id: OrderId): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update orders
        set status = 'cancelled', question = null, closed_at = clock_timestamp()
      where id = $1
        and status = any($2)
        and seen_at is null`,
    [id, statusesBefore('cancelled')],
  )
  return rowCount === 1
}

/** Makes the order message ask something, or stop asking (null). */
export async function setOrderQuestion(tx: Queryable, id: OrderId, question: OrderQuestion | null): Promise<void> {
  await tx.query(`update orders set question = $2 where id = $1`, [id, question])
}

/** Notes that the buyer pressed Refresh; false when that was less than `pauseMs` ago. */
export async function markRefreshed(tx: Queryable, id: OrderId, pauseMs: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update orders
        set refreshed_at = clock_timestamp()
      where id = $1
        and (refreshed_at is null or refreshed_at < clock_timestamp() - $2 * interval '1 ms')`,
    [id, pauseMs],
  )
  return rowCount === 1
}

/** Notes that the short reply about this state was sent. */
export async function markTold(db: Queryable, id: OrderId, state: string): Promise<void> {
  await db.query(`update orders set told = array_append(told, $2) where id = $1 and not told @> array[$2]`, [id, state])
}

/**
 * The orders whose message is to be redrawn because 15 or 5 minutes are left. Each comes once per step, to one caller
 * only, even with several bots.
 */
export async function claimCountdowns(tx: Queryable, limit: number): Promise<OrderId[]> {
  const { rows } = await tx.query<{ id: OrderId }>(
    `update orders
        set countdown = case when expires_at < clock_timestamp() + interval '5 minutes' then 5 else 15 end
      where id in (select id
                     from orders
                    where status = 'awaiting_payment'
                      and expires_at > clock_timestamp()
                      and (expires_at < clock_timestamp() + interval '15 minutes' and countdown is null
                           or expires_at < clock_timestamp() + interval '5 minutes' and countdown = 15)
                    order by expires_at
                    limit $1
                      for update skip locked)
  returning id`,
    [limit],
  )
  return rows.map(({ id }) => id)
}

/** What the message shows is not known (any more): the next redraw is not skipped. */
export async function forgetDrawn(tx: Queryable, id: OrderId): Promise<void> {
  await tx.query(`update orders set drawn = null where id = $1`, [id])
}

/** Orders of somebody who could not be written to for a while, and whose messages may say something else by now. */
export async function listRecentOrders(db: Queryable, buyer: PersonId): Promise<OrderId[]> {
  const { rows } = await db.query<{ id: OrderId }>(
    `select id
       from orders
      where buyer_id = $1
        and created_at > clock_timestamp() - interval '8 days'
        and case when status in ('paid', 'delivered') then total_cents > 0 and not told @> '{receipt}'
                                                           or late and not told @> '{late}'
                                                           or overpaid and not told @> '{overpaid}'
                 else drawn is null end
        and chat_id is not null`,
    [buyer],
  )
  return rows.map(({ id }) => id)
}
