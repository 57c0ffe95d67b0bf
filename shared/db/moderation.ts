import { type PersonId, type ProductId } from '../domain/ids.ts'
import { type ProductMeasure } from '../domain/moderation.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

export type Moderation = 'ok' | 'suspended' | 'banned'

/** A product as administrators see it. */
export type ModeratedProduct = {
  readonly id: ProductId
  readonly code: PublicCode
  readonly title: string
  readonly status: string
  readonly moderation: Moderation
  readonly reason: string | null
  readonly until: Date | null
  readonly isWithdrawn: boolean
  /** How it stands, for whoever decides about it by what they see. */
  readonly standing: string
  readonly sales: bigint
  readonly owners: number
  readonly sellerId: PersonId
  readonly sellerName: string
  readonly sellerCode: PublicCode
}

/** How a product `p` stands: one suspension is not another that came after it. */
export const productStanding = `concat_ws(' ', case when p.withdrawn_at is null then p.moderation else 'withdrawn' end,
                                     extract(epoch from p.moderation_until), p.moderation_reason)`

/** Drafts are their seller's own. What is purged is gone from the shop, and still with those who bought it. */
export async function findModeratedProduct(db: Queryable, code: PublicCode): Promise<ModeratedProduct | undefined> {
  const { rows } = await db.query<ModeratedProduct>(
    `select p.id, p.code, p.title, p.status, p.moderation, p.moderation_reason as "reason", p.moderation_until as "until",
            p.withdrawn_at is not null as "isWithdrawn", ${productStanding} as "standing", p.sales, p.seller_id as "sellerId",
            (select count(*)::integer from entitlements e where e.product_id = p.id and e.ended_at is null) as "owners",
            s.display_name as "sellerName", s.code as "sellerCode"
       from products p
       join sellers s on s.user_id = p.seller_id
      where p.code = $1
        and p.status <> 'draft'`,
    [code],
  )
  return rows[0]
}

export type ProductChange = {
  readonly id: ProductId
  readonly sellerId: PersonId
  readonly before: Moderation
  readonly after: Moderation
  readonly wasWithdrawn: boolean
  readonly until: Date | null
}

/** From which moderation each measure leads where. Withdrawing is a ban that also takes the files back. */
const changes: Readonly<Record<ProductMeasure, { readonly from: readonly Moderation[]; readonly to: Moderation }>> = {
  suspend: { from: ['ok'], to: 'suspended' },
  ban: { from: ['ok', 'suspended'], to: 'banned' },
  withdraw: { from: ['ok', 'suspended', 'banned'], to: 'banned' },
  restore: { from: ['suspended', 'banned'], to: 'ok' },
}

/** Whether a measure can be taken against a product as it is. What was purged can only be taken back from its buyers. */
export const canModerate = (measure: ProductMeasure, product: ModeratedProduct): boolean =>
  changes[measure].from.includes(product.moderation) &&
  (measure === 'withdraw' ? !product.isWithdrawn : product.status !== 'purged')

export type MeasureTerms = {
  readonly reason: string | null
  /** Null: no end. */
  readonly days: number | null
  /** How it stood when it was decided upon; whatever it is, unless told. */
  readonly seen?: string | undefined
}

/** Takes a measure against a product; undefined when it is not in a state for it, or not as it was seen (any more). */
export async function moderateProduct(
  tx: Queryable,
  code: PublicCode,
  measure: ProductMeasure,
  { reason, days, seen }: MeasureTerms,
): Promise<ProductChange | undefined> {
  const { rows } = await tx.query<ProductChange>(
    `update products p
        set moderation = $3,
            moderation_reason = $4,
            moderation_until = case when $3 = 'suspended' then clock_timestamp() + $5 * interval '1 day' end,
            withdrawn_at = case when $6 = 'withdraw' then clock_timestamp() end
       from (select id, moderation, withdrawn_at from products where code = $1 for update) before
      where p.id = before.id
        and ($7::text is null or $7 = ${productStanding})
        and p.moderation = any($2)
        and p.status <> 'draft'
        and case $6 when 'withdraw' then p.withdrawn_at is null else p.status <> 'purged' end
  returning p.id, p.seller_id as "sellerId", before.moderation as "before", p.moderation as "after",
            before.withdrawn_at is not null as "wasWithdrawn",
            p.moderation_until as "until"`,
    [code, changes[measure].from, changes[measure].to, measure === 'restore' ? null : reason, days, measure, seen],
  )
  return rows[0]
}

/** How a person `u` stands. */
export const personStanding = `concat_ws(' ', u.status, extract(epoch from u.suspended_until), u.suspension_reason)`

/** A person as administrators see them. */
export type ModeratedPerson = {
  readonly id: PersonId
  readonly username: string | null
  readonly firstName: string
  readonly status: string
  readonly reason: string | null
  readonly until: Date | null
  /** How they stand, for whoever decides about them by what they see. */
  readonly standing: string
  readonly bought: number
  readonly shop: { readonly code: PublicCode; readonly name: string; readonly products: number } | null
}

/** By Telegram id, @name, or the code of their shop. */
export async function findModeratedPerson(
  db: Queryable,
  by: { readonly id: PersonId } | { readonly username: string } | { readonly shop: PublicCode },
): Promise<ModeratedPerson | undefined> {
  const { rows } = await db.query<ModeratedPerson>(
    `select u.id, u.username, u.first_name as "firstName", u.status, u.suspension_reason as "reason",
            u.suspended_until as "until", ${personStanding} as "standing",
            (select count(*)::integer from orders o where o.buyer_id = u.id and o.paid_at is not null) as "bought",
            case when s.user_id is not null
                 then jsonb_build_object('code', s.code, 'name', s.display_name, 'products',
                                         (select count(*) from products p
                                           where p.seller_id = u.id and p.status in ('active', 'inactive', 'processing')))
                 end as "shop"
       from users u
       left join sellers s on s.user_id = u.id
      where u.id = $1 or lower(u.username) = lower($2) or s.code = $3
      order by u.last_seen_at desc
      limit 1`,
    ['id' in by ? by.id : null, 'username' in by ? by.username : null, 'shop' in by ? by.shop : null],
  )
  return rows[0]
}

/** Suspends a person who is active; undefined when they are not. `days` null: no end. */
export async function suspendPerson(
  tx: Queryable,
  person: PersonId,
  { reason, days }: { readonly reason: string; readonly days: number | null },
): Promise<{ readonly until: Date | null } | undefined> {
  const { rows } = await tx.query<{ until: Date | null }>(
    `update users
        set status = 'suspended', suspension_reason = $2, suspended_until = clock_timestamp() + $3 * interval '1 day'
      where id = $1
        and status = 'active'
  returning suspended_until as "until"`,
    [person, reason, days],
  )
  return rows[0]
}

/** True when they were suspended, and still stand as they were seen, if that is told. */
export async function restorePerson(tx: Queryable, person: PersonId, seen?: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update users u
        set status = 'active', suspension_reason = null, suspended_until = null
      where u.id = $1
        and u.status = 'suspended'
        and ($2::text is null or $2 = ${personStanding})`,
    [person, seen],
  )
  return rowCount === 1
}
