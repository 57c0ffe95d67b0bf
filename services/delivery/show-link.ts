import { type HeldDelivery } from '../../shared/db/deliveries.ts'
import { insertDownloadLink } from '../../shared/db/download-links.ts'
import { largestDocumentBytes, linkLifetimeMs } from '../../shared/domain/delivery.ts'
import { ObjectCorrupt, ObjectMissing } from '../../shared/storage/errors.ts'
import { textsFor } from '../../shared/texts/index.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'
import { hashToken, newToken } from '../../shared/web/link-token.ts'
import { type MessageInHand } from './hold-message.ts'
import { showWords } from './show-words.ts'

/** Edits the message into a way to the file, valid for a day. As repeatable as the document's edit; each has its own link. */
export async function showLink(
  deps: DeliverOrderDeps,
  delivery: HeldDelivery,
  message: MessageInHand,
  messageId: bigint,
): Promise<void> {
  await message.renew()
  await checkOriginal(deps, delivery)
  const token = newToken()
  await insertDownloadLink(deps.db, {
    tokenHash: hashToken(token),
    orderId: delivery.orderId,
    fileId: delivery.fileId,
    lifetimeMs: linkLifetimeMs,
  })
  const texts = textsFor(delivery.language).delivery
  const isTooLarge = delivery.sizeBytes > largestDocumentBytes
  const text = texts.link({ ...delivery, reason: isTooLarge ? 'too large' : 'not taken' })
  const keyboard = { inline_keyboard: [[{ text: texts.linkButton, url: `${deps.publicUrl}/d/${token}` }]] }
  await showWords(deps, delivery, message, messageId, { text, keyboard })
}

/** Nobody is sent to an object that is not there. Its bytes are the monthly check's: it may have gigabytes. */
async function checkOriginal({ bucket }: DeliverOrderDeps, delivery: HeldDelivery): Promise<void> {
  const { objectKey, sizeBytes, isDamaged } = delivery
  if (isDamaged) throw new ObjectCorrupt(objectKey, 'it was found damaged before')
  const head = await bucket.head(objectKey)
  if (head === undefined) throw new ObjectMissing(objectKey)
  if (BigInt(head.sizeBytes) === sizeBytes) return
  throw new ObjectCorrupt(objectKey, `expected ${sizeBytes} bytes, got ${head.sizeBytes}`)
}
