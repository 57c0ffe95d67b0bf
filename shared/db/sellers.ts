import { type PersonId } from '../domain/ids.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** A seller as buyers see them. */
export type Shop = {
  readonly sellerId: PersonId
  readonly code: PublicCode
  readonly name: string
  readonly bio: string
  /** The seller stopped selling for a while. */
  readonly isPaused: boolean
  /** The seller left, or may not sell. */
  readonly isClosed: boolean
  readonly sales: bigint
  readonly ratingSum: bigint
  readonly reviewsCount: bigint
  /** How many products are for sale right now. */
  readonly products: number
}

const shops = `
  select s.user_id as "sellerId", s.code, s.display_name as "name", s.bio, s.paused_at is not null as "isPaused",
         s.closed_at is not null or u.status <> 'active' as "isClosed",
         coalesce(t.sales, 0)::bigint as "sales", coalesce(t.rating_sum, 0)::bigint as "ratingSum",
         coalesce(t.reviews_count, 0)::bigint as "reviewsCount",
         (select count(*)::integer from visible_products v where v.seller_id = s.user_id) as "products"
    from sellers s
    join users u on u.id = s.user_id
    left join lateral (select sum(p.sales) as sales, sum(p.rating_sum) as rating_sum, sum(p.reviews_count) as reviews_count
                         from products p
                        where p.seller_id = s.user_id) t on true`

/** Undefined when no shop has this code. */
export async function findShop(db: Queryable, code: PublicCode): Promise<Shop | undefined> {
  const { rows } = await db.query<Shop>(`${shops} where s.code = $1`, [code])
  return rows[0]
}

/** The shop of a person known in Telegram as `@username`. */
export async function findShopOf(db: Queryable, username: string): Promise<Shop | undefined> {
  const { rows } = await db.query<Shop>(
    `${shops}
      where lower(u.username) = lower($1)
      order by u.last_seen_at desc
      limit 1`,
    [username],
  )
  return rows[0]
}

/** Whether this person opened a shop, whatever its state. */
export async function isSeller(db: Queryable, id: PersonId): Promise<boolean> {
  const { rowCount } = await db.query(`select from sellers where user_id = $1`, [id])
  return rowCount === 1
}

/** Whether this person has a shop that was not closed. */
export async function hasOpenShop(db: Queryable, id: PersonId): Promise<boolean> {
  const { rowCount } = await db.query(`select from sellers where user_id = $1 and closed_at is null`, [id])
  return rowCount === 1
}
