import { type PaymentId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'

// Money came and not all of it, and nobody reads any payment of the order: a last read hands it to a person.
const ofUnwatchedOrders = `
  select distinct on (o.id) unwatched.id
    from orders o
    join payments unwatched on unwatched.order_id = o.id
   where o.status in ('confirming', 'underpaid')
     and unwatched.provider_id is not null
     and unwatched.accepted_at is null
     and not exists (select from payments watched where watched.order_id = o.id and watched.next_poll_at is not null)
   order by o.id, unwatched.attempt desc`

// The clock is asked once: asked for each row, no index would serve it.
const ofThisWeek = `
  select id
    from payments
   where provider_id is not null
     and accepted_at is null
     and created_at > (select clock_timestamp()) - interval '7 days 6 hours'
     and ((next_poll_at is null and rank < 7) or next_poll_at < clock_timestamp() - interval '30 seconds')`

const forgotten = `
  select p.id
    from payments p
   where p.provider_id is not null
     and p.accepted_at is null
     and (p.next_poll_at is null or p.next_poll_at < clock_timestamp() - interval '30 seconds')
     and p.id in (${ofThisWeek} union all (${ofUnwatchedOrders}))
   order by p.next_poll_at nulls first
   limit $1`

/** Payments that should have been read again by now, or that nobody is going to read. */
export async function listForgottenPayments(db: Queryable, limit: number): Promise<PaymentId[]> {
  const { rows } = await db.query<{ id: PaymentId }>(forgotten, [limit])
  return rows.map(({ id }) => id)
}

/** Makes forgotten payments due now and wakes whoever reads them. */
export async function hastenForgottenPayments(db: Queryable, limit: number): Promise<PaymentId[]> {
  const { rows } = await db.query<{ id: PaymentId }>(
    `with forgotten as (${forgotten} for update of p skip locked),
          woken as (select pg_notify('payments_due', ''))
     update payments p
        set next_poll_at = coalesce(p.next_poll_at, clock_timestamp())
       from forgotten, woken
      where p.id = forgotten.id
  returning p.id`,
    [limit],
  )
  return rows.map(({ id }) => id)
}
