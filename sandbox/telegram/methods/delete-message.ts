import { unixTime } from '../clock.ts'
import { badRequest } from '../errors.ts'
import { type StoredMessage } from '../messages.ts'
import { type Params } from '../params.ts'
import { type Call, type Method } from '../world.ts'
import { findChat } from './sending.ts'

const deletableSeconds = 48 * 3600

export const deleteMessage: Method = (call) => {
  const { params, world } = call
  const id = params.integer('message_id', 0)
  if (params.text('chat_id') === '') throw badRequest('Chat identifier is not specified')
  if (id === 0) throw badRequest('Message identifier is not specified')
  const { chat } = findChat(call, params.text('chat_id'))
  const message = world.chats.message(chat, id)
  if (message === undefined) throw badRequest('message to delete not found')
  checkAge(call, message)
  world.chats.remove(message)
  return true
}

/** Messages that are gone already are skipped. */
export const deleteMessages: Method = (call) => {
  const ids = readMessageIds(call.params)
  const { chat } = findChat(call, call.params.text('chat_id'))
  const messages = ids.flatMap((id) => call.world.chats.message(chat, id) ?? [])
  for (const message of messages) checkAge(call, message)
  for (const message of messages) call.world.chats.remove(message)
  return true
}

function checkAge({ world }: Call, { date }: StoredMessage): void {
  if (unixTime(world.clock) - date >= deletableSeconds) throw badRequest("message can't be deleted for everyone")
}

/** The `message_ids` of a call: 1 to 100. */
export function readMessageIds(params: Params): number[] {
  const value = params.json('message_ids', 'message_ids')
  if (value === undefined) throw badRequest('Message identifiers are not specified')
  if (!Array.isArray(value)) throw badRequest('Expected an Array of message identifiers')
  if (value.length > 100) throw badRequest('Too many message identifiers specified')
  if (value.length === 0) throw badRequest('Message identifiers are not specified')
  return value.map(readMessageId)
}

function readMessageId(value: unknown): number {
  if (typeof value !== 'number' && typeof value !== 'string') throw badRequest('Message identifier must be a Number')
  const id = Number(value)
  if (!Number.isSafeInteger(id)) throw badRequest("Can't parse message identifier as a Number")
  if (id <= 0) throw badRequest('Invalid message identifier specified')
  return id
}
