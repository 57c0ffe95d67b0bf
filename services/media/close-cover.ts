import { type Logger } from 'pino'
import { queueRemovals } from '../../shared/db/object-removals.ts'
import { type Database, inTransaction, type Queryable } from '../../shared/db/pool.ts'
import { takeBytes } from '../../shared/db/quotas.ts'
import {
  type ClaimedImage,
  lockProductOfImage,
  markImagesReplaced,
  markSentImageReady,
  markSentImageRejected,
  type PreparedImage,
  showImage,
} from '../../shared/db/sent-images.ts'
import { type CoverRefusal } from '../../shared/domain/notice.ts'
import { imageObjects } from '../../shared/domain/object-key.ts'
import { notify } from '../../shared/messaging/notify.ts'
import { putOnSale } from '../../shared/messaging/put-on-sale.ts'

export type CloseCoverDeps = { readonly db: Database; readonly log: Logger }

/** `overtaken`: somebody else closed it meanwhile. */
export type Shown = 'shown' | 'overtaken' | 'deleted' | 'quota'

/** Thrown to undo what was begun. */
class NoRoom extends Error {}

/** The picture is what the product shows from now on; what was shown before goes. */
export async function showCover(
  { db, log }: CloseCoverDeps,
  image: ClaimedImage,
  prepared: PreparedImage,
): Promise<Shown> {
  try {
    const shown = await inTransaction(db, (tx) => show(tx, image, prepared))
    if (shown === 'shown') log.info({ imageId: image.id, productId: image.productId }, 'a cover is ready')
    return shown
  } catch (error) {
    if (error instanceof NoRoom) return 'quota'
    throw error
  }
}

async function show(tx: Queryable, image: ClaimedImage, prepared: PreparedImage): Promise<Shown> {
  const product = await lockProductOfImage(tx, image.id)
  if (product === undefined) return 'overtaken'
  if (product.isGone) return 'deleted'
  const { productId, sellerId } = product
  if (!(await markSentImageReady(tx, image, prepared))) return 'overtaken'
  const replaced = await markImagesReplaced(tx, productId, image.id)
  const { original, cover, thumb } = prepared
  const bytes = original.sizeBytes + cover.sizeBytes + thumb.sizeBytes
  const freed = replaced.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0n)
  if (!(await takeBytes(tx, sellerId, bytes, freed))) throw new NoRoom()
  await showImage(tx, productId, image.id)
  const keys = replaced.flatMap(({ keys }) => keys.map((objectKey) => ({ objectKey })))
  await queueRemovals(tx, keys, 'replaced')
  await putOnSale(tx, productId)
  return 'shown'
}

/** The picture is not taken: its sender hears why, and nothing of it stays. */
export async function refuseCover(
  { db, log }: CloseCoverDeps,
  image: ClaimedImage,
  reason: CoverRefusal | 'deleted',
): Promise<void> {
  const isOurs = await inTransaction(db, async (tx) => {
    const product = await lockProductOfImage(tx, image.id)
    if (product === undefined || !(await markSentImageRejected(tx, image, reason))) return false
    await queueRemovals(tx, imageObjects(image.productId, image.id), 'rejected')
    if (reason !== 'deleted') {
      const { productId, sellerId } = product
      await notify(tx, sellerId, image.id, { kind: 'cover refused', productId, imageId: image.id, reason })
    }
    return true
  })
  if (isOurs) log.info({ imageId: image.id, reason }, 'a cover is refused')
}
