import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Database, inTransaction } from '../shared/db/pool.ts'
import { recountBytes } from '../shared/db/quotas.ts'
import { imageKey, originalKey } from '../shared/domain/object-key.ts'
import { type ObjectStore } from '../shared/storage/object-store.ts'
import { products, type SeedProduct, sellers } from './seed/catalogue.ts'
import { cutThumbnail, drawCover } from './seed/draw-cover.ts'
import {
  insertProduct,
  insertSeller,
  isSeeded,
  newIds,
  type SeedIds,
  type SeedObject,
  type SeedPicture,
} from './seed/insert-shop.ts'
import { contentTypeOf, makeFile } from './seed/make-file.ts'

export type SeedDeps = {
  readonly db: Database
  readonly bucket: ObjectStore
  readonly dataDir: string
  /** Told after each product that was made. */
  readonly progress: (title: string) => void
}

/** Fills an empty shop with sellers, pictures and files made here. What is there already stays as it is. */
export async function seed(deps: SeedDeps, wanted: readonly SeedProduct[] = products): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    for (const seller of sellers) await insertSeller(tx, seller)
  })
  for (const product of wanted) {
    if (await isSeeded(deps.db, product.code)) continue
    await seedProduct(deps, product)
    deps.progress(product.title)
  }
}

async function seedProduct(deps: SeedDeps, product: SeedProduct): Promise<void> {
  const ids = await newIds(deps.db)
  const original = await storeOriginal(deps, ids, product)
  const picture = await storePicture(deps, ids, product)
  await inTransaction(deps.db, async (tx) => {
    const seller = await insertProduct(tx, ids, product, original, picture)
    await recountBytes(tx, seller)
  })
}

async function storeOriginal({ bucket, dataDir }: SeedDeps, ids: SeedIds, product: SeedProduct) {
  const path = join(dataDir, 'seed', ids.file)
  const contentType = contentTypeOf(product.file)
  await mkdir(dirname(path), { recursive: true })
  try {
    await makeFile(product, path)
    const { size } = await stat(path)
    const key = originalKey(ids.product, ids.file)
    const stored = await bucket.put(key, { path, sizeBytes: size }, { contentType })
    return { ...stored, key, contentType }
  } finally {
    await rm(path, { force: true })
  }
}

async function storePicture(deps: SeedDeps, ids: SeedIds, product: SeedProduct): Promise<SeedPicture | undefined> {
  const cover = await drawCover(product)
  if (cover === undefined) return undefined
  return {
    side: 1024,
    cover: await storeImage(deps, ids, 'cover.jpg', cover),
    thumb: await storeImage(deps, ids, 'thumb.jpg', await cutThumbnail(cover)),
  }
}

async function storeImage(
  { bucket, dataDir }: SeedDeps,
  ids: SeedIds,
  name: 'cover.jpg' | 'thumb.jpg',
  bytes: Buffer,
): Promise<SeedObject> {
  const key = imageKey(ids.product, ids.image, name)
  const path = join(dataDir, key)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
  const stored = await bucket.put(key, bytes, { contentType: 'image/jpeg' })
  return { ...stored, key }
}
