import { type HeldDelivery } from '../../shared/db/deliveries.ts'
import { saveTelegramFile } from '../../shared/db/telegram-files.ts'
import { isRefused } from '../../shared/telegram/errors.ts'
import { type Html } from '../../shared/telegram/html.ts'
import { readSentMessage } from '../../shared/telegram/message.ts'
import { type Params } from '../../shared/telegram/params.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'
import { type Cover, coverSources } from './find-cover.ts'
import { type MessageInHand } from './hold-message.ts'
import { type Said, withPlainFallback } from './plain-fallback.ts'

/** Words where a file should be: a link to it, or why it is late. */
export type Words = { readonly text: Html; readonly keyboard?: object }

/**
 * Edits the message into words. The picture of an order message is the QR code that was paid, so the product's cover takes
 * its place; without a cover at hand only the words change.
 */
export async function showWords(
  deps: DeliverOrderDeps,
  delivery: HeldDelivery,
  message: MessageInHand,
  messageId: bigint,
  words: Words,
): Promise<void> {
  const where = { chat_id: delivery.chatId, message_id: messageId, reply_markup: words.keyboard }
  await message.renew()
  if (delivery.kind === 'initial' && (await showWithCover(deps, delivery, message, where, words))) return
  await message.renew()
  await editCaptionOrText(deps, where, words)
}

async function showWithCover(
  deps: DeliverOrderDeps,
  delivery: HeldDelivery,
  message: MessageInHand,
  where: Params,
  { text }: Words,
): Promise<boolean> {
  for await (const cover of coverSources(deps, deps.telegram.botId, delivery.productId)) {
    await message.renew()
    try {
      await withPlainFallback(text, (said) => editCover(deps, where, cover, said))
      return true
    } catch (error) {
      if (isRefused(error, 'not modified')) return true
      if (!isRefused(error, 'file refused', 'picture refused', 'too large', 'other')) throw error
      deps.log.warn({ err: error, orderId: delivery.orderId, reason: 'media.fallback' }, 'telegram refused a cover')
    }
  }
  return false
}

async function editCover({ db, telegram }: DeliverOrderDeps, where: Params, cover: Cover, said: Said): Promise<void> {
  const { text: caption, ...mode } = said
  const media = { type: 'photo', caption, ...mode }
  if (cover.kind === 'known') {
    await telegram.call('editMessageMedia', { ...where, media: { ...media, media: cover.fileId } })
    return
  }
  const answer = await telegram.upload(
    {
      method: 'editMessageMedia',
      params: { ...where, media: { ...media, media: 'attach://cover' } },
      files: { cover: { name: 'cover.jpg', contentType: 'image/jpeg', source: { bytes: cover.bytes } } },
    },
    { deadlineMs: 10_000 },
  )
  const fileId = readSentMessage(answer)?.fileId
  if (fileId !== undefined) await saveTelegramFile(db, telegram.botId, cover.sha256, 'photo', fileId)
}

async function editCaptionOrText({ telegram }: DeliverOrderDeps, where: Params, { text }: Words): Promise<void> {
  try {
    await withPlainFallback(text, ({ text: caption, ...mode }) =>
      telegram.call('editMessageCaption', { ...where, ...mode, caption }),
    )
  } catch (error) {
    if (isRefused(error, 'not modified')) return
    // Wording tells a text (which has no caption) from a message that is gone.
    if (!isRefused(error, 'message gone') || !error.description.includes('no caption')) throw error
    await editText(telegram, where, text)
  }
}

async function editText(telegram: DeliverOrderDeps['telegram'], where: Params, text: Html): Promise<void> {
  try {
    await withPlainFallback(text, (said) => telegram.call('editMessageText', { ...where, ...said }))
  } catch (error) {
    if (!isRefused(error, 'not modified')) throw error
  }
}
