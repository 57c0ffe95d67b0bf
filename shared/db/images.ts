import { type ImageId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

export type ImageCopy = { readonly key: string; readonly sha256: string; readonly sizeBytes: bigint }

/** A cover with its thumbnail; `copies` is empty until both were prepared. */
export type Image = {
  readonly id: ImageId
  readonly productId: ProductId
  readonly source: 'sent' | 'drawn'
  readonly state: 'processing' | 'ready' | 'missing' | 'rejected' | 'replaced'
  /** What a drawn picture was drawn from. */
  readonly drawnFrom: string | null
  readonly copies: readonly ImageCopy[]
}

type Row = Omit<Image, 'copies'> & {
  readonly coverKey: string | null
  readonly coverSha256: string | null
  readonly coverBytes: bigint | null
  readonly thumbKey: string | null
  readonly thumbSha256: string | null
  readonly thumbBytes: bigint | null
}

const columns = `
       i.id, i.product_id as "productId", i.source, i.state, i.drawn_from as "drawnFrom",
       i.cover_key as "coverKey", i.cover_sha256 as "coverSha256", i.cover_bytes as "coverBytes",
       i.thumb_key as "thumbKey", i.thumb_sha256 as "thumbSha256", i.thumb_bytes as "thumbBytes"`

const shaped = ({ coverKey, coverSha256, coverBytes, thumbKey, thumbSha256, thumbBytes, ...image }: Row): Image => ({
  ...image,
  copies: [copyOf(coverKey, coverSha256, coverBytes), copyOf(thumbKey, thumbSha256, thumbBytes)].flat(),
})

function copyOf(key: string | null, sha256: string | null, sizeBytes: bigint | null): ImageCopy[] {
  return key === null || sha256 === null || sizeBytes === null ? [] : [{ key, sha256, sizeBytes }]
}

/** What a picture is drawn from when there is none. */
export type ProductToDraw = {
  readonly productId: ProductId
  readonly sellerId: PersonId
  readonly title: string
  readonly color: string
}

export async function findProductToDraw(db: Queryable, id: ProductId): Promise<ProductToDraw | undefined> {
  const { rows } = await db.query<ProductToDraw>(
    `select p.id as "productId", p.seller_id as "sellerId", p.title, c.color
       from products p
       join categories c on c.id = p.category_id
      where p.id = $1
        and p.title is not null
        and p.purged_at is null`,
    [id],
  )
  return rows[0]
}

/** The picture a product shows now. */
export async function findCurrentImage(db: Queryable, productId: ProductId): Promise<Image | undefined> {
  const { rows } = await db.query<Row>(
    `select ${columns}
       from products p
       join images i on i.id = p.image_id
      where p.id = $1`,
    [productId],
  )
  return rows.map(shaped)[0]
}

/** The newest picture of a product that was lost on both sides. */
export async function findLostImage(db: Queryable, productId: ProductId): Promise<Image | undefined> {
  const { rows } = await db.query<Row>(
    `select ${columns}
       from images i
      where i.product_id = $1
        and i.state = 'missing'
      order by i.created_at desc
      limit 1`,
    [productId],
  )
  return rows.map(shaped)[0]
}

/** The one drawn picture of a product, made when there is none. */
export async function ensureDrawnImage(db: Queryable, productId: ProductId): Promise<ImageId> {
  const { rows } = await db.query<{ id: ImageId }>(
    `insert into images (product_id, source)
     values ($1, 'drawn')
         on conflict (product_id) where source = 'drawn' do update set state = images.state
  returning id`,
    [productId],
  )
  const [image] = rows
  if (image === undefined) throw new Error(`Expected a drawn image for product ${productId}, got none`)
  return image.id
}

/** Both copies of an image are where they belong and verified: from now on it may be shown. */
export async function markImageReady(
  tx: Queryable,
  id: ImageId,
  { cover, thumb, side, drawnFrom }: { cover: ImageCopy; thumb: ImageCopy; side: number; drawnFrom: string },
): Promise<void> {
  await tx.query(
    `update images
        set state = 'ready', cover_key = $2, cover_sha256 = $3, cover_bytes = $4,
            thumb_key = $5, thumb_sha256 = $6, thumb_bytes = $7, width = $8, height = $8, drawn_from = $9
      where id = $1`,
    [id, cover.key, cover.sha256, cover.sizeBytes, thumb.key, thumb.sha256, thumb.sizeBytes, side, drawnFrom],
  )
}

/** The thumbnail was made anew from its cover. */
export async function setThumb(db: Queryable, id: ImageId, thumb: ImageCopy): Promise<void> {
  await db.query(`update images set thumb_key = $2, thumb_sha256 = $3, thumb_bytes = $4 where id = $1`, [
    id,
    thumb.key,
    thumb.sha256,
    thumb.sizeBytes,
  ])
}

/** Shows a drawn picture for a product whose own is missing on both sides, or that has none. */
export async function showDrawnImage(tx: Queryable, productId: ProductId, drawn: ImageId): Promise<void> {
  await tx.query(
    `update products
        set image_id = $2
      where id = $1
        and (image_id is null or exists (select from images i where i.id = image_id and i.state <> 'ready'))`,
    [productId, drawn],
  )
}

/** Neither copy is left; true for the first to notice, who then tells people. */
export async function markImageMissing(tx: Queryable, id: ImageId): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update images
        set state = 'missing', missing_told_at = clock_timestamp()
      where id = $1
        and missing_told_at is null`,
    [id],
  )
  return rowCount === 1
}

/** A lost picture is whole again: it is shown in place of the drawn one. */
export async function markImageFound(tx: Queryable, { id, productId }: Pick<Image, 'id' | 'productId'>): Promise<void> {
  const { rowCount } = await tx.query(
    `update images
        set state = 'ready', missing_told_at = null
      where id = $1
        and state = 'missing'`,
    [id],
  )
  if (rowCount === 0) return
  await tx.query(
    `update products
        set image_id = $2
      where id = $1
        and (image_id is null or exists (select from images i where i.id = image_id and i.source = 'drawn'))`,
    [productId, id],
  )
}

/** Products whose pictures the start-up sync looks at, in pages by id. */
export async function listProductsWithPictures(
  db: Queryable,
  after: ProductId | undefined,
  limit: number,
): Promise<ProductId[]> {
  const { rows } = await db.query<{ id: ProductId }>(
    `select id
       from products
      where status not in ('deleted', 'purged')
        and ($1::uuid is null or id > $1)
      order by id
      limit $2`,
    [after ?? null, limit],
  )
  return rows.map(({ id }) => id)
}
