import { type PaymentId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'

const forgotten = `
  select p.id
    from payments p
    join orders o on o.id = p.order_id
   where p.provider_id is not null
     and p.accepted_at is null
     and p.created_at > clock_timestamp() - interval '7 days 6 hours'
     and ((p.next_poll_at is null and p.rank < 7) or p.next_poll_at < clock_timestamp() - interval '30 seconds')
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
