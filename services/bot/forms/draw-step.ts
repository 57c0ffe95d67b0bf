import { type Asked, type Conversation, setPrompt } from '../../../shared/db/conversations.ts'
import { findScreen } from '../../../shared/db/screens.ts'
import { bold, escape, html, type Html, paragraphs } from '../../../shared/telegram/html.ts'
import { asCaption } from '../../../shared/telegram/text-length.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { button, type Key, type Keyboard, styled } from '../keyboard.ts'
import { type AnyForm, type Ask, readData, type Step, type StepKey } from './define-form.ts'

export const askedOf = ({ deps, person }: BotContext): Asked => ({ botId: deps.bot.id, person: person.id })

/** A row that this release can go on with. */
export type OpenStep = {
  readonly form: AnyForm
  readonly step: Step<object>
  readonly data: object
  readonly row: Conversation
}

/** Undefined when the form, its step or its data are of a release that is gone. */
export function openStep(form: AnyForm | undefined, row: Conversation): OpenStep | undefined {
  const step = form !== undefined && Object.hasOwn(form.steps, row.step) ? form.steps[row.step] : undefined
  const data = form === undefined ? undefined : readData(form, row.data)
  return form === undefined || step === undefined || data === undefined ? undefined : { form, step, data, row }
}

/**
 * Asks for the present step on the person's screen, which comes to the bottom of the chat after an answer: so there is one
 * prompt with buttons, and never two. `why` says what was wrong with the last answer.
 */
export async function drawStep(ctx: BotContext, open: OpenStep, why?: Html): Promise<void> {
  const { step, data, row } = open
  const ask = await step.ask(ctx, data)
  await ctx.show({
    at: buttonData('form'),
    picture: ask.picture ?? 'home',
    text: asCaption(paragraphs(why === undefined ? undefined : html`⚠️ ${why}`, heading(ctx, open), ask.text)),
    keyboard: keyboardOf(ctx, row, ask),
  })
  const screen = await findScreen(ctx.deps.db, ctx.deps.bot.id, ctx.person.id)
  if (screen?.messageId != null) await setPrompt(ctx.deps.db, askedOf(ctx), row.version, screen.messageId)
}

function heading({ texts }: BotContext, { form, step }: OpenStep): Html {
  const last = Math.max(0, ...Object.values(form.steps).map(({ number = 0 }) => number))
  const progress = step.number === undefined || last < 2 ? '' : ` · ${step.number}/${last}`
  return bold(escape(`${texts.forms.titles[form.name]}${progress}`))
}

const keyboardOf = ({ texts: { common } }: BotContext, { version }: Conversation, { keys = [] }: Ask): Keyboard => [
  ...keys.map((row) => row.map((key) => keyOf(key, version))),
  [button(common.back, 'formBack', { version }), button(common.cancel, 'formCancel', { version })],
]

function keyOf(key: StepKey, version: number): Key {
  if (!('choice' in key)) return key
  const pick = button(key.text, 'formPick', { version, choice: key.choice })
  return key.style === undefined ? pick : styled(pick, key.style)
}
