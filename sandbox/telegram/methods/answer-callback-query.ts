import { countCharacters } from '../entities/text.ts'
import { badRequest } from '../errors.ts'
import { type Method } from '../world.ts'

export const answerCallbackQuery: Method = ({ world, bot, params }) => {
  const id = params.text('callback_query_id')
  const text = params.text('text')
  if (countCharacters(text) > 200) throw badRequest('MESSAGE_TOO_LONG')
  const chat = world.callbacks.answer(bot.id, id)
  const url = params.text('url')
  world.chats.announce(chat, {
    type: 'answer',
    callback_query_id: id,
    ...(text === '' ? {} : { text }),
    ...(params.flag('show_alert') ? { show_alert: true } : {}),
    ...(url === '' ? {} : { url }),
  })
  return true
}
