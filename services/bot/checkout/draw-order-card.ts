import { type HeldOrderMessage } from '../../../shared/db/order-messages.ts'
import { type Coin } from '../../../shared/domain/coin.ts'
import { isRefused } from '../../../shared/telegram/errors.ts'
import { readSentMessage } from '../../../shared/telegram/message.ts'
import { type UploadFile } from '../../../shared/telegram/multipart.ts'
import { type BotDeps } from '../context.ts'
import { replyMarkup } from '../keyboard.ts'
import { forgetPicture, type PictureSource, pictureSources, rememberPicture } from '../picture.ts'
import { pictureKey, pictureOf } from './order-drawing.ts'
import { callLimits, keepHolding } from './order-message.ts'
import { type OrderCard } from './order-view.ts'
import { qrPicture } from './qr-picture.ts'

export type DrawDeps = Pick<BotDeps, 'db' | 'telegram' | 'bot' | 'bucket' | 'config' | 'log'> & {
  readonly coins: readonly Coin[]
}

type Target = { readonly held: HeldOrderMessage; readonly messageId: bigint; readonly card: OrderCard }
type Edited = 'shown' | 'message gone' | 'picture refused'

/** Edits a message into the card. False when this message cannot show it: it was deleted, or can never be plain text. */
export async function drawOrderCard(
  deps: DrawDeps,
  held: HeldOrderMessage,
  messageId: bigint,
  card: OrderCard,
): Promise<boolean> {
  const target = { held, messageId, card }
  if (card.picture.kind === 'none') return (await editText(deps, target)) === 'shown'
  const isSamePicture = pictureOf(held.drawn) === pictureKey(card)
  if (isSamePicture && (await editCaption(deps, target)) === 'shown') return true
  const edited = await editPicture(deps, target)
  if (edited !== 'picture refused') return edited === 'shown'
  return (await editText(deps, target)) === 'shown'
}

async function editPicture(deps: DrawDeps, target: Target): Promise<Edited> {
  const { picture } = target.card
  if (picture.kind === 'qr') return editQr(deps, target, await qrPicture(picture.text))
  if (picture.kind === 'none') return 'picture refused'
  for await (const source of pictureSources(deps, picture)) {
    const edited = await editCover(deps, target, source)
    if (edited !== 'picture refused') return edited
  }
  return 'picture refused'
}

const editQr = (deps: DrawDeps, target: Target, bytes: Buffer): Promise<Edited> =>
  attempt(deps, target, async () => {
    await editMedia(deps, target, undefined, { name: 'qr.png', contentType: 'image/png', source: { bytes } })
  })

async function editCover(deps: DrawDeps, target: Target, source: PictureSource): Promise<Edited> {
  const edited = await attempt(deps, target, async () => {
    const isCached = source.kind === 'cached'
    const result = isCached
      ? await editMedia(deps, target, source.fileId, undefined)
      : await editMedia(deps, target, undefined, coverFile(source.path))
    await rememberPicture(deps, source, readSentMessage(result)?.fileId)
  })
  if (edited === 'picture refused') await forgetPicture(deps, source)
  return edited
}

const coverFile = (path: string): UploadFile => ({
  name: 'cover.jpg',
  contentType: 'image/jpeg',
  source: { path },
})

function editMedia(
  { telegram }: DrawDeps,
  target: Target,
  fileId: string | undefined,
  file: UploadFile | undefined,
): Promise<unknown> {
  const media = { type: 'photo', media: fileId ?? 'attach://picture', caption: target.card.text, parse_mode: 'HTML' }
  const params = { ...whereAndKeys(target), media }
  if (file === undefined) return telegram.call('editMessageMedia', params, callLimits)
  return telegram.upload({ method: 'editMessageMedia', params, files: { picture: file } }, callLimits)
}

const editCaption = (deps: DrawDeps, target: Target): Promise<Edited> =>
  attempt(deps, target, () => {
    const params = { ...whereAndKeys(target), caption: target.card.text, parse_mode: 'HTML' }
    return deps.telegram.call('editMessageCaption', params, callLimits)
  })

const editText = (deps: DrawDeps, target: Target): Promise<Edited> =>
  attempt(deps, target, () => {
    const params = { ...whereAndKeys(target), text: target.card.text, parse_mode: 'HTML' }
    return deps.telegram.call('editMessageText', params, callLimits)
  })

const whereAndKeys = ({ held, messageId, card }: Target) => ({
  chat_id: held.chatId,
  message_id: messageId,
  reply_markup: replyMarkup(card.keyboard),
})

/** One edit, while the message is ours. That it shows this already is as good as done. */
async function attempt({ db, log }: DrawDeps, { held }: Target, edit: () => Promise<unknown>): Promise<Edited> {
  await keepHolding(db, held)
  try {
    await edit()
    return 'shown'
  } catch (error) {
    if (isRefused(error, 'not modified')) return 'shown'
    if (isRefused(error, 'message gone')) return 'message gone'
    if (!isRefused(error, 'file refused', 'picture refused', 'too large')) throw error
    log.warn({ err: error, orderId: held.orderId, reason: 'media.fallback' }, 'telegram refused a picture')
    return 'picture refused'
  }
}
