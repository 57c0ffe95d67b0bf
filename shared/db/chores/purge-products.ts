import { type ImageId, type PersonId, type ProductId } from '../../domain/ids.ts'
import { imageObjects } from '../../domain/object-key.ts'
import { previewKey } from '../../domain/preview.ts'
import { statusesBefore } from '../../domain/product.ts'
import { queueRemovals, type Removable } from '../object-removals.ts'
import { type Queryable } from '../pool.ts'
import { recountBytes } from '../quotas.ts'

/** For how long a deleted product is kept, and how long nobody must have ordered it. */
export type Retention = { readonly deletedRetentionDays: number; readonly deletedQuietDays: number }

export type DueProduct = { readonly id: ProductId; readonly code: string; readonly sellerId: PersonId }

const due = `
  select p.id, p.code, p.seller_id as "sellerId"
    from products p
   where p.status = any($1)
     and p.deleted_at < clock_timestamp() - $2 * interval '1 day'
     and not exists (select from orders o
                      where o.product_id = p.id
                        and o.created_at > clock_timestamp() - $3 * interval '1 day')
   order by p.deleted_at`

const dueParameters = ({ deletedRetentionDays, deletedQuietDays }: Retention): unknown[] => [
  statusesBefore('purged'),
  deletedRetentionDays,
  deletedQuietDays,
]

export async function listProductsToPurge(db: Queryable, retention: Retention, limit: number): Promise<DueProduct[]> {
  const { rows } = await db.query<DueProduct>(`${due} limit $4`, [...dueParameters(retention), limit])
  return rows
}

/** One of them, held until the transaction ends; undefined when there is none that nobody holds. */
export async function lockProductToPurge(tx: Queryable, retention: Retention): Promise<DueProduct | undefined> {
  const { rows } = await tx.query<DueProduct>(`${due} limit 1 for update of p skip locked`, dueParameters(retention))
  return rows[0]
}

/**
 * Somebody has a right to this version, may get it back when its withdrawal is taken back, may still get one by paying, or is
 * being given it right now: it is never removed. What is purged is withdrawn for good.
 */
const isNeeded = `
  (exists (select
             from orders o
             left join entitlements e
                    on e.order_id = o.id
                   and (e.ended_at is null
                     or e.reason = 'withdrawn'
                        and o.status in ('paid', 'delivered')
                        and (select status from products where id = f.product_id) <> 'purged')
            where o.file_id = f.id
              and (e.order_id is not null
                or o.status in ('creating', 'awaiting_payment', 'confirming', 'underpaid', 'review', 'paid')))
   or exists (select from deliveries d
               where d.file_id = f.id
                 and d.state in ('queued', 'sending', 'retry_wait', 'blocked'))
   or exists (select from download_links l
               where l.file_id = f.id
                 and l.revoked_at is null
                 and l.expires_at > clock_timestamp()))`

/**
 * Leaves a tombstone: pictures and versions nobody needs are let go of, what somebody paid for is kept. Says how many
 * objects are to go.
 */
export async function purgeProduct(tx: Queryable, { id, sellerId }: DueProduct): Promise<number> {
  await tx.query(
    `update products
        set status = 'purged', purged_at = clock_timestamp(), description = '', current_file_id = null,
            next_file_id = null, image_id = null, next_image_id = null
      where id = $1`,
    [id],
  )
  await tx.query(`delete from product_views where product_id = $1`, [id])
  const gone = [...(await purgeFiles(tx, id)), ...(await deleteImages(tx, id))]
  await queueRemovals(tx, gone, 'purged')
  await recountBytes(tx, sellerId)
  return gone.length
}

async function purgeFiles(tx: Queryable, product: ProductId): Promise<Removable[]> {
  const { rows } = await tx.query<Removable>(
    `update product_files f
        set purged_at = clock_timestamp(), preview = null
      where f.product_id = $1
        and f.purged_at is null
        and not ${isNeeded}
  returning f.object_key as "objectKey"`,
    [product],
  )
  return rows.flatMap(objectsOfFile)
}

/** Whether or not a preview was made. */
const objectsOfFile = ({ objectKey }: Removable): Removable[] => [{ objectKey }, { objectKey: previewKey(objectKey) }]

async function deleteImages(tx: Queryable, product: ProductId): Promise<Removable[]> {
  const { rows } = await tx.query<{ id: ImageId }>(`delete from images where product_id = $1 returning id`, [product])
  return rows.flatMap(({ id }) => imageObjects(product, id))
}

/** A version that was replaced long ago and that nobody needs. */
export type OldVersion = { readonly objectKey: string; readonly sellerId: PersonId }

const oldVersions = `
  select f.id, f.object_key as "objectKey", p.seller_id as "sellerId"
    from product_files f
    join products p on p.id = f.product_id
    left join product_files c on c.id = p.current_file_id
   where f.state in ('ready', 'damaged')
     and f.purged_at is null
     and (p.status = 'purged'
       or p.status <> 'deleted' and f.number < c.number and c.state = 'ready'
          and c.created_at < clock_timestamp() - $1 * interval '1 day')
     and not exists (select from orders o
                      where o.file_id = f.id
                        and o.created_at > clock_timestamp() - $1 * interval '1 day')
     and not ${isNeeded}
   order by f.id
   limit $2`

export async function listOldVersions(
  db: Queryable,
  { deletedQuietDays }: Retention,
  limit: number,
): Promise<OldVersion[]> {
  const { rows } = await db.query<OldVersion>(oldVersions, [deletedQuietDays, limit])
  return rows
}

/** Lets go of them; says which. */
export async function purgeOldVersions(
  tx: Queryable,
  { deletedQuietDays }: Retention,
  limit: number,
): Promise<OldVersion[]> {
  const { rows } = await tx.query<OldVersion>(
    `with old as (${oldVersions} for update of f skip locked)
     update product_files f
        set purged_at = clock_timestamp(), preview = null
       from old
      where f.id = old.id
  returning old."objectKey", old."sellerId"`,
    [deletedQuietDays, limit],
  )
  await queueRemovals(tx, rows.flatMap(objectsOfFile), 'purged')
  for (const seller of new Set(rows.map(({ sellerId }) => sellerId))) await recountBytes(tx, seller)
  return rows
}
