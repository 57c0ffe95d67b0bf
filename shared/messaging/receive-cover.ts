import { insertSentImage, lockProductToPicture, markImageOvertaken, setNextImage } from '../db/sent-images.ts'
import { queueRemovals } from '../db/object-removals.ts'
import { type Queryable } from '../db/pool.ts'
import { type ImageId, type PersonId, type ProductId } from '../domain/ids.ts'
import { imageObjects } from '../domain/object-key.ts'
import { coverReceived } from '../events/index.ts'
import { enqueue } from './outbox.ts'

export type ReceivedCover = { readonly kind: 'received'; readonly imageId: ImageId } | { readonly kind: 'not found' }

export type SentCover = {
  readonly seller: PersonId
  readonly productId: ProductId
  readonly telegramFileId: string
  readonly sizeBytes: bigint
}

/** Takes a picture a seller sent: it takes the place of an unprepared one, and `media` hears of it. */
export async function receiveCover(tx: Queryable, sent: SentCover): Promise<ReceivedCover> {
  const product = await lockProductToPicture(tx, sent.seller, sent.productId)
  if (product === undefined) return { kind: 'not found' }
  const imageId = await insertSentImage(tx, sent)
  if (product.nextImageId !== null) {
    await markImageOvertaken(tx, product.nextImageId)
    await queueRemovals(tx, imageObjects(sent.productId, product.nextImageId), 'replaced')
  }
  await setNextImage(tx, sent.productId, imageId)
  await enqueue(tx, coverReceived, imageId, { imageId })
  return { kind: 'received', imageId }
}
