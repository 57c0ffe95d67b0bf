import { type PaymentId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

export type DuePayment = { readonly id: PaymentId; readonly providerId: string; readonly dueAt: Date }

/**
 * Takes payments whose re-read is due, the longest due first, and puts the next one off by the schedule of product.md 7:
 * while open every minute, while confirming every 30 s, afterwards ever more rarely until the watch ends.
 */
export async function claimDuePayments(db: Queryable, limit: number): Promise<DuePayment[]> {
  const { rows } = await db.query<DuePayment>(
    `with due as (
       select p.id, p.next_poll_at as due_at
         from payments p
        where p.next_poll_at <= clock_timestamp()
          and p.provider_id is not null
        order by p.next_poll_at
        limit $1
          for update skip locked
     )
     update payments p
        set poll_tries = p.poll_tries + 1,
            next_poll_at = case when p.accepted_at is not null
                                  or clock_timestamp() > p.created_at + interval '7 days 6 hours' then null
                                else clock_timestamp() + ${pollPause} end
       from due, orders o
      where p.id = due.id
        and o.id = p.order_id
  returning p.id, p.provider_id as "providerId", due.due_at as "dueAt"`,
    [limit],
  )
  return rows.sort((left, right) => left.dueAt.getTime() - right.dueAt.getTime())
}

const pollPause = `
  case
    when p.rank in (2, 3, 4) and coalesce(o.seen_at, p.created_at) > clock_timestamp() - interval '30 minutes' then interval '30 seconds'
    when p.rank in (2, 3, 4) then interval '2 minutes'
    when o.status in ('creating', 'awaiting_payment') then interval '1 minute'
    when p.created_at > clock_timestamp() - interval '1 hour' - interval '2 hours' then interval '10 minutes'
    when p.created_at > clock_timestamp() - interval '25 hours' then interval '1 hour'
    else interval '6 hours'
  end`

/** Asks for a re-read after `seconds`, unless one is due sooner or the payment is watched no more. */
export async function hastenPayment(db: Queryable, id: PaymentId, seconds: number): Promise<void> {
  await db.query(
    `update payments
        set next_poll_at = least(next_poll_at, clock_timestamp() + $2 * interval '1 second')
      where id = $1
        and next_poll_at is not null`,
    [id, seconds],
  )
}
