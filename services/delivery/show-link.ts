import { randomBytes } from 'node:crypto'
import { type HeldDelivery } from '../../shared/db/deliveries.ts'
import { insertDownloadLink } from '../../shared/db/download-links.ts'
import { largestDocumentBytes, linkLifetimeMs } from '../../shared/domain/delivery.ts'
import { isRefused } from '../../shared/telegram/errors.ts'
import { textsFor } from '../../shared/texts/index.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'
import { hashToken } from './download-page/token.ts'
import { type MessageInHand } from './hold-message.ts'

/**
 * Edits the message into a way to the file, valid for a day. A photo keeps its picture, because a photo can never become
 * text again; the edit is as repeatable as the document's, and each has a link of its own.
 */
export async function showLink(
  deps: DeliverOrderDeps,
  delivery: HeldDelivery,
  message: MessageInHand,
  messageId: bigint,
): Promise<void> {
  await message.renew()
  const token = randomBytes(32).toString('base64url')
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
  await editTextOrCaption(deps, delivery.chatId, messageId, text, keyboard)
}

async function editTextOrCaption(
  { telegram }: DeliverOrderDeps,
  chatId: bigint,
  messageId: bigint,
  text: string,
  keyboard: object,
): Promise<void> {
  const common = { chat_id: chatId, message_id: messageId, parse_mode: 'HTML', reply_markup: keyboard }
  try {
    await telegram.call('editMessageCaption', { ...common, caption: text })
  } catch (error) {
    if (isRefused(error, 'not modified')) return
    // Wording tells a text (which has no caption) from a message that is gone.
    if (!isRefused(error, 'message gone') || !error.description.includes('no caption')) throw error
    await telegram.call('editMessageText', { ...common, text })
  }
}
