import { botUser } from '../bots.ts'
import { badRequest } from '../errors.ts'
import { personUser, privateChat } from '../people.ts'
import { type Method } from '../world.ts'
import { findChat } from './sending.ts'

const allGifts = {
  unlimited_gifts: true,
  limited_gifts: true,
  unique_gifts: true,
  premium_subscription: true,
  gifts_from_channels: true,
}

export const getChat: Method = (call) => {
  const { person } = findChat(call, call.params.text('chat_id'))
  const usernames = person.username === undefined ? {} : { active_usernames: [person.username] }
  return {
    ...privateChat(person),
    ...usernames,
    accepted_gift_types: allGifts,
    accent_color_id: person.id % 7,
    max_reaction_count: 11,
  }
}

export const getChatMember: Method = (call) => {
  const userId = call.params.integer('user_id', 0, 0, Number.MAX_SAFE_INTEGER)
  if (userId === 0) throw badRequest('Invalid user_id specified')
  const { chat, person } = findChat(call, call.params.text('chat_id'))
  if (userId === person.id) return { user: personUser(person), status: 'member' }
  if (userId !== call.bot.id) throw badRequest('member not found')
  const user = botUser(call.bot)
  return chat.blocked ? { user, status: 'kicked', until_date: 0 } : { user, status: 'member' }
}

export const getChatMemberCount: Method = (call) => {
  findChat(call, call.params.text('chat_id'))
  return 2
}

export const getChatAdministrators: Method = (call) => {
  findChat(call, call.params.text('chat_id'))
  throw badRequest('there are no administrators in the private chat')
}
