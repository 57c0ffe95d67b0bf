import { z } from 'zod'
import {
  compareDecimals,
  type Decimal,
  multiplyDecimals,
  parseDecimal,
  ratio,
  readDecimal,
  roundUp,
} from '../../shared/domain/decimal.ts'
import { coinOf, coins, findCoin, type SimulatedCoin } from './coins.ts'
import { type Happening } from './payment-machine.ts'
import { type SimulatedPayment } from './payment.ts'
import { type Provider } from './provider.ts'
import { convert, minimumOf } from './rates.ts'

export const actionNames = [
  'pay',
  'pay-less',
  'pay-more',
  'pay-late',
  'expire',
  'fail',
  'refund',
  'second-deposit',
  'wrong-coin',
  'finish',
  'cancel',
] as const

const decimalAmount = z
  .union([z.string(), z.number().transform(String)])
  .refine((text) => (readDecimal(text)?.digits ?? 0n) > 0n, 'Expected a positive amount')

export const actSchema = z.object({
  action: z.enum(actionNames),
  amount: decimalAmount.optional(),
  coin: z.string().optional(),
})

/** What a person at the pay page, the merchant, or time does to a payment. */
export type Act = z.input<typeof actSchema>

export type Acted =
  | { readonly kind: 'done'; readonly payment: SimulatedPayment }
  | { readonly kind: 'refused'; readonly code: 'not_possible' | 'unknown_coin'; readonly message: string }

type Step = (provider: Provider, payment: SimulatedPayment, amount: Decimal | undefined) => Acted

const steps: Record<Exclude<Act['action'], 'wrong-coin'>, Step> = {
  pay: (provider, payment, amount) => deposit(provider, payment, amount ?? whole(payment)),
  'pay-less': (provider, payment, amount) => deposit(provider, payment, amount ?? part(payment)),
  'pay-more': (provider, payment, amount) =>
    deposit(provider, payment, amount ?? times(whole(payment), '1.1', payment)),
  'pay-late': payLate,
  fail: (provider, payment) => {
    const isUnpaid = payment.status === 'waiting' || payment.status === 'expired'
    return isUnpaid ? deposit(provider, payment, tooLittle(payment)) : apply(provider, payment, { kind: 'fail' })
  },
  'second-deposit': (provider, payment, amount) => {
    if (payment.payinHash === null) return notPossible('The first deposit has not come yet')
    return child(provider, payment, payment.payCurrency, amount ?? whole(payment))
  },
  expire: (provider, payment) => apply(provider, payment, { kind: 'expire' }),
  refund: (provider, payment) => apply(provider, payment, { kind: 'refund' }),
  finish: (provider, payment) => merchant(provider, payment, 'finish'),
  cancel: (provider, payment) => merchant(provider, payment, 'cancel'),
}

/** Does it, or says why it cannot be done to a payment in that state. */
export function act(provider: Provider, id: string, wanted: Act): Acted {
  const { action, amount: text, coin } = actSchema.parse(wanted)
  const payment = provider.book.get(id)
  const amount = text === undefined ? undefined : parseDecimal(text)
  if (action === 'wrong-coin') return wrongCoin(provider, payment, amount, coin)
  return steps[action](provider, payment, amount)
}

const notPossible = (message: string): Acted => ({ kind: 'refused', code: 'not_possible', message })

function apply(provider: Provider, { id }: SimulatedPayment, happening: Happening): Acted {
  const moved = provider.apply(id, happening)
  return moved.kind === 'moved' ? { kind: 'done', payment: moved.payment } : notPossible(moved.message)
}

const deposit = (provider: Provider, payment: SimulatedPayment, amount: Decimal): Acted =>
  apply(provider, payment, { kind: 'deposit', amount })

/** After the window the provider still sees the money, and tells nobody. */
function payLate(provider: Provider, payment: SimulatedPayment, amount = whole(payment)): Acted {
  if (payment.status === 'waiting') apply(provider, payment, { kind: 'expire' })
  const { status } = provider.book.get(payment.id)
  if (status !== 'expired') return notPossible(`A payment that is ${status} cannot be paid late`)
  return deposit(provider, payment, amount)
}

/** In the dashboard a merchant can only end what was paid in part. */
function merchant(provider: Provider, payment: SimulatedPayment, kind: 'finish' | 'cancel'): Acted {
  if (payment.status !== 'partially_paid') return notPossible(`Only a partially_paid payment can be ${kind}ed by hand`)
  return apply(provider, payment, { kind })
}

function child(provider: Provider, { id }: SimulatedPayment, coin: string, amount: Decimal): Acted {
  provider.addChild(id, coin, amount)
  return { kind: 'done', payment: provider.book.get(id) }
}

function wrongCoin(provider: Provider, payment: SimulatedPayment, amount: Decimal | undefined, code?: string): Acted {
  const sent = code === undefined ? neighbourOf(coinOf(payment.payCurrency)) : findCoin(code)
  if (sent === undefined) return { kind: 'refused', code: 'unknown_coin', message: `No coin ${code ?? ''} here` }
  if (sent.code === payment.payCurrency) return notPossible('That is the coin that was asked for')
  // Where wrong coins are not processed by themselves, the payment only gets a label that is in no reference.
  const isLabelled = provider.options.faults.take('wrong-asset-status') !== undefined
  if (isLabelled) return apply(provider, payment, { kind: 'wrong-asset' })
  const equivalent = convert(parseDecimal(payment.payAmount), payment.payCurrency, sent.code) ?? whole(payment)
  return child(provider, payment, sent.code, amount ?? roundUp(equivalent, sent.decimals))
}

/** The coin a hurried person mistakes for it: another of the same network, or of the same name. */
function neighbourOf(coin: SimulatedCoin): SimulatedCoin | undefined {
  const others = coins.filter(({ code }) => code !== coin.code)
  return (
    others.find(({ network, contract }) => network === coin.network && contract !== null) ??
    others.find(({ ticker }) => ticker === coin.ticker) ??
    others[0]
  )
}

/** A wallet sends no more decimals than the coin has, so a buyer rounds the quoted amount up. */
function whole({ payAmount, payCurrency }: SimulatedPayment): Decimal {
  return roundUp(parseDecimal(payAmount), coinOf(payCurrency).decimals)
}

const times = (amount: Decimal, factor: string, { payCurrency }: SimulatedPayment): Decimal =>
  roundUp(multiplyDecimals(amount, parseDecimal(factor)), coinOf(payCurrency).decimals)

/** Six tenths, but enough to be processed at all. */
function part(payment: SimulatedPayment): Decimal {
  const some = times(whole(payment), '0.6', payment)
  const least = roundUp(
    minimumOf(coinOf(payment.payCurrency), payment.isFixedRate),
    coinOf(payment.payCurrency).decimals,
  )
  return compareDecimals(some, least) < 0 && compareDecimals(least, whole(payment)) < 0 ? least : some
}

function tooLittle({ payCurrency, isFixedRate }: SimulatedPayment): Decimal {
  const coin = coinOf(payCurrency)
  return ratio(minimumOf(coin, isFixedRate), parseDecimal('2'), coin.decimals)
}
