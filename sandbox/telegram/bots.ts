import { type BotCommand, type MenuButton, type User } from './bot-api.ts'
import { type Journal, type Table } from './journal.ts'

/** A webhook as it was set. */
export type WebhookSettings = { url: string; secretToken: string; maxConnections: number; ipAddress?: string }

/** A bot with everything it ever set about itself. Texts are kept by language, '' being the default. */
export type Bot = {
  id: number
  token: string
  username: string
  firstName: string
  webhook?: WebhookSettings | undefined
  allowedUpdates?: string[] | undefined
  /** By scope, then language. */
  commands: Record<string, Record<string, BotCommand[]>>
  names: Record<string, string>
  descriptions: Record<string, string>
  shortDescriptions: Record<string, string>
  /** By chat id, '' being the default. */
  menuButtons: Record<string, MenuButton>
}

export type BotOptions = { token: string; username: string; first_name: string }

/** The bots of this emulator, found by token. */
export class Bots {
  readonly #bots: Table<Bot>
  readonly #allowAnyToken: boolean
  readonly #tokens = new Set<string>()

  constructor(journal: Journal, options: readonly BotOptions[], allowAnyToken: boolean) {
    this.#bots = journal.table<Bot>('bots')
    this.#allowAnyToken = allowAnyToken
    for (const bot of options) this.add(bot)
  }

  /** A bot the emulator accepts; what it set in an earlier run is kept. */
  add({ token, username, first_name: firstName }: BotOptions): Bot {
    const id = Number(token.split(':')[0])
    const known = this.#bots.get(String(id))
    const fresh = { commands: {}, names: {}, descriptions: {}, shortDescriptions: {}, menuButtons: {} }
    const bot: Bot = { ...fresh, ...known, id, token, username, firstName }
    this.#tokens.add(token)
    this.save(bot)
    return bot
  }

  findByToken(token: string): Bot | undefined {
    const bot = this.#bots.get(token.split(':')[0] ?? '')
    if (bot?.token === token && this.#tokens.has(token)) return bot
    if (!this.#allowAnyToken || !/^[1-9]\d{0,14}:\S+$/.test(token)) return undefined
    const id = token.split(':')[0] ?? ''
    return this.add({ token, username: `sandbox_${id}_bot`, first_name: `Sandbox bot ${id}` })
  }

  findById(id: number): Bot | undefined {
    const bot = this.#bots.get(String(id))
    return bot !== undefined && this.#tokens.has(bot.token) ? bot : undefined
  }

  list(): Bot[] {
    return this.#bots.values().filter(({ token }) => this.#tokens.has(token))
  }

  save(bot: Bot): void {
    this.#bots.put(String(bot.id), bot)
  }
}

/** A bot as messages show it. */
export function botUser(bot: Bot): User {
  return { id: bot.id, is_bot: true, first_name: bot.names[''] ?? bot.firstName, username: bot.username }
}
