import { type PersonId, type ProductId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** What a seller's files take of their quota. `retained`: versions kept only for people who bought them. */
export type Quota = {
  readonly quotaBytes: bigint
  readonly usedBytes: bigint
  readonly reservedBytes: bigint
  readonly retainedBytes: bigint
}

export async function findQuota(db: Queryable, seller: PersonId): Promise<Quota | undefined> {
  const { rows } = await db.query<Quota>(
    `select quota_bytes as "quotaBytes", used_bytes as "usedBytes", reserved_bytes as "reservedBytes",
            retained_bytes as "retainedBytes"
       from sellers
      where user_id = $1`,
    [seller],
  )
  return rows[0]
}

/**
 * Holds room for what is about to arrive, in place of what was held before; false, and nothing changed, when there is none,
 * however many ask at once.
 */
export async function reserveBytes(tx: Queryable, seller: PersonId, bytes: bigint, inPlaceOf = 0n): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update sellers
        set reserved_bytes = reserved_bytes + $2 - $3
      where user_id = $1
        and used_bytes + reserved_bytes + $2 - $3 <= quota_bytes
        and retained_bytes <= 3 * quota_bytes`,
    [seller, bytes, inPlaceOf],
  )
  return rowCount === 1
}

/** Takes room for what is there already, in place of something else; false, and nothing changed, when there is none. */
export async function takeBytes(tx: Queryable, seller: PersonId, bytes: bigint, inPlaceOf: bigint): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update sellers
        set used_bytes = greatest(used_bytes - $3, 0) + $2
      where user_id = $1
        and greatest(used_bytes - $3, 0) + $2 + reserved_bytes <= quota_bytes`,
    [seller, bytes, inPlaceOf],
  )
  return rowCount === 1
}

/** What arrived takes the place of what was held for it; `used` is 0 when nothing was kept. */
export async function settleBytes(
  tx: Queryable,
  seller: PersonId,
  { reserved, used }: { readonly reserved: bigint; readonly used: bigint },
): Promise<void> {
  await tx.query(
    `update sellers
        set reserved_bytes = reserved_bytes - $2, used_bytes = used_bytes + $3
      where user_id = $1`,
    [seller, reserved, used],
  )
}

/**
 * Room is free again; what is kept for people who bought it is counted apart. Never below nothing: a count that drifted is
 * the recount's to put right, and no reason to refuse.
 */
export async function freeBytes(
  tx: Queryable,
  seller: PersonId,
  { used, retained = 0n }: { readonly used: bigint; readonly retained?: bigint },
): Promise<void> {
  await tx.query(
    `update sellers
        set used_bytes = greatest(used_bytes - $2, 0), retained_bytes = retained_bytes + $3
      where user_id = $1`,
    [seller, used, retained],
  )
}

/**
 * Counts everything again from the tables: for whoever changed several things at once, and against counts that drifted.
 * Used: the version that is sold and the pictures, lost ones that may turn up again included. Retained: what is kept only
 * for those who bought it.
 */
export async function recountBytes(tx: Queryable, seller: PersonId): Promise<void> {
  // held first, so that what is counted next includes whatever the last holder wrote
  await tx.query(`select from sellers where user_id = $1 for no key update`, [seller])
  await tx.query(
    `with kept as (
            select id, current_file_id
              from products
             where seller_id = $1
               and status not in ('deleted', 'purged')),
          counted as (
            select (select coalesce(sum(f.size_bytes), 0) from kept k join product_files f on f.id = k.current_file_id)
                   + (select coalesce(sum(coalesce(i.original_bytes, 0) + i.cover_bytes + i.thumb_bytes), 0)
                        from kept k
                        join images i on i.product_id = k.id
                       where i.source = 'sent'
                         and i.state in ('ready', 'missing')) as used,
                   (select coalesce(sum(f.reserved_bytes), 0)
                      from product_files f
                      join products p on p.id = f.product_id
                     where p.seller_id = $1)
                   + (select coalesce(sum(u.declared_bytes), 0)
                        from upload_sessions u
                       where u.seller_id = $1
                         and u.state in ('open', 'completing')) as reserved,
                   (select coalesce(sum(f.size_bytes), 0)
                      from product_files f
                      join products p on p.id = f.product_id
                     where p.seller_id = $1
                       and f.number is not null
                       and f.purged_at is null
                       and f.id not in (select current_file_id from kept where current_file_id is not null)
                       and (p.status = 'deleted' and f.id = p.current_file_id
                            or exists (select
                                         from orders o
                                         join entitlements e on e.order_id = o.id
                                        where o.file_id = f.id
                                          and e.ended_at is null))) as retained)
     update sellers s
        set reserved_bytes = c.reserved,
            -- never more than there is room for: the quota may have been made smaller
            used_bytes = greatest(least(c.used, s.quota_bytes - c.reserved), 0),
            retained_bytes = c.retained
       from counted c
      where s.user_id = $1`,
    [seller],
  )
}

/** The same for whoever sells this product. */
export async function recountBytesOf(tx: Queryable, product: ProductId): Promise<void> {
  const { rows } = await tx.query<{ sellerId: PersonId }>(
    `select seller_id as "sellerId" from products where id = $1`,
    [product],
  )
  for (const { sellerId } of rows) await recountBytes(tx, sellerId)
}
