import {
  type Conversation,
  findConversation,
  insertConversation,
  lockConversation,
  moveConversation,
  parkConversation,
} from '../../../shared/db/conversations.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { type BotContext } from '../context.ts'
import { button, type Key } from '../keyboard.ts'
import { type Form, type FormName } from './define-form.ts'
import { askedOf, drawStep, openStep } from './draw-step.ts'
import { updateIdOf } from './take-answer.ts'

type Beginning<Data> = { readonly step: string; readonly data: Data }

/**
 * Opens a form, or goes on with the same one where it was left. While another one is open the person is asked to continue or
 * discard that one first: nothing they began is dropped in silence.
 */
export async function startForm<Data extends object>(
  ctx: BotContext,
  form: Form<Data>,
  beginning: Beginning<Data>,
): Promise<void> {
  const asked = askedOf(ctx)
  const isOpen = await inTransaction(ctx.deps.db, (tx) => begin(ctx, tx, form, beginning))
  const row = await findConversation(ctx.deps.db, asked)
  if (row === undefined) throw new Error(`Expected the form ${form.name} just opened, got none`)
  const open = isOpen ? openStep(form, row) : undefined
  if (open === undefined) await setAside(ctx, row)
  else await drawStep(ctx, open)
}

/** False when another form is open. */
async function begin<Data extends object>(
  ctx: BotContext,
  tx: Queryable,
  form: Form<Data>,
  { step, data }: Beginning<Data>,
): Promise<boolean> {
  const asked = askedOf(ctx)
  const answeredBy = updateIdOf(ctx)
  const first = { step, data, ttlHours: form.ttlHours, answeredBy }
  if (await insertConversation(tx, asked, form.name, first)) return true

  const row = await lockConversation(tx, asked)
  const open = row?.form === form.name ? form.data.safeParse(row.data).data : undefined
  if (row === undefined || open === undefined) return false
  if (row.answeredBy === answeredBy) return true
  if (form.isSame?.(open, data) === false) return false
  return moveConversation(tx, asked, row.version, { ...first, step: row.step, data: open })
}

/** Says that the form is kept before it is put aside: a crash between repeats the line. */
export async function setAside(ctx: BotContext, row: Conversation): Promise<void> {
  await offerToContinue(ctx, row)
  await parkConversation(ctx.deps.db, askedOf(ctx), row.version)
}

async function offerToContinue(ctx: BotContext, row: Conversation): Promise<void> {
  const { common, forms } = ctx.texts
  const { form, version } = row
  const title = isFormName(form, forms.titles) ? forms.titles[form] : form
  await ctx.say(forms.kept(title), [
    [button(common.continue, 'formContinue', { version }), button(common.discard, 'formDiscard', { version })],
  ])
}

const isFormName = (name: string, titles: Readonly<Record<FormName, string>>): name is FormName =>
  Object.hasOwn(titles, name)

/** The way back into a form that was left open, for the home screen. */
export async function continueKeys(ctx: BotContext): Promise<readonly Key[]> {
  const row = await findConversation(ctx.deps.db, askedOf(ctx))
  if (row?.state !== 'parked') return []
  return [button(ctx.texts.forms.continueOpen, 'formContinue', { version: row.version })]
}
