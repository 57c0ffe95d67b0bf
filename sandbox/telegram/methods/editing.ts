import { isDeepStrictEqual } from 'node:util'
import { type Message } from '../bot-api.ts'
import { unixTime } from '../clock.ts'
import { badRequest, notModified } from '../errors.ts'
import { type Content, type StoredMessage } from '../messages.ts'
import { type ReplyMarkup } from '../reply-markup.ts'
import { type Call, showMessage } from '../world.ts'
import { findWritableChat, type Target } from './sending.ts'

/** A message the bot may edit. */
export type Editable = { target: Target; message: StoredMessage }

/** The message a call wants to edit: the bot's own, not forwarded, without a reply keyboard. */
export function findEditable(call: Call): Editable {
  const { params, world } = call
  const id = params.integer('message_id', 0)
  if (params.text('chat_id') === '' && id === 0) throw inlineRefusal(call)
  const target = findWritableChat(call, params.text('chat_id'))
  const message = world.chats.message(target.chat, id)
  if (message === undefined) throw badRequest('message to edit not found')
  const hasOtherKeyboard = message.markup !== undefined && message.markup.kind !== 'inline'
  if (message.from !== 'bot' || message.origin !== undefined || hasOtherKeyboard) {
    throw badRequest("message can't be edited")
  }
  return { target, message }
}

/** Nobody can send messages by inline query here, so no inline message exists. */
function inlineRefusal({ params }: Call) {
  return badRequest(params.has('inline_message_id') ? 'MESSAGE_ID_INVALID' : 'Message identifier is not specified')
}

/** Writes an edit: the keyboard goes when none is sent, and an edit that changes nothing is refused. */
export function edit(call: Call, editable: Editable, content: Content, markup: ReplyMarkup | undefined): Message {
  const { target, message } = editable
  if (isSame(message.content, content) && isSame(message.markup, markup)) throw notModified()
  const edited = { ...message, content, markup, editDate: unixTime(call.world.clock) }
  call.world.chats.put(edited)
  return showMessage(call.world, call.bot, target.person, edited)
}

/** Equal as JSON: a field that is undefined is a field that is not there. */
const isSame = (a: unknown, b: unknown) => isDeepStrictEqual(asJson(a), asJson(b))

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))
