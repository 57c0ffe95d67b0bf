import { badRequest } from '../errors.ts'
import { type Content, type StoredMessage } from '../messages.ts'
import { botUser } from '../bots.ts'
import { personUser } from '../people.ts'
import { type Call, type Method } from '../world.ts'
import { readMessageIds } from './delete-message.ts'
import { captionOf, deliver, findChat, findWritableChat, readEnvelope } from './sending.ts'

export const copyMessage: Method = (call) => {
  const source = readSource(call, 'message to copy')
  const envelope = readEnvelope(call)
  if (source.isProtected === true) throw badRequest("message can't be copied")
  const message = deliver(call, envelope, withNewCaption(call, source.content))
  return { message_id: message.message_id }
}

export const copyMessages: Method = (call) => {
  const sources = readSources(call).filter(({ isProtected }) => isProtected !== true)
  return sources.map(({ content }) => {
    const copied = call.params.flag('remove_caption') ? withoutCaption(content) : content
    return { message_id: deliver(call, plainEnvelope(call), copied).message_id }
  })
}

export const forwardMessage: Method = (call) => {
  const source = readSource(call, 'message to forward')
  const envelope = plainEnvelope(call)
  if (source.isProtected === true) throw badRequest("message can't be forwarded")
  return deliver(call, envelope, source.content, { origin: originOf(call, source) })
}

export const forwardMessages: Method = (call) => {
  const sources = readSources(call).filter(({ isProtected }) => isProtected !== true)
  return sources.map((source) => {
    const message = deliver(call, plainEnvelope(call), source.content, { origin: originOf(call, source) })
    return { message_id: message.message_id }
  })
}

/** Forwards carry no keyboard and answer nothing. */
function plainEnvelope(call: Call) {
  const target = findWritableChat(call, call.params.text('chat_id'))
  return { target, fields: { isProtected: call.params.flag('protect_content') || undefined } }
}

function readSource(call: Call, what: string): StoredMessage {
  const { chat } = findChat(call, call.params.requiredText('from_chat_id'))
  const message = call.world.chats.message(chat, call.params.integer('message_id', 0))
  if (message === undefined) throw badRequest(`${what} not found`)
  return message
}

/** Missing messages are skipped, but one must be there. */
function readSources(call: Call): StoredMessage[] {
  const ids = readMessageIds(call.params)
  const { chat } = findChat(call, call.params.requiredText('from_chat_id'))
  const sources = ids.flatMap((id) => call.world.chats.message(chat, id) ?? [])
  if (sources.length === 0) throw badRequest('there are no messages to forward')
  return sources
}

function withNewCaption(call: Call, content: Content): Content {
  if (!call.params.has('caption') || content.kind === 'text') return content
  return { ...content, caption: captionOf(call.params) }
}

const withoutCaption = (content: Content): Content =>
  content.kind === 'text' ? content : { ...content, caption: { text: '', entities: [] } }

function originOf({ world, bot }: Call, source: StoredMessage): StoredMessage['origin'] {
  if (source.origin !== undefined) return source.origin
  const person = world.people.find(source.personId)
  const sender = source.from === 'person' && person !== undefined ? personUser(person) : botUser(bot)
  return { type: 'user', date: source.date, sender_user: sender }
}
