import { type OrderId, type PersonId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'

export type HeldShare = { readonly orderId: OrderId; readonly sellerId: PersonId; readonly amountCents: bigint }

const due = `
  select id, order_id as "orderId", seller_id as "sellerId", amount_cents as "amountCents"
    from payout_items
   where state = 'held'
     and kind = 'share'
     and hold_until < clock_timestamp()
   order by hold_until
   limit $1`

export async function listSharesToRelease(db: Queryable, limit: number): Promise<HeldShare[]> {
  const { rows } = await db.query<HeldShare>(due, [limit])
  return rows
}

/** Makes shares available whose escrow is over; the caller books them in the same transaction. */
export async function releaseShares(tx: Queryable, limit: number): Promise<HeldShare[]> {
  const { rows } = await tx.query<HeldShare>(
    `with due as (${due} for update skip locked)
     update payout_items i
        set state = 'available'
       from due
      where i.id = due.id
  returning i.order_id as "orderId", i.seller_id as "sellerId", i.amount_cents as "amountCents"`,
    [limit],
  )
  return rows
}
