import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { mailSeller } from '../../../shared/messaging/queue-mail.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import {
  findSellerAccount,
  findSuspension,
  type Opening,
  openSellerAccount,
} from '../../../shared/db/seller-accounts.ts'
import { lockEmail } from '../../../shared/db/seller-changes.ts'
import { type Email, readEmail } from '../../../shared/domain/email.ts'
import { codeFrom, productCodeLength } from '../../../shared/domain/public-code.ts'
import { readSolanaAddress, type SolanaAddress } from '../../../shared/domain/solana-address.ts'
import { buttonData } from '../buttons.ts'
import { askCode, askedCode, codeStep } from '../mail/prove-address.ts'
import { type CheckoutSettings } from '../checkout/checkout-deps.ts'
import { type BotContext } from '../context.ts'
import { defineForm, end, type Form, go, type Next, refuse, type Step, type Turn } from '../forms/define-form.ts'
import { confirmSteps, takeAddress } from './address-steps.ts'
import { tellChanges } from './tell-changes.ts'

const openingData = z.object({
  email: z.string().optional(),
  /** The address that a code was sent to and came back from. */
  proved: z.string().optional(),
  code: askedCode.optional(),
  candidate: z.string().optional(),
  isOrdinary: z.boolean().optional(),
  address: z.string().nullable().optional(),
})

type OpeningData = z.infer<typeof openingData>

/** E-mail, Solana address or later, terms: then the shop is open. */
export const openAccountForm = ({ termsVersion }: CheckoutSettings): Form<OpeningData> =>
  defineForm({
    name: 'openShop',
    ttlHours: 24,
    data: openingData,
    leave: () => buttonData('home'),
    steps: {
      email: { number: 1, ask: ({ texts }) => ({ text: texts.account.askEmail }), text: takeEmail },
      code: codeStep<OpeningData>(
        'code',
        'email',
        (_, proved) => Promise.resolve(go<OpeningData>('address', { proved })),
        1,
      ),
      address: addressStep,
      ...confirmSteps<OpeningData>(2, (_, address) => Promise.resolve(go<OpeningData>('terms', { address }))),
      terms: termsStep(termsVersion),
    },
  })

async function takeEmail(turn: Turn<OpeningData>, text: string): Promise<Next<OpeningData>> {
  const { ctx, tx } = turn
  const read = readEmail(text)
  if (read.kind === 'refused') return refuse(ctx.texts.account.emailFault(read.fault))
  if (!(await lockEmail(tx, ctx.person.id, read.email))) return refuse(ctx.texts.account.emailTaken)
  const answered = { ...turn.data, email: read.email }
  return isProved(ctx, answered) ? go<OpeningData>('address', { email: read.email }) : prove(turn, read.email)
}

/** Without mail settings nothing can be proved: the address is taken as it is, and shown as not verified. */
const isProved = ({ deps }: BotContext, { email, proved }: OpeningData): boolean =>
  deps.config.mail === undefined || (proved !== undefined && proved === email)

const prove = (turn: Turn<OpeningData>, email: Email): Promise<Next<OpeningData>> =>
  askCode(turn, 'code', { email, purpose: 'open shop' }, { email })

const addressStep: Step<OpeningData> = {
  number: 2,
  back: () => 'email',
  ask: ({ texts: { account } }) => ({
    text: account.askAddress,
    keys: [[{ text: account.later, choice: 'later' }]],
  }),
  text: takeAddress,
  pick: () => Promise.resolve(go<OpeningData>('terms', { address: null })),
}

const termsStep = (termsVersion: string): Step<OpeningData> => ({
  number: 3,
  back: () => 'address',
  ask: ({ texts: { account } }, { email = '', address = null }) => ({
    text: account.sellerTerms(email, address),
    keys: [[{ text: account.accept, choice: 'accept', style: 'success' }]],
  }),
  pick: async (turn) =>
    isProved(turn.ctx, turn.data)
      ? afterOpening(turn, await open(turn, termsVersion))
      : prove(turn, checkedEmail(turn.data)),
})

function open({ ctx, tx, data }: Turn<OpeningData>, termsVersion: string): Promise<Opening> {
  const { config } = ctx.deps
  return openSellerAccount(tx, {
    person: ctx.person.id,
    code: codeFrom(randomBytes(productCodeLength)),
    email: checkedEmail(data),
    isEmailConfirmed: data.proved !== undefined && data.proved === data.email,
    address: checkedAddress(data),
    quotaBytes: BigInt(config.sellerQuotaBytes),
    termsVersion,
    holdHours: config.money.walletHoldHours,
  })
}

async function afterOpening({ ctx, tx }: Turn<OpeningData>, opening: Opening): Promise<Next<OpeningData>> {
  switch (opening.kind) {
    case 'opened':
      await tellChanges(tx, ctx.person.id, opening.changes)
      await welcome(ctx, tx)
      return end(buttonData('sell'), ctx.texts.account.openedNow)
    case 'open already':
      return end(buttonData('sell'), ctx.texts.account.openAlready)
    case 'email taken':
      return refuse(ctx.texts.account.emailTakenMeanwhile)
    case 'suspended':
      return refuse(await suspensionText(ctx))
  }
}

/** Once per account, however often it is opened again. */
async function welcome({ person }: BotContext, tx: Queryable): Promise<void> {
  const account = await findSellerAccount(tx, person.id)
  if (account !== undefined) await mailSeller(tx, person.id, account.code, { template: 'welcome', shop: account.name })
}

export async function suspensionText({ deps, person, texts }: BotContext) {
  const suspension = await findSuspension(deps.db, person.id)
  return texts.account.suspended(suspension?.until ?? null, suspension?.reason ?? null)
}

/** The row is ours, and still only what passes the rule goes on. */
function checkedEmail({ email = '' }: OpeningData): Email {
  const read = readEmail(email)
  if (read.kind === 'refused')
    throw new Error(`Expected an e-mail address in the form, got one that is ${read.fault.kind}`)
  return read.email
}

function checkedAddress({ address = null }: OpeningData): SolanaAddress | null {
  if (address === null) return null
  const read = readSolanaAddress(address)
  if (read.kind === 'refused') throw new Error(`Expected an address in the form, got one that is ${read.fault.kind}`)
  return read.address
}
