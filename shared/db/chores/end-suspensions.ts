import { type OrderId, type PersonId, type ProductId } from '../../domain/ids.ts'
import { type PublicCode } from '../../domain/public-code.ts'
import { type Queryable } from '../pool.ts'

export type EndedModeration = { readonly id: ProductId; readonly code: PublicCode; readonly sellerId: PersonId }

const endedPersons = `
  select id from users
   where status = 'suspended' and suspended_until <= clock_timestamp()
   order by suspended_until limit $1`

const endedProducts = `
  select id, code, seller_id as "sellerId" from products
   where moderation = 'suspended' and moderation_until <= clock_timestamp()
   order by moderation_until limit $1`

const endedHolds = `
  select user_id as id, payouts_frozen_at is not null as "isFrozen" from sellers
   where address_hold_until <= clock_timestamp()
   order by address_hold_until limit $1`

export type EndedHold = { readonly id: PersonId; readonly isFrozen: boolean }

/** What is over by now: suspensions of people and of products, and holds after a change of address. */
export async function listEnded(db: Queryable, limit: number) {
  const [persons, products, holds] = [
    await db.query<{ id: PersonId }>(endedPersons, [limit]),
    await db.query<EndedModeration>(endedProducts, [limit]),
    await db.query<EndedHold>(endedHolds, [limit]),
  ]
  return { persons: persons.rows.map(({ id }) => id), products: products.rows, holds: holds.rows }
}

export async function endSuspensions(tx: Queryable, limit: number): Promise<PersonId[]> {
  const { rows } = await tx.query<{ id: PersonId }>(
    `with ended as (${endedPersons} for update skip locked)
     update users u
        set status = 'active', suspension_reason = null, suspended_until = null
       from ended
      where u.id = ended.id
  returning u.id`,
    [limit],
  )
  return rows.map(({ id }) => id)
}

export async function endModerations(tx: Queryable, limit: number): Promise<EndedModeration[]> {
  const { rows } = await tx.query<EndedModeration>(
    `with ended as (${endedProducts} for update skip locked)
     update products p
        set moderation = 'ok', moderation_reason = null, moderation_until = null
       from ended
      where p.id = ended.id
  returning ended.id, ended.code, ended."sellerId"`,
    [limit],
  )
  return rows
}

/** Forgets holds that are over, each once, so that its seller is told once. */
export async function endAddressHolds(tx: Queryable, limit: number): Promise<EndedHold[]> {
  const { rows } = await tx.query<EndedHold>(
    `with ended as (${endedHolds} for update skip locked)
     update sellers s
        set address_hold_until = null
       from ended
      where s.user_id = ended.id
  returning ended.id, ended."isFrozen"`,
    [limit],
  )
  return rows
}

/** A right that ends because its product was withdrawn from those who bought it. */
export type WithdrawnRight = {
  readonly orderId: OrderId
  readonly orderCode: PublicCode
  readonly buyerId: PersonId
  readonly productId: ProductId
  readonly isPaid: boolean
  /** Which of several withdrawals of the same product it was. */
  readonly withdrawnAt: Date
}

const withdrawn = `
  select o.id as "orderId", o.code as "orderCode", o.buyer_id as "buyerId", o.product_id as "productId",
         o.total_cents > 0 as "isPaid", p.withdrawn_at as "withdrawnAt"
    from products p
    join entitlements e on e.product_id = p.id
    join orders o on o.id = e.order_id
   where p.withdrawn_at is not null
     and e.ended_at is null
   limit $1`

export async function listRightsToWithdraw(db: Queryable, limit: number): Promise<WithdrawnRight[]> {
  const { rows } = await db.query<WithdrawnRight>(withdrawn, [limit])
  return rows
}

/**
 * Ends rights to withdrawn products with the links they gave; the caller opens what follows in the same transaction. Products
 * are held as well: a withdrawal that is being taken back at this moment ends nothing.
 */
export async function withdrawRights(tx: Queryable, limit: number): Promise<WithdrawnRight[]> {
  const { rows } = await tx.query<WithdrawnRight>(
    `with withdrawn as (${withdrawn} for update of o skip locked for share of p),
          revoked as (
            update download_links l
               set revoked_at = clock_timestamp()
              from withdrawn
             where l.order_id = withdrawn."orderId"
               and l.revoked_at is null)
     update entitlements e
        set ended_at = clock_timestamp(), reason = 'withdrawn', returned_at = null
       from withdrawn
      where e.order_id = withdrawn."orderId"
        and e.ended_at is null
  returning withdrawn.*`,
    [limit],
  )
  return rows
}
