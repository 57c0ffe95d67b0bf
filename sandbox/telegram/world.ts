import { type Bots, type Bot } from './bots.ts'
import { type Callbacks } from './callbacks.ts'
import { type Chats } from './chats.ts'
import { type Clock } from './clock.ts'
import { type Dispatch } from './dispatch.ts'
import { type Files } from './files.ts'
import { type Message } from './bot-api.ts'
import { type StoredMessage, toMessage } from './messages.ts'
import { type Params } from './params.ts'
import { type People, type Person } from './people.ts'
import { type Updates } from './updates.ts'

/** A page of another part of the sandbox that people need beside the chat, named in their language. */
export type SideLink = { readonly names: { readonly en: string; readonly fr: string }; readonly url: string }

/** Everything that exists in the emulator. */
export type World = {
  readonly clock: Clock
  readonly bots: Bots
  readonly people: People
  readonly chats: Chats
  readonly files: Files
  readonly updates: Updates
  readonly callbacks: Callbacks
  readonly dispatch: Dispatch
  readonly links: SideLink[]
}

/** One call of a method by a bot. `gone` fires when the caller hangs up. */
export type Call = {
  readonly world: World
  readonly bot: Bot
  readonly method: string
  readonly params: Params
  readonly gone: AbortSignal
}

/** A Bot API method: returns the result, or throws a `BotApiError`. */
export type Method = (call: Call) => unknown

/** A stored message as the Bot API shows it, with the message it answers. */
export function showMessage(world: World, bot: Bot, person: Person, stored: StoredMessage): Message {
  const replied = stored.replyTo === undefined ? undefined : world.chats.message(stored, stored.replyTo.id)
  return toMessage(stored, bot, person, replied)
}
