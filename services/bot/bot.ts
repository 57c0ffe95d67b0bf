import { type MiddlewareFn, type Context, Telegraf } from 'telegraf'
import { isRefused } from '../../shared/telegram/errors.ts'
import { personId } from '../../shared/domain/ids.ts'
import { setReachable } from '../../shared/db/users.ts'
import { type BotContext, type BotDeps } from './context.ts'
import { type Feature, Features } from './features.ts'
import { answerStranger } from './groups.ts'
import { slowDown } from './limits.ts'
import { reach } from './reach.ts'
import { noteMembership } from './membership.ts'

/**
 * The chat, cut into features. For whoever adds one:
 *
 * - A feature is a function `(features) => { … }` listed in `service.ts`. `features` is Telegraf's Composer, so
 *   `features.command(['library', 'bibliotheque'], (ctx) => …)` works, plus
 *   `features.press('buy', (ctx, args) => …)` for a button and `features.link('order', (ctx, code) => …)` for a deep link.
 * - Buttons are a closed table: add a row to the `buttons.ts` of your folder (name and typed arguments of
 *   `button-arguments.ts`); `button(text, 'buy', { product, … })` of `keyboard.ts` makes one, at most 64 bytes by
 *   construction. What arrives is checked against the table before the handler sees it; rights are the handler's duty.
 * - `ctx` is a `BotContext` (context.ts): `ctx.person`, `ctx.texts`, `ctx.deps`, and
 *   `ctx.show(card)` draws the one screen of the person, `ctx.say(html, keyboard)` sends a message that stays,
 *   `ctx.toast(text)` answers the press, `ctx.go('product', args)` does what that button would do.
 *   The press is answered by itself: at once when something is shown, after a second at the latest.
 * - A form asks one thing after the other (`forms/define-form.ts`): list it in `selling/selling-forms.ts`, open it with
 *   `startForm`. While it is open a message is the answer to its step.
 * - Updates of one person come strictly one after another, each perhaps twice: a handler that throws is run again.
 */

/** The bot: one update in, whatever it causes out. An update that throws may be handled again. */
export type Bot = { readonly handle: (payload: unknown) => Promise<void>; readonly features: Features }

/** Puts the features together, in this order: the first that answers an update is the last to see it. */
export function buildBot(deps: BotDeps, parts: readonly Feature[]): Bot {
  const telegraf = new Telegraf<BotContext>(deps.config.telegram.token, {
    telegram: { apiRoot: deps.config.telegram.apiRoot, webhookReply: false },
    // every call has its own deadline, and a handler that was given up would go on unseen
    handlerTimeout: Infinity,
  })
  telegraf.botInfo = botInfo(deps)
  telegraf.catch((error) => {
    throw error
  })
  const features = new Features()
  for (const part of parts) part(features)
  telegraf.use(throughOurClient(deps), untilBlocked(deps), noteMembership(deps), answerStranger(deps))
  telegraf.use(reach(deps, features), slowDown, features)
  return { features, handle: (payload) => telegraf.handleUpdate(payload as UpdateOf<typeof telegraf>) }
}

type UpdateOf<Bot extends { handleUpdate: (update: never) => unknown }> = Parameters<Bot['handleUpdate']>[0]

const botInfo = ({ bot }: BotDeps): Context['botInfo'] => ({
  id: Number(bot.id),
  is_bot: true,
  username: bot.username,
  first_name: bot.firstName,
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
})

/** Telegraf makes a client per update; its calls go through ours, which has deadlines and keeps the token to itself. */
const throughOurClient =
  ({ telegram }: BotDeps): MiddlewareFn<Context> =>
  (ctx, next) => {
    ctx.telegram.callApi = ((method: string, payload: object) =>
      telegram.call(method, { ...payload })) as typeof ctx.telegram.callApi
    return next()
  }

/** Somebody who blocked the bot is no failure: they are just not to be written to. */
const untilBlocked =
  ({ db, log }: BotDeps): MiddlewareFn<Context> =>
  async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      if (!isRefused(error, 'blocked') || ctx.from === undefined) throw error
      await setReachable(db, personId(ctx.from.id), false)
      log.info({ userId: ctx.from.id, reason: error.description }, 'cannot write to this person')
    }
  }
