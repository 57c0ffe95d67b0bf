import { type ImageId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type CoverRefusal } from '../domain/notice.ts'
import { type Image, type ImageCopy } from './images.ts'
import { mediaLease } from './media-lease.ts'
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

/** A newer picture was sent before this one was prepared: whoever works on it finds it closed, and its objects are to go. */
export async function markImageOvertaken(tx: Queryable, id: ImageId): Promise<void> {
  await tx.query(
    `update images
        set state = 'rejected', reject_reason = 'replaced'
      where id = $1
        and state = 'processing'`,
    [id],
  )
}

/** A picture one worker holds; `attempt` is its fencing token. */
export type ClaimedImage = {
  readonly id: ImageId
  readonly productId: ProductId
  readonly attempt: number
  readonly telegramFileId: string
  readonly sizeBytes: bigint
  /** Waits longer than anybody should. */
  readonly isOverdue: boolean
}

/** Takes a picture that waits. Undefined when it needs nothing any more; `held` while somebody else works on it. */
export async function claimImage(db: Queryable, id: ImageId): Promise<ClaimedImage | 'held' | undefined> {
  const { rows } = await db.query<ClaimedImage>(
    `update images
        set attempts = attempts + 1, rung_at = clock_timestamp(),
            lease_until = clock_timestamp() + $2 * interval '1 second'
      where id = $1
        and source = 'sent'
        and state = 'processing'
        and (lease_until is null or lease_until < clock_timestamp())
  returning id, product_id as "productId", attempts as "attempt", telegram_file_id as "telegramFileId",
            original_bytes as "sizeBytes", created_at < clock_timestamp() - interval '7 days' as "isOverdue"`,
    [id, mediaLease.seconds],
  )
  if (rows[0] !== undefined) return rows[0]
  const { rowCount } = await db.query(`select from images where id = $1 and state = 'processing'`, [id])
  return rowCount === 0 ? undefined : 'held'
}

/** Undefined when the picture is gone with its product. */
export async function findImageState(
  db: Queryable,
  id: ImageId,
): Promise<Pick<Image, 'id' | 'productId' | 'state'> | undefined> {
  const { rows } = await db.query<Pick<Image, 'id' | 'productId' | 'state'>>(
    `select id, product_id as "productId", state from images where id = $1`,
    [id],
  )
  return rows[0]
}

export type ImageClaim = Pick<ClaimedImage, 'id' | 'attempt'>

/** False once somebody else took it, or it was closed: then the work is not ours any more. */
export async function renewImageLease(db: Queryable, { id, attempt }: ImageClaim): Promise<boolean> {
  const { rowCount } = await db.query(
    `update images
        set lease_until = clock_timestamp() + $3 * interval '1 second', rung_at = clock_timestamp()
      where id = $1
        and attempts = $2
        and state = 'processing'`,
    [id, attempt, mediaLease.seconds],
  )
  return rowCount === 1
}

export async function releaseImage(db: Queryable, { id, attempt }: ImageClaim): Promise<void> {
  await db.query(`update images set lease_until = null where id = $1 and attempts = $2`, [id, attempt])
}

/** The product of a picture, held until the transaction ends; it is always held before its pictures and its seller. */
export async function lockProductOfImage(
  tx: Queryable,
  id: ImageId,
): Promise<{ readonly productId: ProductId; readonly sellerId: PersonId; readonly isGone: boolean } | undefined> {
  const { rows } = await tx.query<{ productId: ProductId; sellerId: PersonId; isGone: boolean }>(
    `select p.id as "productId", p.seller_id as "sellerId", p.status in ('deleted', 'purged') as "isGone"
       from products p
      where p.id = (select product_id from images where id = $1)
        for update`,
    [id],
  )
  return rows[0]
}

export type PreparedImage = {
  readonly original: ImageCopy
  readonly cover: ImageCopy
  readonly thumb: ImageCopy
  readonly width: number
  readonly height: number
}

/** Both copies of a sent picture are verified; false when it is not ours to mark. */
export async function markSentImageReady(
  tx: Queryable,
  { id, attempt }: ImageClaim,
  { original, cover, thumb, width, height }: PreparedImage,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update images
        set state = 'ready', lease_until = null, original_key = $3, original_sha256 = $4, original_bytes = $5,
            cover_key = $6, cover_sha256 = $7, cover_bytes = $8, thumb_key = $9, thumb_sha256 = $10, thumb_bytes = $11,
            width = $12, height = $13
      where id = $1
        and attempts = $2
        and state = 'processing'`,
    [
      id,
      attempt,
      original.key,
      original.sha256,
      original.sizeBytes,
      cover.key,
      cover.sha256,
      cover.sizeBytes,
      thumb.key,
      thumb.sha256,
      thumb.sizeBytes,
      width,
      height,
    ],
  )
  return rowCount === 1
}

export type ReplacedImage = { readonly sizeBytes: bigint; readonly keys: readonly string[] }

/** A newer picture takes the place of whatever its seller sent before, shown or lost. */
export async function markImagesReplaced(tx: Queryable, productId: ProductId, by: ImageId): Promise<ReplacedImage[]> {
  const { rows } = await tx.query<{ sizeBytes: bigint; keys: (string | null)[] }>(
    `update images
        set state = 'replaced'
      where product_id = $1
        and id <> $2
        and source = 'sent'
        and state in ('ready', 'missing')
  returning coalesce(original_bytes, 0) + cover_bytes + thumb_bytes as "sizeBytes",
            array[original_key, cover_key, thumb_key] as "keys"`,
    [productId, by],
  )
  return rows.map(({ sizeBytes, keys }) => ({ sizeBytes, keys: keys.filter((key) => key !== null) }))
}

/** From now on the product shows this picture. */
export async function showImage(tx: Queryable, productId: ProductId, id: ImageId): Promise<void> {
  await tx.query(`update products set image_id = $2, next_image_id = nullif(next_image_id, $2) where id = $1`, [
    productId,
    id,
  ])
}

/** False when it is not ours to refuse. */
export async function markSentImageRejected(
  tx: Queryable,
  { id, attempt, productId }: Pick<ClaimedImage, 'id' | 'attempt' | 'productId'>,
  reason: CoverRefusal | 'deleted',
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update images
        set state = 'rejected', reject_reason = $3, lease_until = null
      where id = $1
        and attempts = $2
        and state = 'processing'`,
    [id, attempt, reason],
  )
  if (rowCount === 0) return false
  await tx.query(`update products set next_image_id = null where id = $2 and next_image_id = $1`, [id, productId])
  return true
}
