import { type OrderId, type PersonId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'

export type HeldShare = { readonly orderId: OrderId; readonly sellerId: PersonId; readonly amountCents: bigint }

const due = `
  select i.id, i.order_id as "orderId", i.seller_id as "sellerId", i.amount_cents as "amountCents"
    from payout_items i
    join orders o on o.id = i.order_id
   where i.state = 'held'
     and i.kind = 'share'
     and i.hold_until < clock_timestamp()
   order by i.hold_until
   limit $1`

export async function listSharesToRelease(db: Queryable, limit: number): Promise<HeldShare[]> {
  const { rows } = await db.query<HeldShare>(due, [limit])
  return rows
}

/**
 * Makes shares available whose escrow is over; the caller books them in the same transaction. Booking holds the order, which
 * whoever gives it back holds before its share: an order that is held now has its turn in the next round.
 */
export async function releaseShares(tx: Queryable, limit: number): Promise<HeldShare[]> {
  const { rows } = await tx.query<HeldShare>(
    `with due as (${due} for key share of o skip locked for update of i skip locked)
     update payout_items i
        set state = 'available'
       from due
      where i.id = due.id
  returning i.order_id as "orderId", i.seller_id as "sellerId", i.amount_cents as "amountCents"`,
    [limit],
  )
  return rows
}
