import {
  type Conversation,
  endConversation,
  lockConversation,
  moveConversation,
} from '../../../shared/db/conversations.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Answer, type AnyForm, end, go, type Next, refuse, type Turn } from './define-form.ts'
import { askedOf, openStep, type OpenStep } from './draw-step.ts'

export type Registry = ReadonlyMap<string, AnyForm>

/** What became of an answer. `settled`: the row says where the form is now, also when it was there before. */
export type Outcome =
  | { readonly kind: 'settled'; readonly says?: string }
  | { readonly kind: 'refused'; readonly why: Html; readonly open: OpenStep }
  /** It was meant for a step, or a form, that is over. */
  | { readonly kind: 'conflict' | 'over' }
  | { readonly kind: 'expired'; readonly form: AnyForm | undefined }

/** What was answered, and what it was an answer to: the step of a button, or whatever was asked before the message. */
export type Given = { readonly answer: Answer | 'back' | 'cancel' | 'continue' } & (
  { readonly version: number } | { readonly messageId: bigint } | { readonly latest: true }
)

export const updateIdOf = ({ update }: BotContext): bigint => BigInt(update.update_id)

/** Takes one answer into the form, in one transaction with what the step writes. An update that comes again changes nothing. */
export async function takeAnswer(ctx: BotContext, registry: Registry, given: Given): Promise<Outcome> {
  return inTransaction(ctx.deps.db, async (tx): Promise<Outcome> => {
    const row = await lockConversation(tx, askedOf(ctx))
    if (row === undefined) return { kind: 'over' }
    if (row.answeredBy === updateIdOf(ctx)) return { kind: 'settled' }
    if (row.state === 'ended') return { kind: 'over' }
    if (isOutdated(row, given)) return { kind: 'conflict' }

    const form = registry.get(row.form)
    const open = openStep(form, row)
    if (open === undefined || row.state === 'expired') return expire(ctx, tx, row, form)
    const next = await nextOf({ ctx, tx, data: open.data }, open, given.answer)
    if (next.kind === 'refused') return { kind: 'refused', why: next.why, open }
    if (!(await move(ctx, tx, open, next))) return { kind: 'conflict' }
    return 'says' in next ? { kind: 'settled', says: next.says } : { kind: 'settled' }
  })
}

function isOutdated({ version, promptId }: Conversation, given: Given): boolean {
  if ('version' in given) return given.version !== version
  return 'messageId' in given && promptId !== null && given.messageId < promptId
}

/** The form is over without an answer; the next ones are for the rest of the shop again. */
async function expire(ctx: BotContext, tx: Queryable, row: Conversation, form: AnyForm | undefined): Promise<Outcome> {
  await endConversation(tx, askedOf(ctx), row.version, { shows: buttonData('home'), answeredBy: updateIdOf(ctx) })
  return { kind: 'expired', form }
}

async function move(
  ctx: BotContext,
  tx: Queryable,
  { form, data, row }: OpenStep,
  next: Exclude<Next<object>, { kind: 'refused' }>,
): Promise<boolean> {
  const answeredBy = updateIdOf(ctx)
  if (next.kind === 'end') return endConversation(tx, askedOf(ctx), row.version, { shows: next.shows, answeredBy })
  if (!Object.hasOwn(form.steps, next.step))
    throw new Error(`Expected a step of the form ${form.name}, got ${next.step}`)
  const position = { step: next.step, data: { ...data, ...next.patch }, ttlHours: form.ttlHours, answeredBy }
  return moveConversation(tx, askedOf(ctx), row.version, position)
}

async function nextOf(turn: Turn<object>, open: OpenStep, answer: Given['answer']): Promise<Next<object>> {
  const { form, step, data, row } = open
  if (answer === 'continue') return go(row.step)
  if (answer === 'cancel') return end(form.leave(data))
  if (answer === 'back') {
    const before = step.back?.(data)
    return before === undefined ? end(form.leave(data)) : go(before)
  }
  return (await answered(turn, open, answer)) ?? refuse(ruleOf(turn, open))
}

/** Undefined when the step takes no answer of this kind. */
async function answered(turn: Turn<object>, { step }: OpenStep, answer: Answer): Promise<Next<object> | undefined> {
  switch (answer.kind) {
    case 'text':
      return step.text?.(turn, answer.text)
    case 'photo':
      return step.photo?.(turn, answer)
    case 'document':
      return step.document?.(turn, answer)
    case 'pick':
      return step.pick?.(turn, answer.choice)
    case 'other':
      return undefined
  }
}

function ruleOf({ ctx }: Turn<object>, { step }: OpenStep): Html {
  const { forms } = ctx.texts
  return step.rule?.(ctx.texts) ?? (step.text === undefined ? forms.buttonExpected : forms.textExpected)
}
