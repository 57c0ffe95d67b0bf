import { z } from 'zod'
import { insertCode, markCodeUsed, takeCodeTry } from '../../../shared/db/email-codes.ts'
import { type EmailCodeId } from '../../../shared/domain/ids.ts'
import { type CodePurpose } from '../../../shared/domain/mail.ts'
import { queueMail } from '../../../shared/messaging/queue-mail.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { go, type Next, refuse, type Step, type Turn } from '../forms/define-form.ts'
import { isCodeOf } from './email-code.ts'

const purposes = ['open shop', 'new email', 'change email', 'change address', 'verify', 'receipts'] as const

/** What a form remembers of the code that it waits for. */
export const askedCode = z.object({
  id: z.string(),
  email: z.string(),
  purpose: z.enum(purposes),
  about: z.string(),
  at: z.string(),
})

export type CodeData = { readonly code?: z.infer<typeof askedCode> | undefined }

export type CodeWish = { readonly email: string; readonly purpose: CodePurpose; readonly about?: string }

/** Mails a code in the transaction of the form, and goes to the step that takes it. */
export async function askCode<Data extends CodeData>(
  { ctx, tx }: Turn<Data>,
  step: string,
  { email, purpose, about = '' }: CodeWish,
  patch: Partial<Data>,
): Promise<Next<Data>> {
  const person = ctx.person.id
  const code = await insertCode(tx, person, email)
  if (code.kind === 'too many') return refuse(ctx.texts.account.tooManyCodes(code.again))
  const { id, expiresAt } = code
  const mail = { template: 'code', purpose, about } as const
  await queueMail(tx, { address: email, isConfirmed: true, person, subject: id, mail, expiresAt })
  ctx.deps.log.info({ userId: person, purpose, reason: 'mail.code' }, 'a code was asked for')
  return go<Data>(step, { ...patch, code: { id, email, purpose, about, at: code.at.toISOString() } })
}

/**
 * The step that takes the code, and mails another one on demand; `proved` says what comes after the right one. Where e-mail was
 * switched off meanwhile, the step before it asks for no code any more.
 */
export const codeStep = <Data extends CodeData>(
  name: string,
  back: string,
  proved: (turn: Turn<Data>, email: string) => Promise<Next<Data>>,
  number?: number,
): Step<Data> => ({
  ...(number === undefined ? {} : { number }),
  back: () => back,
  rule: ({ account }) => account.codeRule,
  ask: ({ deps, texts: { account } }, { code }) =>
    deps.config.mail === undefined
      ? { text: account.noCode }
      : {
          text: account.askCode(code?.email ?? '', new Date(code?.at ?? 0)),
          keys: [[{ text: account.anotherCode, choice: 'again' }]],
        },
  text: (turn, text) => takeCode(turn, text, { name, proved }),
  pick: (turn) => {
    const { code } = turn.data
    if (isMailOff(turn)) return Promise.resolve(go<Data>(name))
    if (code === undefined) return Promise.resolve(go<Data>(back))
    return askCode(turn, name, code, {})
  },
})

const isMailOff = <Data extends CodeData>({ ctx }: Turn<Data>): boolean => ctx.deps.config.mail === undefined

/** Where no other code can come, the step says so in place of what was wrong with this one. */
const refuseCode = <Data extends CodeData>(turn: Turn<Data>, step: string, why: Html): Next<Data> =>
  isMailOff(turn) ? go<Data>(step) : refuse(why)

type CodeStep<Data> = {
  readonly name: string
  readonly proved: (turn: Turn<Data>, email: string) => Promise<Next<Data>>
}

async function takeCode<Data extends CodeData>(
  turn: Turn<Data>,
  text: string,
  { name, proved }: CodeStep<Data>,
): Promise<Next<Data>> {
  const { ctx, tx, data } = turn
  const { account } = ctx.texts
  const typed = text.replace(/[\s\u00a0-]/g, '')
  if (!/^\d{6}$/.test(typed)) return refuseCode(turn, name, account.codeRule)
  const id = (data.code?.id ?? '') as unknown as EmailCodeId
  const left = data.code === undefined ? undefined : await takeCodeTry(tx, ctx.person.id, id)
  if (data.code === undefined || left === undefined) return refuseCode(turn, name, account.codeOver)
  if (!isCodeOf(ctx.deps.config.telegram.token, id, typed))
    return refuseCode(turn, name, left === 0 ? account.codeOver : account.wrongCode(left))
  await markCodeUsed(tx, id)
  return proved(turn, data.code.email)
}
