import { type PersonId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'

/** Money that a seller cannot be paid for want of an address. `subject` names the oldest share, and which reminder is due. */
export type WaitingMoney = { readonly seller: PersonId; readonly cents: bigint; readonly subject: string }

const reminderDays = [1, 7, 30]

/** Sellers who were not reminded of it yet, one, seven and thirty days after it became available. */
export async function listWaitingMoney(db: Queryable, limit: number): Promise<WaitingMoney[]> {
  const { rows } = await db.query<WaitingMoney>(
    `with waiting as (
            select i.seller_id as seller, sum(i.amount_cents)::bigint as cents, min(i.hold_until) as since,
                   (array_agg(i.id order by i.hold_until, i.id))[1] as first
              from payout_items i
              join sellers s on s.user_id = i.seller_id
             where i.state = 'available'
               and s.solana_address is null
             group by i.seller_id
            having sum(i.amount_cents) > 0),
          due as (
            select seller, cents, first || ' + ' || stage.days as subject
              from waiting,
                   lateral (select max(day) as days
                              from unnest($1::int[]) day
                             where since <= clock_timestamp() - day * interval '1 day') stage
             where stage.days is not null)
     select seller, cents, subject
       from due
      where not exists (select
                          from notices n
                         where n.person_id = due.seller and n.kind = 'money waits' and n.subject = due.subject)
      order by seller
      limit $2`,
    [reminderDays, limit],
  )
  return rows
}
