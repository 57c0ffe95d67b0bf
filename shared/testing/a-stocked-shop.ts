import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { type Queryable } from '../db/pool.ts'
import { type FileId, type ImageId, type ProductId } from '../domain/ids.ts'
import { imageKey, originalKey } from '../domain/object-key.ts'
import { type ObjectStore } from '../storage/object-store.ts'
import { aProductOnSale, aReadyFile, type ProductOnSale } from './a-shop.ts'

export type StockedProduct = ProductOnSale & { readonly key: string; readonly bytes: Buffer }

/** A product whose original lies in the bucket. */
export async function aStockedProduct(db: Queryable, store: ObjectStore): Promise<StockedProduct> {
  const product = await aProductOnSale(db)
  return { ...product, ...(await stock(db, store, product.id, product.fileId)) }
}

export type StockedVersion = { readonly fileId: FileId; readonly key: string; readonly bytes: Buffer }

/** Another version of it, current from now on. */
export async function aStockedVersion(db: Queryable, store: ObjectStore, product: ProductId): Promise<StockedVersion> {
  const fileId = await aReadyFile(db, product)
  return { fileId, ...(await stock(db, store, product, fileId)) }
}

async function stock(
  db: Queryable,
  store: ObjectStore,
  product: ProductId,
  file: FileId,
): Promise<{ key: string; bytes: Buffer }> {
  const bytes = randomBytes(500)
  const key = originalKey(product, file)
  const { sha256 } = await store.put(key, bytes, { contentType: 'application/pdf' })
  await db.query(`update product_files set object_key = $2, sha256 = $3, size_bytes = $4 where id = $1`, [
    file,
    key,
    sha256,
    bytes.length,
  ])
  return { key, bytes }
}

/** The keys of a picture of it in the bucket; one that is ready is shown. */
export async function aStockedPicture(
  db: Queryable,
  store: ObjectStore,
  product: ProductId,
  state = 'ready',
): Promise<readonly string[]> {
  const { rows } = await db.query<{ id: ImageId }>(`insert into images (product_id) values ($1) returning id`, [
    product,
  ])
  const id = rows[0]?.id ?? assert.fail('no image')
  const [cover, thumb] = [imageKey(product, id, 'cover.jpg'), imageKey(product, id, 'thumb.jpg')]
  const sha256 = createHash('sha256').update('picture').digest('hex')
  for (const key of [cover, thumb]) await store.put(key, Buffer.from('picture'), { contentType: 'image/jpeg' })
  await db.query(
    `update images set state = $5, cover_key = $2, cover_sha256 = $4, cover_bytes = 7,
                       thumb_key = $3, thumb_sha256 = $4, thumb_bytes = 7 where id = $1`,
    [id, cover, thumb, sha256, state],
  )
  if (state === 'ready') await db.query(`update products set image_id = $2 where id = $1`, [product, id])
  return [cover, thumb]
}

/** Every key that takes space in the bucket, hidden ones included. */
export async function keysIn(store: ObjectStore, prefix = ''): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.listKept(prefix)) keys.push(key)
  return keys
}
