import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type ProductId } from '../../shared/domain/ids.ts'
import { inTransaction } from '../../shared/db/pool.ts'
import { findProductPicture, type ProductPicture } from '../../shared/db/product-pictures.ts'
import { takeToken } from '../../shared/db/rate-buckets.ts'
import { dropTelegramFile, findTelegramFile, saveTelegramFile } from '../../shared/db/telegram-files.ts'
import { mediaMissing } from '../../shared/events/index.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'
import { type BotDeps } from './context.ts'

/** What a screen shows: one of the pictures the bot is shipped with, or the cover of a product. */
export type Picture = 'home' | 'neutral' | { readonly product: ProductId }

/** Something Telegram can be given: its own id for the picture, or a file. */
export type PictureSource =
  | { readonly kind: 'cached'; readonly sha256: string; readonly fileId: string }
  | { readonly kind: 'file'; readonly sha256: string; readonly path: string }

export type PictureDeps = Pick<BotDeps, 'db' | 'bot' | 'bucket' | 'config' | 'log'>

const bucketDeadlineMs = 3_000
const shipped = fileURLToPath(new URL('assets/', import.meta.url))

/** Where a picture can be had, the fastest source first. The next one is only looked for when the last was refused. */
export async function* pictureSources(deps: PictureDeps, picture: Picture): AsyncGenerator<PictureSource> {
  if (typeof picture === 'string') {
    yield* shippedSources(deps, picture)
    return
  }
  const cover = await findProductPicture(deps.db, picture.product)
  if (cover !== undefined) yield* coverSources(deps, picture.product, cover)
  await tellMissing(deps, picture.product)
  yield* shippedSources(deps, 'neutral')
}

async function* coverSources(
  deps: PictureDeps,
  product: ProductId,
  cover: ProductPicture,
): AsyncGenerator<PictureSource> {
  const sha256 = cover.coverSha256
  yield* cachedSource(deps, sha256)
  const path = join(deps.config.dataDir, 'images', product, cover.imageId, 'cover.jpg')
  if ((await isIntact(path, sha256)) || (await fetchCover(deps, cover, path))) yield { kind: 'file', sha256, path }
}

async function* shippedSources(deps: PictureDeps, name: 'home' | 'neutral'): AsyncGenerator<PictureSource> {
  const path = join(shipped, `${name}.jpg`)
  const sha256 = digest(await readFile(path))
  yield* cachedSource(deps, sha256)
  yield { kind: 'file', sha256, path }
}

async function* cachedSource({ db, bot }: PictureDeps, sha256: string): AsyncGenerator<PictureSource> {
  const fileId = await findTelegramFile(db, bot.id, sha256, 'photo')
  if (fileId !== undefined) yield { kind: 'cached', sha256, fileId }
}

/** Remembers Telegram's id, so that the picture is not uploaded again. */
export async function rememberPicture(
  { db, bot }: PictureDeps,
  { kind, sha256 }: PictureSource,
  fileId: string | undefined,
): Promise<void> {
  if (kind === 'file' && fileId !== undefined) await saveTelegramFile(db, bot.id, sha256, 'photo', fileId)
}

/** Forgets an id that Telegram no longer takes. */
export async function forgetPicture({ db, bot }: PictureDeps, source: PictureSource): Promise<void> {
  if (source.kind === 'cached') await dropTelegramFile(db, bot.id, source.fileId)
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function isIntact(path: string, sha256: string): Promise<boolean> {
  try {
    return digest(await readFile(path)) === sha256
  } catch {
    // not here, or not readable: the bucket has it
    return false
  }
}

/** What is being fetched from the bucket at this moment, by where it goes. */
const fetches = new Map<string, Promise<boolean>>()

/** The bucket's copy, if it comes in time. Nobody waits long for a picture; the fetch goes on for whoever looks next. */
async function fetchCover(deps: PictureDeps, cover: ProductPicture, path: string): Promise<boolean> {
  const fetching = fetches.get(path) ?? download(deps, cover, path).finally(() => fetches.delete(path))
  fetches.set(path, fetching)
  const inTime = new AbortController()
  const isLate = pause(bucketDeadlineMs, false, { signal: inTime.signal }).catch(() => false)
  return Promise.race([fetching, isLate]).finally(() => {
    inTime.abort()
  })
}

async function download({ bucket, log }: PictureDeps, cover: ProductPicture, path: string): Promise<boolean> {
  const expected = { sizeBytes: Number(cover.coverBytes), sha256: cover.coverSha256 }
  try {
    await mkdir(dirname(path), { recursive: true })
    await bucket.download(cover.coverKey, path, expected)
    return true
  } catch (err) {
    log.warn({ err, reason: 'media.fallback', imageId: cover.imageId }, 'cannot fetch a cover from the bucket')
    return false
  }
}

/** Asks `media` to repair the pictures of a product, every ten minutes at most. A screen never waits for it. */
async function tellMissing({ db }: PictureDeps, product: ProductId): Promise<void> {
  await inTransaction(db, async (tx) => {
    if (!(await takeToken(tx, `media.missing:${product}`, { burst: 1, perSecond: 1 / 600 }))) return
    await enqueue(tx, mediaMissing, product, { productId: product })
  })
}
