import { type PersonId, type ProductId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** What a product that is being published still waits for. */
export type Promotion = 'on sale' | 'waits for a file' | 'waits for a picture' | 'not publishing'

/**
 * Puts a product that is being published on sale, as soon as its file is verified and it has a picture to show. The
 * product is held first, so that what is read of its file and picture is not older than the lock.
 */
export async function promoteProduct(
  tx: Queryable,
  id: ProductId,
): Promise<{ readonly kind: Promotion; readonly sellerId: PersonId | null }> {
  await tx.query(`select from products where id = $1 for update`, [id])
  const { rows } = await tx.query<{ hasFile: boolean; hasPicture: boolean; sellerId: PersonId }>(
    `select p.seller_id as "sellerId",
            p.next_file_id is null and coalesce(f.state = 'ready', false) as "hasFile",
            coalesce(i.state = 'ready', false) as "hasPicture"
       from products p
       left join product_files f on f.id = p.current_file_id
       left join images i on i.id = p.image_id
      where p.id = $1
        and p.status = 'processing'`,
    [id],
  )
  const [product] = rows
  if (product === undefined) return { kind: 'not publishing', sellerId: null }
  const { sellerId } = product
  if (!product.hasFile) return { kind: 'waits for a file', sellerId }
  if (!product.hasPicture) return { kind: 'waits for a picture', sellerId }
  await tx.query(
    `update products
        set status = 'active', published_at = coalesce(published_at, clock_timestamp())
      where id = $1
        and status = 'processing'`,
    [id],
  )
  return { kind: 'on sale', sellerId }
}
