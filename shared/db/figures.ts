import { type OrderStatus } from '../domain/order.ts'
import { type DeliveryState } from '../domain/delivery.ts'
import { type Queryable } from './pool.ts'

/** Counts for those who watch the shop: cheap enough to be asked every few seconds, in a shop of a million orders too. */

/** Asked once, the clock can be looked up in an index; asked for each row it cannot, and every row is read. */
const once = '(select clock_timestamp())'

export type StateCount<State> = { readonly state: State; readonly count: number }

/** How many orders are in each of these states. */
export async function countOrders(
  db: Queryable,
  states: readonly OrderStatus[],
): Promise<readonly StateCount<OrderStatus>[]> {
  const { rows } = await db.query<StateCount<OrderStatus>>(
    `select state, (select count(*) from orders o where o.status = state)::integer as count
       from unnest($1::text[]) as states (state)`,
    [states],
  )
  return rows
}

/** Deliveries that have not arrived, by state, each from the index of those that wait for that reason. */
export async function countUnsentDeliveries(db: Queryable): Promise<readonly StateCount<DeliveryState>[]> {
  const { rows } = await db.query<StateCount<DeliveryState>>(
    `select state, count(*)::integer as count
       from deliveries
      where state in ('queued', 'sending', 'retry_wait')
      group by state
      union all
     select 'blocked', count(*)::integer from deliveries where state = 'blocked'
      union all
     select 'dead', count(*)::integer from deliveries where state = 'dead'`,
  )
  return rows
}

/** How many files or links arrived in the last minute. */
export async function countSentLately(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count
       from deliveries
      where sent_at > ${once} - interval '1 minute'`,
  )
  return rows[0]?.count ?? 0
}

export type IntakeBacklog = {
  /** Notifications kept and not acted upon. */
  readonly notifications: number
  /** How late the re-read of a payment is that is due longest. */
  readonly overdueSeconds: number
}

export async function readIntakeBacklog(db: Queryable): Promise<IntakeBacklog> {
  const { rows } = await db.query<IntakeBacklog>(
    `select (select count(*)::integer from payment_events where handled_at is null) as notifications,
            (select coalesce(greatest(0, extract(epoch from clock_timestamp() - min(next_poll_at))), 0)::float8
               from payments
              where next_poll_at is not null) as "overdueSeconds"`,
  )
  return rows[0] ?? { notifications: 0, overdueSeconds: 0 }
}
