import { type Context } from 'telegraf'
import { type Logger } from 'pino'
import { type PersonId } from '../../shared/domain/ids.ts'
import { type Database } from '../../shared/db/pool.ts'
import { type Person } from '../../shared/db/users.ts'
import { type ObjectStore } from '../../shared/storage/object-store.ts'
import { type Telegram } from '../../shared/telegram/client.ts'
import { type BotIdentity } from '../../shared/telegram/find-identity.ts'
import { type Html } from '../../shared/telegram/html.ts'
import { type Texts } from '../../shared/texts/index.ts'
import { type Action, type ArgumentList, type Press } from './buttons.ts'
import { type BotConfig } from './config.ts'
import { type Keyboard } from './keyboard.ts'
import { type Picture } from './picture.ts'

/** What the features of the bot may touch. */
export type BotDeps = {
  readonly db: Database
  readonly telegram: Telegram
  readonly bucket: ObjectStore
  readonly config: BotConfig
  readonly bot: BotIdentity
  readonly log: Logger
}

/** One screen: always a photo, its caption (HTML, at most 1024 characters once shown) and its buttons. */
export type Card = {
  /** The button that draws this screen again: `buttonData('home')`. */
  readonly at: string
  readonly picture: Picture
  readonly text: Html
  readonly keyboard: Keyboard
}

/** What a feature has at hand while it answers one update of one person, in their private chat. */
export type Reach = {
  readonly deps: BotDeps
  readonly person: Person
  /** The person's Telegram id, which is also the id of their chat. */
  readonly chatId: PersonId
  readonly texts: Texts
  /** The button that was pressed, and nothing when the update is a message or the data was not ours. */
  readonly press: Press | undefined
  /** Draws the person's one screen: in place after a press on it, at the bottom of the chat otherwise. */
  show(card: Card): Promise<void>
  /** Sends a message that stays (HTML) and returns its id. */
  say(text: Html, keyboard?: Keyboard): Promise<bigint>
  /** Answers the press with a line (plain text, cut at 200); a message does it when nothing was pressed. */
  toast(text: string): Promise<void>
  /** Draws again what the screen shows, with the line "updated, please try again": the button was outdated. */
  redraw(): Promise<void>
  /** Does what a button would do. */
  go<A extends Action>(action: A, ...args: ArgumentList<A>): Promise<void>
}

/** Telegraf's context, and what the features need of the shop. */
export type BotContext = Context & Reach
