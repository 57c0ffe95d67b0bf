import { badRequest } from '../errors.ts'
import { type Method } from '../world.ts'
import { findWritableChat } from './sending.ts'

const actions = (
  'typing upload_photo record_video upload_video record_voice upload_voice record_audio upload_audio ' +
  'upload_document choose_sticker find_location record_video_note upload_video_note cancel'
).split(' ')

const shownMs = 5000

export const sendChatAction: Method = (call) => {
  const action = call.params.text('action').toLowerCase()
  if (!actions.includes(action)) throw badRequest('Wrong parameter action in request')
  const { chat } = findWritableChat(call, call.params.text('chat_id'))
  call.world.chats.act(chat, action, call.world.clock.now() + shownMs)
  return true
}
