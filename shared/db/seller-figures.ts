import { type PersonId } from '../domain/ids.ts'
import { keptStatuses } from '../domain/product.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** A seller's figures in cents; every screen reads them here, so that no two disagree. */
export type SellerFigures = {
  readonly activeProducts: number
  readonly products: number
  readonly sales: bigint
  /** The sum of the following four. */
  readonly earned: bigint
  readonly held: bigint
  /** How many shares are held. */
  readonly heldShares: number
  readonly available: bigint
  readonly batched: bigint
  readonly paid: bigint
  /** What refunds after a payout took back; part of the sums above. */
  readonly corrections: bigint
}

export async function findSellerFigures(db: Queryable, seller: PersonId): Promise<SellerFigures> {
  const { rows } = await db.query<SellerFigures>(
    `select p.*, i.*
       from (select count(*) filter (where status = 'active')::integer as "activeProducts",
                    count(*) filter (where status = any($2))::integer as "products",
                    coalesce(sum(sales), 0)::bigint as "sales"
               from products
              where seller_id = $1) p,
            (select coalesce(sum(amount_cents), 0)::bigint as "earned",
                    coalesce(sum(amount_cents) filter (where state = 'held'), 0)::bigint as "held",
                    count(*) filter (where state = 'held')::integer as "heldShares",
                    coalesce(sum(amount_cents) filter (where state = 'available'), 0)::bigint as "available",
                    coalesce(sum(amount_cents) filter (where state = 'batched'), 0)::bigint as "batched",
                    coalesce(sum(amount_cents) filter (where state = 'paid'), 0)::bigint as "paid",
                    coalesce(sum(amount_cents) filter (where kind = 'correction'), 0)::bigint as "corrections"
               from payout_items
              where seller_id = $1
                and state <> 'reversed') i`,
    [seller, keptStatuses],
  )
  const [figures] = rows
  if (figures === undefined) throw new Error('Expected the figures of a seller, got none')
  return figures
}

/** A share that is still held, and when it is released. */
export type HeldShare = { readonly orderCode: PublicCode; readonly amount: bigint; readonly until: Date }

/** The next shares to be released, the first first. */
export async function listHeldShares(db: Queryable, seller: PersonId, limit: number): Promise<readonly HeldShare[]> {
  const { rows } = await db.query<HeldShare>(
    `select o.code as "orderCode", i.amount_cents as "amount", i.hold_until as "until"
       from payout_items i
       join orders o on o.id = i.order_id
      where i.seller_id = $1
        and i.state = 'held'
      order by i.hold_until, i.id
      limit $2`,
    [seller, limit],
  )
  return rows
}
