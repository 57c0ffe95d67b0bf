import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Logger } from 'pino'
import { type Database } from '../../shared/db/pool.ts'
import { findProductPicture, type ProductPicture } from '../../shared/db/product-pictures.ts'
import { dropTelegramFile, findTelegramFile } from '../../shared/db/telegram-files.ts'
import { type ProductId } from '../../shared/domain/ids.ts'
import { type ObjectStore } from '../../shared/storage/object-store.ts'

export type FindCoverDeps = {
  readonly db: Database
  readonly bucket: Pick<ObjectStore, 'get'>
  readonly log: Logger
  /** Where the local copies of pictures are. */
  readonly dataDir: string
}

/** A verified cover: as Telegram knows it already, or its bytes. */
export type Cover =
  | { readonly kind: 'known'; readonly sha256: string; readonly fileId: string }
  | { readonly kind: 'bytes'; readonly sha256: string; readonly bytes: Buffer }

const bucketDeadlineMs = 3_000

/** The covers there are, the fastest source first. Nobody waits long for a picture, and nothing fails for want of one. */
export async function* coverSources(deps: FindCoverDeps, botId: bigint, product: ProductId): AsyncGenerator<Cover> {
  const picture = await findProductPicture(deps.db, product)
  if (picture === undefined) return
  const sha256 = picture.coverSha256
  const fileId = await findTelegramFile(deps.db, botId, sha256, 'photo')
  if (fileId !== undefined) {
    yield { kind: 'known', sha256, fileId }
    await dropTelegramFile(deps.db, botId, fileId) // asked for the next one: this one was refused
  }
  const bytes = (await readLocal(deps, picture)) ?? (await readBucket(deps, picture))
  if (bytes !== undefined) yield { kind: 'bytes', sha256, bytes }
}

async function readLocal({ dataDir }: FindCoverDeps, picture: ProductPicture): Promise<Buffer | undefined> {
  try {
    const bytes = await readFile(join(dataDir, picture.coverKey))
    return createHash('sha256').update(bytes).digest('hex') === picture.coverSha256 ? bytes : undefined
  } catch {
    return undefined // not here, or not readable: the bucket has it
  }
}

async function readBucket({ bucket, log }: FindCoverDeps, picture: ProductPicture): Promise<Buffer | undefined> {
  const expected = { sizeBytes: Number(picture.coverBytes), sha256: picture.coverSha256 }
  try {
    return await bucket.get(picture.coverKey, expected, { signal: AbortSignal.timeout(bucketDeadlineMs) })
  } catch (err) {
    log.warn({ err, reason: 'media.fallback', imageId: picture.imageId }, 'cannot fetch a cover from the bucket')
    return undefined
  }
}
