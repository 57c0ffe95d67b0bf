import { Composer } from 'telegraf'
import { type PublicCode } from '../../shared/domain/public-code.ts'
import { type Action, type ArgumentsOf, type Press } from './buttons.ts'
import { type BotContext } from './context.ts'

export type LinkKind = 'product' | 'shop' | 'order'

type PressHandler<A extends Action> = (ctx: BotContext, args: ArgumentsOf<A>) => Promise<void>
/** Opens what a deep link names; false when it leads nowhere for this person. */
type LinkHandler = (ctx: BotContext, code: PublicCode) => Promise<boolean>

/** Adds one part of the shop to the bot: its commands, its buttons, its links. */
export type Feature = (features: Features) => void

/** Telegraf's composer, with the closed table of buttons and the deep links. Each has exactly one handler. */
export class Features extends Composer<BotContext> {
  readonly #presses = new Map<Action, PressHandler<never>>()
  readonly #links = new Map<LinkKind, LinkHandler>()

  /** Says what a button does. Ownership and state are to be checked by the handler, on every press. */
  press<A extends Action>(action: A, handler: PressHandler<A>): this {
    if (this.#presses.has(action)) throw new Error(`Expected one handler for the button ${action}, got two`)
    this.#presses.set(action, handler)
    return this
  }

  /** Says where `t.me/<bot>?start=<letter>_<code>` leads. */
  link(kind: LinkKind, handler: LinkHandler): this {
    this.#links.set(kind, handler)
    return this
  }

  get handled(): readonly Action[] {
    return [...this.#presses.keys()]
  }

  async do(ctx: BotContext, { action, args }: Press): Promise<void> {
    const handler = this.#presses.get(action)
    if (handler === undefined) throw new Error(`Expected a handler for the button ${action}, got none`)
    await handler(ctx, args)
  }

  async follow(ctx: BotContext, kind: LinkKind, code: PublicCode): Promise<boolean> {
    return (await this.#links.get(kind)?.(ctx, code)) ?? false
  }
}
