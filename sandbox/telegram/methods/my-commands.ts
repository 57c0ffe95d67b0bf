import { type BotCommand } from '../bot-api.ts'
import { type Bot } from '../bots.ts'
import { badRequest } from '../errors.ts'
import { isObject, type JsonObject, optionalText, parsing, requiredInteger, requiredText, ShapeError } from '../json.ts'
import { type Params } from '../params.ts'
import { type Call, type Method } from '../world.ts'
import { findChat } from './sending.ts'

export const setMyCommands: Method = (call) => {
  const scope = readScope(call)
  const language = readLanguage(call.params)
  const commands = readCommands(call.params)
  call.bot.commands[scope] = { ...call.bot.commands[scope], [language]: commands }
  call.world.bots.save(call.bot)
  return true
}

export const getMyCommands: Method = (call) => call.bot.commands[readScope(call)]?.[readLanguage(call.params)] ?? []

export const deleteMyCommands: Method = (call) => {
  const scope = readScope(call)
  const { [readLanguage(call.params)]: _removed, ...rest } = call.bot.commands[scope] ?? {}
  call.bot.commands[scope] = rest
  call.world.bots.save(call.bot)
  return true
}

/** The commands one person sees: the narrowest scope wins, and in it the person's language. */
export function commandsFor(bot: Bot, person: { id: number; language_code: string }): BotCommand[] {
  for (const scope of [`chat:${person.id}`, 'all_private_chats', 'default']) {
    const byLanguage = bot.commands[scope]
    const commands = byLanguage?.[person.language_code] ?? byLanguage?.['']
    if (commands !== undefined && commands.length > 0) return commands
  }
  return []
}

/** The `language_code` of a call: two letters, or none for everybody else. */
export function readLanguage(params: Params): string {
  const language = params.text('language_code')
  if (!/^(?:[a-z]{2})?$/.test(language)) throw badRequest('LANG_CODE_INVALID')
  return language
}

function readCommands(params: Params): BotCommand[] {
  const value = params.json('commands', 'commands') ?? []
  if (!Array.isArray(value)) throw badRequest('Expected an Array of BotCommand')
  if (value.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH')
  return value.map((item: unknown) => readCommand(parsing('BotCommand', () => shapeOf(item))))
}

function shapeOf(item: unknown): BotCommand {
  if (!isObject(item)) throw new ShapeError('expected an Object')
  return { command: requiredText(item, 'command'), description: requiredText(item, 'description') }
}

function readCommand({ command, description }: BotCommand): BotCommand {
  const name = command.replace(/^\//, '')
  if (!/^[a-z0-9_]{1,32}$/.test(name)) throw badRequest('BOT_COMMAND_INVALID')
  const text = description.trim()
  if (text.length < 1 || text.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID')
  return { command: name, description: text }
}

/** A scope as a key; chats must exist. */
function readScope(call: Call): string {
  const value = call.params.json('scope', 'BotCommandScope')
  if (value === undefined) return 'default'
  return parsing('BotCommandScope', () => {
    if (!isObject(value)) throw new ShapeError('BotCommandScope must be an Object')
    return scopeKey(call, value)
  })
}

function scopeKey(call: Call, value: JsonObject): string {
  const type = requiredText(value, 'type')
  if (['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators'].includes(type)) return type
  if (!['chat', 'chat_administrators', 'chat_member'].includes(type)) {
    throw new ShapeError('Unsupported type specified')
  }
  const chatId = optionalText(value, 'chat_id')
  if (chatId === '') throw new ShapeError('Empty chat_id specified')
  const { person } = findChat(call, chatId)
  return type === 'chat_member' ? `${type}:${person.id}:${requiredInteger(value, 'user_id')}` : `${type}:${person.id}`
}
