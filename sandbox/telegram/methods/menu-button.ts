import { type MenuButton } from '../bot-api.ts'
import { type Bot } from '../bots.ts'
import { checkLink } from '../entities/links.ts'
import { badRequest } from '../errors.ts'
import { isObject, type JsonObject, parsing, requiredObject, requiredText, ShapeError } from '../json.ts'
import { type Call, type Method } from '../world.ts'
import { findChat } from './sending.ts'

export const setChatMenuButton: Method = (call) => {
  const button = readMenuButton(call)
  const key = chatKey(call)
  const { [key]: _replaced, ...others } = call.bot.menuButtons
  call.bot.menuButtons = button.type === 'default' ? others : { ...others, [key]: button }
  call.world.bots.save(call.bot)
  return true
}

export const getChatMenuButton: Method = (call) => menuButtonFor(call.bot, chatKey(call))

/** The button beside the input field of one chat. */
export function menuButtonFor(bot: Bot, chatId: string): MenuButton {
  return bot.menuButtons[chatId] ?? bot.menuButtons[''] ?? { type: 'commands' }
}

function chatKey(call: Call): string {
  if (!call.params.has('chat_id')) return ''
  return String(findChat(call, call.params.text('chat_id')).person.id)
}

function readMenuButton({ params }: Call): MenuButton {
  const value = params.json('menu_button', 'menu button')
  if (value === undefined) return { type: 'default' }
  return parsing('menu button', () => {
    if (!isObject(value)) throw new ShapeError('MenuButton must be an Object')
    return readShape(value)
  })
}

function readShape(value: JsonObject): MenuButton {
  const type = requiredText(value, 'type')
  if (type === 'default' || type === 'commands') return { type }
  if (type !== 'web_app') throw new ShapeError('MenuButton has unsupported type')
  const text = requiredText(value, 'text')
  const checked = checkLink(requiredText(requiredObject(value, 'web_app'), 'url'), { httpsOnly: true })
  if (checked.kind === 'invalid') throw badRequest('BUTTON_URL_INVALID')
  return { type, text, web_app: { url: checked.url } }
}
