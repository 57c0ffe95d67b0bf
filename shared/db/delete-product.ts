import { type FileId, type ImageId, type PersonId, type ProductId } from '../domain/ids.ts'
import { imageObjects } from '../domain/object-key.ts'
import { keptStatuses, statusesBefore } from '../domain/product.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { queueRemovals, type Removable } from './object-removals.ts'
import { type Queryable } from './pool.ts'
import { recountBytes } from './quotas.ts'

/** `removed`: nobody ever ordered it, nothing of it is left. `hidden`: its buyers keep what they have. */
export type Deletion = 'removed' | 'hidden' | 'not found'

/**
 * Deletes a product of this seller: without a trace when there is no order of any state, out of sight otherwise. Whoever is
 * ordering it at this moment holds it (`lockProductToOrder`), so the orders are counted only once they are done.
 */
export async function deleteProduct(tx: Queryable, seller: PersonId, code: PublicCode): Promise<Deletion> {
  const { rows } = await tx.query<{ id: ProductId }>(
    `select id
       from products
      where seller_id = $1
        and code = $2
        and status = any($3)
        for update`,
    [seller, code, keptStatuses],
  )
  const [product] = rows
  if (product === undefined) return 'not found'
  const isOrdered = await hasOrders(tx, product.id)
  if (isOrdered) await hide(tx, product.id)
  else await remove(tx, product.id)
  await recountBytes(tx, seller)
  return isOrdered ? 'hidden' : 'removed'
}

async function hasOrders(tx: Queryable, id: ProductId): Promise<boolean> {
  const { rowCount } = await tx.query(`select from orders where product_id = $1 limit 1`, [id])
  return rowCount > 0
}

/** Everything that was verified stays, for those who bought or still pay; only what is under way is given up. */
async function hide(tx: Queryable, id: ProductId): Promise<void> {
  await queueRemovals(tx, [...(await closeFiles(tx, id)), ...(await closeImages(tx, id))], 'product deleted')
  await queueRemovals(tx, await closeUploads(tx, id), 'product deleted')
  const { rowCount } = await tx.query(
    `update products
        set status = 'deleted', deleted_at = clock_timestamp(), next_file_id = null, next_image_id = null
      where id = $1
        and status = any($2)`,
    [id, statusesBefore('deleted')],
  )
  if (rowCount !== 1) throw new Error(`Expected the ordered product ${id} to have been on sale`)
}

async function closeFiles(tx: Queryable, id: ProductId): Promise<Removable[]> {
  const { rows } = await tx.query<Removable>(
    `update product_files
        set state = 'rejected', reject_reason = 'deleted', reserved_bytes = 0
      where product_id = $1
        and state in ('uploading', 'verifying')
  returning object_key as "objectKey"`,
    [id],
  )
  return rows
}

async function closeImages(tx: Queryable, id: ProductId): Promise<Removable[]> {
  const { rows } = await tx.query<{ id: ImageId }>(
    `update images
        set state = 'rejected', reject_reason = 'deleted'
      where product_id = $1
        and source = 'sent'
        and state = 'processing'
  returning id`,
    [id],
  )
  return rows.flatMap((image) => imageObjects(id, image.id))
}

async function closeUploads(tx: Queryable, id: ProductId): Promise<Removable[]> {
  await tx.query(
    `update upload_links
        set revoked_at = clock_timestamp()
      where product_id = $1
        and revoked_at is null`,
    [id],
  )
  const { rows } = await tx.query<Removable>(
    `update upload_sessions
        set state = 'aborted'
      where product_id = $1
        and state in ('open', 'completing')
  returning object_key as "objectKey", s3_upload_id as "uploadId"`,
    [id],
  )
  return rows
}

/** Rows, objects and local copies go; a check or upload that is running finds nothing to write to. */
async function remove(tx: Queryable, id: ProductId): Promise<void> {
  await queueRemovals(tx, await closeUploads(tx, id), 'product deleted')
  await tx.query(
    `update products
        set current_file_id = null, next_file_id = null, image_id = null, next_image_id = null
      where id = $1`,
    [id],
  )
  const { rows: files } = await tx.query<Removable & { id: FileId }>(
    `delete from product_files where product_id = $1 returning id, object_key as "objectKey"`,
    [id],
  )
  const { rows: images } = await tx.query<{ id: ImageId }>(`delete from images where product_id = $1 returning id`, [
    id,
  ])
  await queueRemovals(tx, [...files, ...images.flatMap((image) => imageObjects(id, image.id))], 'product deleted')
  await tx.query(`delete from product_views where product_id = $1`, [id])
  await tx.query(`delete from notices where state = 'queued' and facts ->> 'productId' = $1`, [id])
  await tx.query(`delete from products where id = $1`, [id])
}
