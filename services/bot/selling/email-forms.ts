import { z } from 'zod'
import { findSellerAccount, type SellerAccount } from '../../../shared/db/seller-accounts.ts'
import { lockEmail, markEmailVerified, setEmail } from '../../../shared/db/seller-changes.ts'
import { type Email, readEmail } from '../../../shared/domain/email.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { defineForm, end, type Form, type Next, refuse, type Step, type Turn } from '../forms/define-form.ts'
import { askCode, askedCode, codeStep } from '../mail/prove-address.ts'
import { tellChanges } from './tell-changes.ts'

const emailData = z.object({ email: z.string().optional(), owner: z.string().optional(), code: askedCode.optional() })

/** `owner`: the verified address whose reader agreed to the change. */
type EmailData = z.infer<typeof emailData>

/**
 * Another e-mail address. Whoever has a verified one agrees with a code sent there, then proves the new one with another;
 * without mail settings the new one is taken as it is.
 */
export const shopEmailForm: Form<EmailData> = defineForm({
  name: 'shopEmail',
  ttlHours: 24,
  data: emailData,
  leave: () => buttonData('settings'),
  steps: {
    email: {
      ask: async (ctx) => ({ text: ctx.texts.desk.askNewEmail((await current(ctx))?.email ?? null) }),
      text: takeNewEmail,
    },
    oldCode: codeStep<EmailData>('oldCode', 'email', (turn, owner) => proveNew(turn, { owner })),
    newCode: codeStep<EmailData>('newCode', 'email', (turn, email) => change(turn, email, true)),
  },
})

const current = ({ deps, person }: BotContext): Promise<SellerAccount | undefined> =>
  findSellerAccount(deps.db, person.id)

async function takeNewEmail(turn: Turn<EmailData>, text: string): Promise<Next<EmailData>> {
  const { ctx, tx } = turn
  const { account } = ctx.texts
  const read = readEmail(text)
  if (read.kind === 'refused') return refuse(account.emailFault(read.fault))
  const { email } = read
  if (!(await lockEmail(tx, ctx.person.id, email))) return refuse(account.emailTaken)
  const now = await findSellerAccount(tx, ctx.person.id)
  if (ctx.deps.config.mail === undefined) return change(turn, email, false)
  if (now?.isEmailVerified !== true || now.email === null) return proveNew(turn, { email })
  if (now.email === email) return end(buttonData('settings'), ctx.texts.desk.unchanged)
  return askCode(turn, 'oldCode', { email: now.email, purpose: 'change email', about: email }, { email })
}

function proveNew(turn: Turn<EmailData>, patch: Partial<EmailData>): Promise<Next<EmailData>> {
  const { email = '' } = { ...turn.data, ...patch }
  return askCode(turn, 'newCode', { email, purpose: 'new email' }, patch)
}

async function change(turn: Turn<EmailData>, text: string, isConfirmed: boolean): Promise<Next<EmailData>> {
  const { ctx, tx, data } = turn
  const email = checked(text)
  if (!(await lockEmail(tx, ctx.person.id, email))) return refuse(ctx.texts.account.emailTaken)
  const now = await findSellerAccount(tx, ctx.person.id)
  // verified meanwhile by another form: its reader has to agree as well
  if (isConfirmed && now?.isEmailVerified === true && now.email !== data.owner)
    return askCode(turn, 'oldCode', { email: now.email ?? '', purpose: 'change email', about: email }, { email })
  const changed = await setEmail(tx, ctx.person.id, email, isConfirmed)
  await tellChanges(tx, ctx.person.id, { email: changed })
  return end(buttonData('settings'), changed.kind === 'changed' ? ctx.texts.desk.saved : ctx.texts.desk.unchanged)
}

/** What was kept is read once more: a row is no proof that it was checked. */
function checked(text: string): Email {
  const read = readEmail(text)
  if (read.kind === 'refused')
    throw new Error(`Expected an e-mail address in the form, got one that is ${read.fault.kind}`)
  return read.email
}

/** For a shop that was opened while no mail could be sent: its address is proved later. */
export const verifyEmailForm: Form<EmailData> = defineForm({
  name: 'verifyEmail',
  ttlHours: 24,
  data: emailData,
  leave: () => buttonData('settings'),
  steps: { verify: askToVerify(), code: codeStep<EmailData>('code', 'verify', verified) },
})

function askToVerify(): Step<EmailData> {
  return {
    ask: async (ctx) => ({
      text: ctx.texts.account.askToVerify((await current(ctx))?.email ?? ''),
      keys: [[{ text: ctx.texts.account.sendCode, choice: 'send', style: 'success' }]],
    }),
    pick: async (turn) => {
      const { email = null } = (await findSellerAccount(turn.tx, turn.ctx.person.id)) ?? {}
      const { deps, texts } = turn.ctx
      if (deps.config.mail === undefined) return end(buttonData('settings'), texts.data.noMail)
      if (email === null) return end(buttonData('settings'), texts.desk.unchanged)
      return askCode(turn, 'code', { email, purpose: 'verify' }, { email })
    },
  }
}

async function verified({ ctx, tx }: Turn<EmailData>, email: string): Promise<Next<EmailData>> {
  const isNew = await markEmailVerified(tx, ctx.person.id, checked(email))
  return end(buttonData('settings'), isNew ? ctx.texts.account.verified : ctx.texts.desk.unchanged)
}
