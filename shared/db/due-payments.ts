import { type OrderId, type PaymentId } from '../domain/ids.ts'
import { ranks } from '../domain/payment.ts'
import { type WatchedPayment } from '../domain/poll-schedule.ts'
import { type Queryable } from './pool.ts'

export type DuePayment = {
  readonly id: PaymentId
  readonly providerId: string
  readonly dueAt: Date
  /** The end of its lease, as the database writes it: whoever plans, takes or asks for another read changes it. */
  readonly heldUntil: string
}

/**
 * Takes payments whose re-read is due, the longest due first. Each comes back after `leaseMs`, in case whoever takes it dies
 * before the next one is planned.
 */
export async function claimDuePayments(db: Queryable, limit: number, leaseMs: number): Promise<DuePayment[]> {
  const { rows } = await db.query<DuePayment>(
    `with due as (
       select p.id, p.next_poll_at as due_at
         from payments p
        where p.next_poll_at <= (select clock_timestamp()) -- asked once: else no index serves it
          and p.provider_id is not null
        order by p.next_poll_at
        limit $1
          for update skip locked
     )
     update payments p
        set poll_tries = p.poll_tries + 1,
            next_poll_at = clock_timestamp() + $2 * interval '1 ms'
       from due
      where p.id = due.id
  returning p.id, p.provider_id as "providerId", due.due_at as "dueAt", p.next_poll_at::text as "heldUntil"`,
    [limit, leaseMs],
  )
  return rows.sort((left, right) => left.dueAt.getTime() - right.dueAt.getTime())
}

/** Holds a due payment for another `leaseMs`; undefined once its next read was planned, asked for or taken by somebody else. */
export async function renewDuePayment(
  db: Queryable,
  { id, heldUntil }: Pick<DuePayment, 'id' | 'heldUntil'>,
  leaseMs: number,
): Promise<string | undefined> {
  const { rows } = await db.query<{ heldUntil: string }>(
    `update payments
        set next_poll_at = clock_timestamp() + $3 * interval '1 ms'
      where id = $1
        and next_poll_at = $2::timestamptz
  returning next_poll_at::text as "heldUntil"`,
    [id, heldUntil, leaseMs],
  )
  return rows[0]?.heldUntil
}

export type OrderWatched = WatchedPayment & { readonly orderId: OrderId; readonly orderCode: string }

/** Everything the schedule asks of a payment, and whose it is. Without a window of its own it had an hour. */
export async function findWatchedPayment(db: Queryable, id: PaymentId): Promise<OrderWatched | undefined> {
  const { rows } = await db.query<OrderWatched>(
    `select p.order_id as "orderId", o.code as "orderCode", p.rank, p.accepted_at is not null as "isAccepted", o.status as "orderStatus",
            ${milliseconds('clock_timestamp() - p.created_at')} as "ageMs",
            ${milliseconds('clock_timestamp() - p.seen_at')} as "seenForMs",
            ${milliseconds(`clock_timestamp() - coalesce(p.valid_until, p.created_at + interval '1 hour')`)} as "overForMs",
            ${milliseconds('clock_timestamp() - p.unread_since')} as "unreadForMs"
       from payments p
       join orders o on o.id = p.order_id
      where p.id = $1`,
    [id],
  )
  return rows[0]
}

const milliseconds = (interval: string): string => `(extract(epoch from ${interval}) * 1000)::float8`

/** When a payment is read again: after so many milliseconds, or (null) never. */
export async function setNextPoll(db: Queryable, id: PaymentId, pauseMs: number | null): Promise<void> {
  await db.query(`update payments set next_poll_at = clock_timestamp() + $2::float8 * interval '1 ms' where id = $1`, [
    id,
    pauseMs,
  ])
}

/** Asks for a re-read after `seconds`, unless one is due sooner; false when the payment is watched no more. */
export async function hastenPayment(db: Queryable, id: PaymentId, seconds: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update payments
        set next_poll_at = least(next_poll_at, clock_timestamp() + $2 * interval '1 second')
      where id = $1
        and next_poll_at is not null`,
    [id, seconds],
  )
  return rowCount === 1
}

/** Nobody reads any payment of this order any more. */
export async function isWatchedNoMore(db: Queryable, order: OrderId): Promise<boolean> {
  const { rows } = await db.query<{ isOver: boolean }>(
    `select not exists (select from payments where order_id = $1 and next_poll_at is not null) as "isOver"`,
    [order],
  )
  return rows[0]?.isOver ?? false
}

/** Asks for a re-read of every payment that somebody may have paid by now; returns how many were put forward. */
export async function hastenOpenPayments(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `update payments p
        set next_poll_at = clock_timestamp()
       from orders o
      where o.id = p.order_id
        and (o.status = any($1) or o.status = 'underpaid' and p.rank < $2)
        and p.accepted_at is null
        and p.next_poll_at > clock_timestamp()`,
    [['creating', 'awaiting_payment', 'confirming'], ranks.failed],
  )
  return rowCount
}
