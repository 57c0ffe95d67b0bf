import { findPreview } from '../../../shared/db/product-previews.ts'
import { findProduct } from '../../../shared/db/products.ts'
import { dropTelegramFile, findTelegramFile, saveTelegramFile } from '../../../shared/db/telegram-files.ts'
import { type Preview } from '../../../shared/domain/preview.ts'
import { isRefused } from '../../../shared/telegram/errors.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { readSentMessage } from '../../../shared/telegram/message.ts'
import { asMessage } from '../../../shared/telegram/text-length.ts'
import { type ArgumentsOf } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'

type Picture = Extract<Preview, { kind: 'picture' }>

const bucketDeadlineMs = 10_000

/** What may be seen of a file before it is bought: a message of its own, which cannot be forwarded or saved. */
export const preview: Feature = (features) => {
  features.press('preview', showPreview)
}

async function showPreview(ctx: BotContext, place: ArgumentsOf<'preview'>): Promise<void> {
  const { deps, chatId, texts } = ctx
  const product = await findProduct(deps.db, ctx.person.id, place.product)
  const found = product?.isVisible === true ? await findPreview(deps.db, product.id) : undefined
  if (product === undefined || found === undefined) return ctx.go('product', place)
  if (found.kind === 'picture') return sendPicture(ctx, found, texts.storefront.previewOf(product.title))
  const text = asMessage(texts.storefront.contentsOf(product.title, found.entries, found.more))
  await deps.telegram.call('sendMessage', { chat_id: chatId, text, parse_mode: 'HTML', protect_content: true })
}

async function sendPicture(ctx: BotContext, picture: Picture, caption: Html): Promise<void> {
  const { db, bot, telegram } = ctx.deps
  const params = { chat_id: ctx.chatId, caption, parse_mode: 'HTML', protect_content: true }
  const known = await findTelegramFile(db, bot.id, picture.sha256, 'photo')
  if (known !== undefined) {
    try {
      await telegram.call('sendPhoto', { ...params, photo: known })
      return
    } catch (error) {
      if (!isRefused(error, 'file refused', 'picture refused')) throw error
      await dropTelegramFile(db, bot.id, known)
    }
  }
  const bytes = await fetchPicture(ctx, picture)
  if (bytes === undefined) return ctx.toast(ctx.texts.storefront.previewAway)
  const photo = { name: 'preview.jpg', contentType: 'image/jpeg', source: { bytes } }
  const sent = readSentMessage(await telegram.upload({ method: 'sendPhoto', params, files: { photo } }))
  if (sent?.fileId !== undefined) await saveTelegramFile(db, bot.id, picture.sha256, 'photo', sent.fileId)
}

/** Verified bytes, or nothing when the bucket does not give them now. */
async function fetchPicture({ deps }: BotContext, picture: Picture): Promise<Buffer | undefined> {
  try {
    return await deps.bucket.get(picture.key, picture, { signal: AbortSignal.timeout(bucketDeadlineMs) })
  } catch (err) {
    deps.log.warn({ err, reason: 'media.fallback' }, 'cannot fetch a preview from the bucket')
    return undefined
  }
}
