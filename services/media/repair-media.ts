import { type Logger } from 'pino'
import {
  ensureDrawnImage,
  findCurrentImage,
  findProductToDraw,
  type Image,
  markImageMissing,
  markImageReady,
  setThumb,
  type ProductToDraw,
  showDrawnImage,
} from '../../shared/db/images.ts'
import { type Database, inTransaction } from '../../shared/db/pool.ts'
import { imageKey } from '../../shared/domain/object-key.ts'
import { type ProductId } from '../../shared/domain/ids.ts'
import { adminAlert, type MediaMissing } from '../../shared/events/index.ts'
import { notify } from '../../shared/messaging/notify.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { StorageUnavailable } from '../../shared/storage/errors.ts'
import { drawPlaceholder } from './draw-placeholder.ts'
import { type CopyDeps, type CopyOutcome, keepCopy, storeCopy } from './keep-copies.ts'
import { remakeThumb } from './remake-thumb.ts'

export type RepairMediaDeps = CopyDeps & { readonly db: Database; readonly log: Logger }

/** Brings a product's pictures back to where they belong, or draws one when there is none. */
export async function repairMedia(deps: RepairMediaDeps, { productId }: MediaMissing): Promise<void> {
  try {
    const outcomes = await repairPictures(deps, productId)
    deps.log.info({ productId, outcomes }, 'pictures repaired')
  } catch (error) {
    // However long the bucket is away, the picture is not given up.
    if (error instanceof StorageUnavailable) throw new RetryLater(bucketPauseMs, error.message)
    throw error
  }
}

const bucketPauseMs = 30_000

export type PictureOutcome = CopyOutcome | 'drawn' | 'remade'

/** What was done for each copy of the product's picture; nothing for a product that is gone. */
export async function repairPictures(deps: RepairMediaDeps, productId: ProductId): Promise<PictureOutcome[]> {
  const product = await findProductToDraw(deps.db, productId)
  if (product === undefined) return []
  const image = await findCurrentImage(deps.db, productId)
  if (image === undefined || image.copies.length === 0) return draw(deps, product)

  const outcomes: PictureOutcome[] = []
  for (const copy of image.copies) outcomes.push(await keepCopy(deps, copy))
  await failpoint('media.fetched')
  if (!outcomes.includes('lost')) return outcomes
  return [...outcomes, ...(await replaceLost(deps, image, product, outcomes[0] === 'lost'))]
}

/** A lost thumbnail is made again from its cover; in place of a lost cover one is drawn. */
async function replaceLost(
  deps: RepairMediaDeps,
  image: Image,
  product: ProductToDraw,
  isCoverLost: boolean,
): Promise<PictureOutcome[]> {
  const [cover, thumb] = image.copies
  if (image.source === 'sent' && !isCoverLost && cover !== undefined && thumb !== undefined) {
    await setThumb(deps.db, image.id, await remakeThumb(deps, cover, thumb.key))
    return ['remade']
  }
  if (image.source === 'sent') await tellLost(deps, image, product)
  return draw(deps, product)
}

async function draw(deps: RepairMediaDeps, { productId, title, color }: ProductToDraw): Promise<PictureOutcome[]> {
  const imageId = await ensureDrawnImage(deps.db, productId)
  const pictures = await drawPlaceholder(title, color)
  const cover = await storeCopy(deps, imageKey(productId, imageId, 'cover.jpg'), pictures.cover)
  const thumb = await storeCopy(deps, imageKey(productId, imageId, 'thumb.jpg'), pictures.thumb)
  await failpoint('media.prepared')
  await inTransaction(deps.db, async (tx) => {
    await markImageReady(tx, imageId, { cover, thumb, side: pictures.side })
    await showDrawnImage(tx, productId, imageId)
  })
  await failpoint('media.recorded')
  return ['drawn']
}

/** A picture somebody sent is gone on both sides: people are told once, and a drawn one takes its place. */
async function tellLost({ db, log }: RepairMediaDeps, image: Image, { title, sellerId }: ProductToDraw): Promise<void> {
  log.error({ productId: image.productId, imageId: image.id }, 'a picture is lost on both sides')
  await inTransaction(db, async (tx) => {
    if (!(await markImageMissing(tx, image.id))) return
    const text = `The picture of "${title}" is lost on the disk and in the bucket; a drawn one is shown instead`
    await enqueue(tx, adminAlert, `image:${image.id}`, { kind: 'media', text, ref: image.productId })
    await notify(tx, sellerId, image.id, { kind: 'picture lost', productId: image.productId, imageId: image.id })
  })
}
