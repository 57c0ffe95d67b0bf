import { type PersonId } from '../../shared/domain/ids.ts'
import { findScreen, setScreen } from '../../shared/db/screens.ts'
import { isRefused } from '../../shared/telegram/errors.ts'
import { readSentMessage } from '../../shared/telegram/message.ts'
import { type BotDeps, type Card } from './context.ts'
import { replyMarkup } from './keyboard.ts'
import { forgetPicture, type PictureSource, pictureSources, rememberPicture } from './picture.ts'

export type ScreenDeps = Pick<BotDeps, 'db' | 'telegram' | 'bot' | 'bucket' | 'config' | 'log'>

/**
 * Draws the one screen of a person. A press on it changes it in place; otherwise, or when it is gone, a new one appears at
 * the bottom of the chat and the old one goes. A screen is always a photo, because a photo can never become text.
 */
export async function drawScreen(
  deps: ScreenDeps,
  person: PersonId,
  pressed: bigint | undefined,
  card: Card,
): Promise<void> {
  const { db, bot } = deps
  const before = (await findScreen(db, bot.id, person))?.messageId ?? undefined
  if (before !== undefined && before === pressed && (await editScreen(deps, person, before, card))) {
    await setScreen(db, bot.id, person, { messageId: before, at: card.at })
    return
  }
  const messageId = await sendScreen(deps, person, card)
  await setScreen(db, bot.id, person, { messageId, at: card.at })
  if (before !== undefined) await removeScreen(deps, person, before)
}

/** False when this message cannot show the card. */
async function editScreen(deps: ScreenDeps, person: PersonId, messageId: bigint, card: Card): Promise<boolean> {
  for await (const source of pictureSources(deps, card.picture)) {
    const edited = await editPhoto(deps, person, messageId, card, source)
    if (edited !== 'picture refused') return edited === 'shown'
  }
  return false
}

type Edited = 'shown' | 'message gone' | 'picture refused'

async function editPhoto(
  deps: ScreenDeps,
  person: PersonId,
  messageId: bigint,
  { text, keyboard }: Card,
  source: PictureSource,
): Promise<Edited> {
  try {
    const result = await callWithPicture(deps, source, 'picture', (picture) => ({
      method: 'editMessageMedia',
      params: {
        chat_id: person,
        message_id: messageId,
        media: { type: 'photo', media: picture ?? 'attach://picture', caption: text, parse_mode: 'HTML' },
        reply_markup: replyMarkup(keyboard),
      },
    }))
    await rememberPicture(deps, source, readSentMessage(result)?.fileId)
    return 'shown'
  } catch (error) {
    if (isRefused(error, 'not modified')) return 'shown'
    if (isRefused(error, 'message gone')) return 'message gone'
    await refusePicture(deps, source, error)
    return 'picture refused'
  }
}

async function sendScreen(deps: ScreenDeps, person: PersonId, card: Card): Promise<bigint> {
  for await (const source of pictureSources(deps, card.picture)) {
    const messageId = await sendPhoto(deps, person, card, source)
    if (messageId !== undefined) return messageId
  }
  const result = await deps.telegram.call('sendMessage', {
    chat_id: person,
    text: card.text,
    parse_mode: 'HTML',
    reply_markup: replyMarkup(card.keyboard),
  })
  return idOf(result)
}

async function sendPhoto(
  deps: ScreenDeps,
  person: PersonId,
  { text, keyboard }: Card,
  source: PictureSource,
): Promise<bigint | undefined> {
  try {
    const result = await callWithPicture(deps, source, 'photo', (photo) => ({
      method: 'sendPhoto',
      params: { chat_id: person, photo, caption: text, parse_mode: 'HTML', reply_markup: replyMarkup(keyboard) },
    }))
    await rememberPicture(deps, source, readSentMessage(result)?.fileId)
    return idOf(result)
  } catch (error) {
    await refusePicture(deps, source, error)
    return undefined
  }
}

function idOf(result: unknown): bigint {
  const message = readSentMessage(result)
  if (message === undefined) throw new Error('Expected the message that was sent, got none')
  return message.messageId
}

type Call = { readonly method: string; readonly params: Readonly<Record<string, unknown>> }

/** A picture Telegram knows travels as its id, any other as the part of this name. */
async function callWithPicture(
  { telegram }: ScreenDeps,
  source: PictureSource,
  part: string,
  toCall: (fileId: string | undefined) => Call,
): Promise<unknown> {
  if (source.kind === 'cached') {
    const { method, params } = toCall(source.fileId)
    return telegram.call(method, params)
  }
  const file = { name: 'picture.jpg', contentType: 'image/jpeg', source: { path: source.path } }
  return telegram.upload({ ...toCall(undefined), files: { [part]: file } })
}

/** Goes on to the next source when only the picture was refused; throws everything else. */
async function refusePicture(deps: ScreenDeps, source: PictureSource, error: unknown): Promise<void> {
  if (!isRefused(error, 'file refused', 'picture refused', 'too large')) throw error
  deps.log.warn({ err: error, reason: 'media.fallback', sha256: source.sha256 }, 'telegram refused a picture')
  await forgetPicture(deps, source)
}

/** Best effort: a message that cannot be deleted any more at least loses its buttons. */
async function removeScreen({ telegram, log }: ScreenDeps, person: PersonId, messageId: bigint): Promise<void> {
  try {
    await telegram.call('deleteMessage', { chat_id: person, message_id: messageId })
  } catch (err) {
    log.debug({ err }, 'cannot delete the old screen')
    const stripped = { chat_id: person, message_id: messageId, reply_markup: { inline_keyboard: [] } }
    await telegram.call('editMessageReplyMarkup', stripped).catch((cause: unknown) => {
      log.debug({ err: cause }, 'cannot take the buttons off the old screen')
    })
  }
}
