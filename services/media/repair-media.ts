import { type Logger } from 'pino'
import {
  ensureDrawnImage,
  findCurrentImage,
  findLostImage,
  findProductToDraw,
  type Image,
  markImageFound,
  markImageMissing,
  markImageReady,
  setThumb,
  type ProductToDraw,
  showDrawnImage,
} from '../../shared/db/images.ts'
import { type Database, inTransaction } from '../../shared/db/pool.ts'
import { recountBytesOf } from '../../shared/db/quotas.ts'
import { imageKey } from '../../shared/domain/object-key.ts'
import { type ProductId } from '../../shared/domain/ids.ts'
import { type MediaMissing } from '../../shared/events/index.ts'
import { notify } from '../../shared/messaging/notify.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { putOnSale } from '../../shared/messaging/put-on-sale.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { StorageUnavailable } from '../../shared/storage/errors.ts'
import { drawPlaceholder, initialOf } from './draw-placeholder.ts'
import { type CopyDeps, type CopyOutcome, keepCopy, replaceCopy } from './keep-copies.ts'
import { remakeCover } from './remake-cover.ts'
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

export type PictureOutcome = CopyOutcome | 'drawn' | 'remade' | 'found'

/** What was done for each copy of the product's picture; nothing for a product that is gone. */
export async function repairPictures(deps: RepairMediaDeps, productId: ProductId): Promise<PictureOutcome[]> {
  const image = await findCurrentImage(deps.db, productId)
  if (image?.source === 'sent' && image.copies.length > 0) return keepSent(deps, image)
  return (await bringBack(deps, productId)) ?? (await keepDrawn(deps, productId, image))
}

async function keepCopies(deps: RepairMediaDeps, image: Image): Promise<CopyOutcome[]> {
  const outcomes: CopyOutcome[] = []
  for (const copy of image.copies) outcomes.push(await keepCopy(deps, copy))
  await failpoint('media.fetched')
  return outcomes
}

/** A lost thumbnail is made again from its cover, and a lost cover from what was sent; when that is lost too, one is drawn. */
async function keepSent(deps: RepairMediaDeps, image: Image): Promise<PictureOutcome[]> {
  const outcomes = await keepCopies(deps, image)
  const [cover, thumb] = outcomes
  if (cover === 'lost') {
    if (await remakeCover(deps, image)) return [...outcomes, 'remade']
    await tellLost(deps, image)
    return [...outcomes, ...(await keepDrawn(deps, image.productId, undefined))]
  }
  return thumb === 'lost' ? [...outcomes, ...(await remake(deps, image))] : outcomes
}

async function remake(deps: RepairMediaDeps, image: Image): Promise<PictureOutcome[]> {
  const [cover, thumb] = image.copies
  if (cover === undefined || thumb === undefined) return []
  const remade = await remakeThumb(deps, cover, thumb.key)
  await inTransaction(deps.db, async (tx) => {
    await setThumb(tx, image.id, remade)
    await recountBytesOf(tx, image.productId)
  })
  return ['remade']
}

/** A picture that was given up may turn up again, on another disk or when the bucket is restored. */
async function bringBack(deps: RepairMediaDeps, productId: ProductId): Promise<PictureOutcome[] | undefined> {
  const lost = await findLostImage(deps.db, productId)
  if (lost === undefined) return undefined
  const outcomes = await keepCopies(deps, lost)
  if (outcomes.length === 0 || outcomes[0] === 'lost') return undefined
  const remade = outcomes.includes('lost') ? await remake(deps, lost) : []
  await inTransaction(deps.db, (tx) => markImageFound(tx, lost))
  deps.log.info({ productId, imageId: lost.id }, 'a lost picture was found again')
  return [...outcomes, ...remade, 'found']
}

/** The drawn picture of a product, drawn anew when it is lost or shows what the product is no longer called. */
async function keepDrawn(
  deps: RepairMediaDeps,
  productId: ProductId,
  image: Image | undefined,
): Promise<PictureOutcome[]> {
  const product = await findProductToDraw(deps.db, productId)
  if (product === undefined) return []
  if (image === undefined || image.copies.length === 0 || image.drawnFrom !== drawnFrom(product)) {
    return draw(deps, product)
  }
  const outcomes = await keepCopies(deps, image)
  return outcomes.includes('lost') ? [...outcomes, ...(await draw(deps, product))] : outcomes
}

const drawnFrom = ({ title, color }: ProductToDraw): string => `${initialOf(title)} ${color}`

async function draw(deps: RepairMediaDeps, product: ProductToDraw): Promise<PictureOutcome[]> {
  const { productId, title, color } = product
  const imageId = await ensureDrawnImage(deps.db, productId)
  const pictures = await drawPlaceholder(title, color)
  const cover = await replaceCopy(deps, imageKey(productId, imageId, 'cover.jpg'), pictures.cover)
  const thumb = await replaceCopy(deps, imageKey(productId, imageId, 'thumb.jpg'), pictures.thumb)
  await failpoint('media.prepared')
  await inTransaction(deps.db, async (tx) => {
    await markImageReady(tx, imageId, { cover, thumb, side: pictures.side, drawnFrom: drawnFrom(product) })
    await showDrawnImage(tx, productId, imageId)
    await putOnSale(tx, productId)
  })
  await failpoint('media.recorded')
  return ['drawn']
}

/** A picture somebody sent is gone on both sides: people are told once, and a drawn one takes its place. */
async function tellLost({ db, log }: RepairMediaDeps, { id: imageId, productId }: Image): Promise<void> {
  log.error({ productId, imageId }, 'a picture is lost on both sides')
  await inTransaction(db, async (tx) => {
    if (!(await markImageMissing(tx, imageId))) return
    const owner = await findProductToDraw(tx, productId)
    const alert = { about: 'lost picture', title: owner?.title ?? productId } as const
    await alertAdmins(tx, `image:${imageId}`, alert, { ref: productId })
    if (owner !== undefined) await notify(tx, owner.sellerId, imageId, { kind: 'picture lost', productId, imageId })
  })
}
