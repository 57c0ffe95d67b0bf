import { type TextQuote } from '../bot-api.ts'
import { type Chat } from '../chats.ts'
import { unixTime } from '../clock.ts'
import { type FormattedText, readCaption } from '../entities.ts'
import { badRequest, forbidden } from '../errors.ts'
import { isObject, optionalFlag, optionalInteger, optionalText, requiredInteger } from '../json.ts'
import { type Content, type StoredMessage } from '../messages.ts'
import { type Params } from '../params.ts'
import { type Person } from '../people.ts'
import { readReplyMarkup } from '../reply-markup.ts'
import { type Call, showMessage } from '../world.ts'

/** A private chat with the person it belongs to. */
export type Target = { chat: Chat; person: Person }

/** The chat a call names, whether or not the bot may write there. */
export function findChat({ world, bot }: Call, chatId: string): Target {
  if (chatId === '') throw badRequest('chat_id is empty')
  const id = chatId.startsWith('@') ? NaN : Number(/^-?\d{1,15}/.exec(chatId)?.[0] ?? NaN)
  const person = world.people.find(id)
  if (person !== undefined) return { chat: world.chats.open(bot.id, person.id), person }
  if (world.bots.findById(id) !== undefined) throw forbidden("the bot can't send messages to the bot")
  throw badRequest('chat not found')
}

/** The chat a call wants to change: its person must have started the bot and not blocked it. */
export function findWritableChat(call: Call, chatId: string): Target {
  const target = findChat(call, chatId)
  if (target.chat.blocked) throw forbidden('bot was blocked by the user')
  if (!target.chat.started) throw forbidden("bot can't initiate conversation with a user")
  return target
}

/** The caption of a call, from its parse mode or its entities. */
export function captionOf(params: Params): FormattedText {
  const entities = params.entities('caption_entities')
  return readCaption({ text: params.text('caption'), parseMode: params.text('parse_mode'), entities })
}

/** What a call says about a message besides its content; read first, so that mistakes cost no upload. */
export function readEnvelope(call: Call): Envelope {
  const { params } = call
  const markup = readReplyMarkup(params)
  const reply = readReply(params)
  const target = findWritableChat(call, params.text('chat_id'))
  const replyTo = reply === undefined ? undefined : checkReply(call, target, reply)
  const isProtected = params.flag('protect_content') || undefined
  return { target, fields: { markup, replyTo, isProtected, effectId: params.text('message_effect_id') || undefined } }
}

export type Envelope = {
  target: Target
  fields: Pick<StoredMessage, 'markup' | 'replyTo' | 'isProtected' | 'effectId'>
}

/** Puts a message of the bot into the chat and shows it. */
export function deliver(call: Call, { target, fields }: Envelope, content: Content, more: Partial<StoredMessage> = {}) {
  const stored = call.world.chats.add(target.chat, {
    date: unixTime(call.world.clock),
    from: 'bot',
    content,
    ...fields,
    ...more,
  })
  return showMessage(call.world, call.bot, target.person, stored)
}

type Reply = { id: number; chatId: string; mayBeMissing: boolean; quote: string; quotePosition: number | undefined }

function readReply(params: Params): Reply | undefined {
  const value = params.json('reply_parameters', 'reply parameters')
  if (value === undefined) return readLegacyReply(params)
  if (!isObject(value)) throw badRequest('Object expected as reply parameters')
  if (Object.keys(value).length === 0) return undefined
  return {
    id: requiredInteger(value, 'message_id'),
    chatId: optionalText(value, 'chat_id'),
    mayBeMissing: optionalFlag(value, 'allow_sending_without_reply'),
    quote: optionalText(value, 'quote'),
    quotePosition: optionalInteger(value, 'quote_position'),
  }
}

function readLegacyReply(params: Params): Reply | undefined {
  const id = params.integer('reply_to_message_id', 0)
  const mayBeMissing = params.flag('allow_sending_without_reply')
  return id <= 0 ? undefined : { id, chatId: '', mayBeMissing, quote: '', quotePosition: undefined }
}

function checkReply({ world }: Call, { chat, person }: Target, reply: Reply): StoredMessage['replyTo'] {
  const isElsewhere = reply.chatId !== '' && reply.chatId !== String(person.id)
  const replied = isElsewhere ? undefined : world.chats.message(chat, reply.id)
  if (replied === undefined) {
    if (reply.mayBeMissing) return undefined
    throw badRequest('message to be replied not found')
  }
  return { id: replied.id, quote: reply.quote === '' ? undefined : findQuote(replied, reply) }
}

function findQuote({ content }: StoredMessage, { quote, quotePosition }: Reply): TextQuote {
  const text = content.kind === 'text' ? content.text : content.caption.text
  const position = text.startsWith(quote, quotePosition ?? -1) ? (quotePosition ?? 0) : text.indexOf(quote)
  if (position === -1) throw badRequest('QUOTE_TEXT_INVALID')
  return { text: quote, position, is_manual: true }
}
