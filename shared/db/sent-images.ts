import { type ImageId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'
import { lockOwnProduct } from './product-files.ts'

/** A product whose seller may give it a picture, held until the transaction ends. */
export type ProductToPicture = {
  /** The picture sent before that is not shown yet. */
  readonly nextImageId: ImageId | null
}

/** Undefined for a product that is gone, or of another seller. */
export async function lockProductToPicture(
  tx: Queryable,
  seller: PersonId,
  productId: ProductId,
): Promise<ProductToPicture | undefined> {
  if (!(await lockOwnProduct(tx, seller, productId))) return undefined
  const { rows } = await tx.query<ProductToPicture>(
    `select next_image_id as "nextImageId" from products where id = $1`,
    [productId],
  )
  return rows[0]
}

export async function insertSentImage(
  tx: Queryable,
  image: { readonly productId: ProductId; readonly telegramFileId: string; readonly sizeBytes: bigint },
): Promise<ImageId> {
  const { rows } = await tx.query<{ id: ImageId }>(
    `insert into images (product_id, source, state, telegram_file_id, original_bytes)
     values ($1, 'sent', 'processing', $2, $3)
  returning id`,
    [image.productId, image.telegramFileId, image.sizeBytes],
  )
  const [row] = rows
  if (row === undefined) throw new Error(`Expected an image for product ${image.productId}, got none`)
  return row.id
}

/** The picture that is shown once it is prepared. */
export async function setNextImage(tx: Queryable, productId: ProductId, id: ImageId): Promise<void> {
  await tx.query(`update products set next_image_id = $2 where id = $1`, [productId, id])
}

/** A newer picture was sent before this one was prepared: whoever works on it finds it closed. */
export async function markImageOvertaken(tx: Queryable, id: ImageId): Promise<void> {
  await tx.query(
    `update images
        set state = 'rejected', reject_reason = 'replaced'
      where id = $1
        and state = 'processing'`,
    [id],
  )
}
