import { type MiddlewareFn } from 'telegraf'
import { type Message } from 'telegraf/types'
import { type Conversation, findConversation } from '../../../shared/db/conversations.ts'
import { findScreen } from '../../../shared/db/screens.ts'
import { buttonData, readButton } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature, type Features } from '../features.ts'
import { type AnyForm } from './define-form.ts'
import { askedOf, drawStep, openStep } from './draw-step.ts'
import { commandIn, readAnswer } from './read-answer.ts'
import { setAside } from './start-form.ts'
import { type Given, type Registry, takeAnswer, updateIdOf } from './take-answer.ts'

/**
 * The forms of the shop. Listed first: while a form is open a message is the answer to its step, and whoever turns to
 * something else is told that the form is kept.
 */
export const forms =
  (known: readonly AnyForm[]): Feature =>
  (features) => {
    const shop: Shop = { features, registry: new Map(known.map((form) => [form.name, form])) }
    features.use(meetForm(shop))
    features.press('form', (ctx) => showStep(ctx, shop))
    features.press('formPick', (ctx, { version, choice }) =>
      answer(ctx, shop, { version, answer: { kind: 'pick', choice } }),
    )
    features.press('formBack', (ctx, { version }) => answer(ctx, shop, { version, answer: 'back' }))
    features.press('formCancel', (ctx, { version }) => answer(ctx, shop, { version, answer: 'cancel' }))
    features.press('formContinue', async (ctx, { version }) => {
      await answer(ctx, shop, { version, answer: 'continue' })
      await closeOffer(ctx)
    })
    features.press('formDiscard', (ctx, { version }) => discard(ctx, shop, version))
  }

type Shop = { readonly features: Features; readonly registry: Registry }

function meetForm(shop: Shop): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    if (ctx.message === undefined) {
      await next()
      return offerWhenLeft(ctx)
    }
    const row = await findConversation(ctx.deps.db, askedOf(ctx))
    if (row === undefined) return next()
    if (row.answeredBy === updateIdOf(ctx)) return showStep(ctx, shop)
    await meetMessage(ctx, shop, { row, message: ctx.message, next })
  }
}

type Met = { readonly row: Conversation; readonly message: Message; readonly next: () => Promise<void> }

async function meetMessage(ctx: BotContext, shop: Shop, { row, message, next }: Met): Promise<void> {
  const command = commandIn(message)
  const isOpen = row.state === 'live' || row.state === 'parked'
  if (command === 'cancel' && isOpen) return answer(ctx, shop, { latest: true, answer: 'cancel' })
  if (row.state === 'live' && command === undefined) {
    return answer(ctx, shop, { messageId: BigInt(message.message_id), answer: readAnswer(message) })
  }
  if (row.state === 'expired') {
    await answer(ctx, shop, { latest: true, answer: readAnswer(message) })
    if (command === undefined) return
  }
  await next()
  if (row.state === 'live') await offer(ctx, row)
}

/** Takes an answer and shows where it led. */
async function answer(ctx: BotContext, shop: Shop, given: Given): Promise<void> {
  const outcome = await takeAnswer(ctx, shop.registry, given)
  switch (outcome.kind) {
    case 'settled':
      if (given.answer === 'cancel') await sayLeft(ctx, shop)
      if (outcome.says !== undefined) await ctx.toast(outcome.says)
      return showStep(ctx, shop)
    case 'refused':
      return drawStep(ctx, outcome.open, outcome.why)
    case 'conflict':
    case 'over':
      await ctx.toast(outcome.kind === 'over' ? ctx.texts.common.outdated : ctx.texts.forms.conflict)
      return showStep(ctx, shop)
    case 'expired':
      await ctx.say(outcome.form?.expired?.(ctx.texts) ?? ctx.texts.forms.expired)
      if (ctx.callbackQuery !== undefined) await showStep(ctx, shop)
  }
}

/** Shows where the form is: its step, or what comes after it. */
async function showStep(ctx: BotContext, { features, registry }: Shop): Promise<void> {
  const row = await findConversation(ctx.deps.db, askedOf(ctx))
  const open = row?.state === 'live' ? openStep(registry.get(row.form), row) : undefined
  if (open !== undefined) return drawStep(ctx, open)
  const after = row?.state === 'ended' ? readButton(row.shows ?? '') : undefined
  if (after === undefined || after.action === 'form') await ctx.go('home')
  else await features.do(ctx, after)
}

async function sayLeft(ctx: BotContext, { registry }: Shop): Promise<void> {
  const row = await findConversation(ctx.deps.db, askedOf(ctx))
  const form = row === undefined ? undefined : registry.get(row.form)
  await ctx.toast(form?.left?.(ctx.texts) ?? ctx.texts.forms.left)
}

/** Drops the form that was offered for continuation; the screen stays what it is. */
async function discard(ctx: BotContext, shop: Shop, version: number): Promise<void> {
  const outcome = await takeAnswer(ctx, shop.registry, { version, answer: 'cancel' })
  if (outcome.kind === 'settled') await sayLeft(ctx, shop)
  else await ctx.toast(ctx.texts.common.outdated)
  await closeOffer(ctx)
}

/** A screen other than the form's was drawn: the person went elsewhere. */
async function offerWhenLeft(ctx: BotContext): Promise<void> {
  const { db, bot } = ctx.deps
  const row = await findConversation(db, askedOf(ctx))
  if (row?.state !== 'live') return
  const screen = await findScreen(db, bot.id, ctx.person.id)
  if (screen?.at !== buttonData('form')) await offer(ctx, row)
}

/** Unless the work just done moved it, or put it aside itself. */
async function offer(ctx: BotContext, before: Conversation): Promise<void> {
  const row = await findConversation(ctx.deps.db, askedOf(ctx))
  if (row?.state === 'live' && row.version === before.version) await setAside(ctx, row)
}

/** Takes the buttons off the line that offered to continue, unless the press came from the screen. */
async function closeOffer(ctx: BotContext): Promise<void> {
  const { deps, chatId } = ctx
  const pressed = ctx.callbackQuery?.message?.message_id
  const screen = await findScreen(deps.db, deps.bot.id, ctx.person.id)
  if (pressed === undefined || screen?.messageId === BigInt(pressed)) return
  const bare = { chat_id: chatId, message_id: pressed, reply_markup: { inline_keyboard: [] } }
  await deps.telegram.call('editMessageReplyMarkup', bare).catch((err: unknown) => {
    deps.log.debug({ err }, 'cannot take the buttons off an offer')
  })
}
