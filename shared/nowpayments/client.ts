import { type Logger } from 'pino'
import { z } from 'zod'
import { type DecimalText } from '../domain/decimal.ts'
import * as catalogue from './catalogue.ts'
import { type Created, createPayment, type PaymentRequest } from './create-payment.ts'
import { type Plain } from './fields.ts'
import { openPace, type Pace } from './pacing.ts'
import { type PaymentReport, readPaymentReport } from './payment-report.ts'
import { type Reply, replyOf } from './reply.ts'
import { type Deadlines, get, type RequestOptions } from './request.ts'

export type { Coin, Minimum } from './catalogue.ts'
export type { Created, CreatedPayment, CreateRefusal, PaymentRequest } from './create-payment.ts'
export type { PaymentReport } from './payment-report.ts'
export type { Reply } from './reply.ts'

export type NowPaymentsOptions = {
  readonly apiUrl: string
  readonly apiKey: string
  readonly log?: Logger
  /** How many times faster than usual it may be called; NOWPayments can raise an account's limits. */
  readonly pace?: number
  /** A monotonic clock in milliseconds, for the pacing. */
  readonly now?: () => number
  /** How long to wait before the n-th retry of a GET. */
  readonly pauseMs?: (retry: number) => number
  readonly deadlines?: Deadlines
}

export type ReadPayment =
  | { readonly kind: 'found'; readonly report: PaymentReport }
  | { readonly kind: 'not found' | 'not authorised'; readonly message: string }
  | { readonly kind: 'unreachable'; readonly cause: string }

/** The provider as this shop needs it. Every call is bounded in time, and answers with a union instead of throwing. */
export type NowPayments = {
  /** Whether it answers at all; it does so even with a wrong key. */
  readonly status: () => Promise<Reply<'OK'>>
  /** The coins enabled for this account, in lower case. */
  readonly merchantCoins: () => Promise<Reply<readonly string[]>>
  readonly fullCurrencies: () => Promise<Reply<readonly catalogue.Coin[]>>
  /** The least that can be paid in a coin when settled in another, at floating rate and with fees not shifted. */
  readonly minAmount: (coin: string, outcomeCoin: string) => Promise<Reply<catalogue.Minimum>>
  /** About how much of a coin so many cents are. */
  readonly estimate: (priceCents: bigint, coin: string) => Promise<Reply<DecimalText>>
  /** About how many dollars so much of a coin is now. */
  readonly worth: (coin: string, coins: string) => Promise<Reply<DecimalText>>
  /** Never repeated: asking twice makes two payments. */
  readonly createPayment: (request: PaymentRequest) => Promise<Created>
  /** Throws on an id that is not one: without it the provider would list all payments. */
  readonly readPayment: (paymentId: string) => Promise<ReadPayment>
}

export const readsPerSecond = 2

/** Their limits are 3 creations and 7 estimates a second; we stay below, and space everything else too. */
export function openNowPayments({ now, pace = 1, ...options }: NowPaymentsOptions): NowPayments {
  const creations = openPace(2 * pace, now)
  const estimates = openPace(5 * pace, now)
  const reads = openPace(readsPerSecond * pace, now)
  const others = openPace(5 * pace, now)
  const ask = async <Value>(name: string, path: string, schema: z.ZodType<Value>, pace = others) =>
    replyOf(await get(options, { name, path, pace }), schema)

  return {
    status: () => ask('status', '/status', catalogue.status),
    merchantCoins: () => ask('merchant coins', '/merchant/coins', catalogue.merchantCoins),
    fullCurrencies: () => ask('currencies', '/full-currencies', catalogue.fullCurrencies),
    minAmount: (coin, outcomeCoin) => ask('minimum', catalogue.minAmountPath(coin, outcomeCoin), catalogue.minimum),
    estimate: (cents, coin) => ask('estimate', catalogue.estimatePath(cents, coin), catalogue.estimated, estimates),
    worth: (coin, coins) => ask('worth', catalogue.worthPath(coin, coins), catalogue.estimated, estimates),
    createPayment: (request) => createPayment(options, request, creations),
    readPayment: (paymentId) => readPayment(options, paymentId, reads),
  }
}

const anyBody = z.custom<Plain>((body) => body !== undefined)

async function readPayment(options: RequestOptions, paymentId: string, pace: Pace): Promise<ReadPayment> {
  if (!/^\d+$/.test(paymentId))
    throw new RangeError(`Expected a payment id of digits, got ${JSON.stringify(paymentId)}`)
  const reply = replyOf(await get(options, { name: 'payment', path: `/payment/${paymentId}`, pace }), anyBody)
  if (reply.kind === 'refused') return { kind: 'unreachable', cause: `${reply.code} ${reply.message}`.trim() }
  if (reply.kind !== 'found') return reply
  const report = readPaymentReport(reply.value)
  if (report?.paymentId !== paymentId) return { kind: 'unreachable', cause: 'an answer that cannot be read' }
  return { kind: 'found', report }
}
