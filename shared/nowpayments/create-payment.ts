import { setTimeout as sleep } from 'node:timers/promises'
import { dollars } from '../domain/money.ts'
import { type Plain } from './fields.ts'
import { type Pace } from './pacing.ts'
import { type PaymentReport, readPaymentReport } from './payment-report.ts'
import { isSuccess } from './reply.ts'
import {
  type Answer,
  errorOf,
  isThrottled,
  type RequestOptions,
  send,
  standardDeadlines,
  standardPauseMs,
} from './request.ts'

export type PaymentRequest = {
  readonly priceCents: bigint
  readonly payCurrency: string
  readonly orderId: string
  readonly description: string
  readonly callbackUrl: string
}

export type CreatedPayment = PaymentReport & { readonly address: string }

export type CreateRefusal = 'below minimum' | 'coin unavailable' | 'not authorised' | 'throttled' | 'invalid'

export type Created =
  | { readonly kind: 'created'; readonly payment: CreatedPayment }
  | { readonly kind: 'refused'; readonly reason: CreateRefusal; readonly code: string; readonly message: string }
  /** A payment may or may not exist now, and there is no idempotency key: this attempt must not be repeated. */
  | { readonly kind: 'unknown'; readonly cause: string }

const longestWaitMs = 10_000
const mostRetries = 3

/**
 * Asks for a payment once. A clear no is `refused`; whatever leaves a doubt is `unknown`. Only what the limiter turned away
 * is asked again: it stands in front of the application, which never saw it.
 */
export async function createPayment(options: RequestOptions, request: PaymentRequest, pace: Pace): Promise<Created> {
  const endsAt = performance.now() + longestWaitMs
  for (let retry = 1; ; retry += 1) {
    if (!(await pace.take(endsAt - performance.now()))) return tooBusy
    const answer = await ask(options, request)
    if (answer.kind === 'no answer' || !isThrottled(answer)) return readAnswer(answer)
    const pauseMs = (options.pauseMs ?? standardPauseMs)(retry)
    if (retry > mostRetries || performance.now() + pauseMs >= endsAt) {
      return { ...tooBusy, message: `HTTP ${answer.status}` }
    }
    await sleep(pauseMs)
  }
}

function ask(options: RequestOptions, request: PaymentRequest): Promise<Answer> {
  const deadlineMs = (options.deadlines ?? standardDeadlines).create
  return send(options, { name: 'create payment', path: '/payment', deadlineMs, body: bodyOf(request) })
}

function readAnswer(answer: Answer): Created {
  if (answer.kind === 'no answer') return { kind: 'unknown', cause: answer.cause }
  if (isSuccess(answer)) return readCreated(answer.body)
  const { code, message } = errorOf(answer.body)
  const reason = reasonOf(answer.status, code, message)
  if (reason === undefined) return { kind: 'unknown', cause: `HTTP ${answer.status}` }
  return { kind: 'refused', reason, code, message }
}

const tooBusy = {
  kind: 'refused',
  reason: 'throttled',
  code: '',
  message: 'too many payments are being created at once',
} as const

/** The price is written from whole cents; a float never touches it. */
function bodyOf({ priceCents, payCurrency, orderId, description, callbackUrl }: PaymentRequest): string {
  const rest = JSON.stringify({
    price_currency: 'usd',
    pay_currency: payCurrency,
    order_id: orderId,
    order_description: description,
    ipn_callback_url: callbackUrl,
    is_fixed_rate: false,
    is_fee_paid_by_user: false,
  })
  return `{"price_amount":${dollars(priceCents)},${rest.slice(1)}`
}

function readCreated(body: Plain | undefined): Created {
  const report = body === undefined ? undefined : readPaymentReport(body)
  if (report === undefined) return { kind: 'unknown', cause: 'an answer that cannot be read' }
  const { address } = report
  if (address === null || address === '') return { kind: 'unknown', cause: 'a payment without an address' }
  return { kind: 'created', payment: { ...report, address } }
}

function reasonOf(status: number, code: string, message: string): CreateRefusal | undefined {
  if (code === 'AMOUNT_MINIMAL_ERROR' || /minimal|minimum|too small/i.test(message)) return 'below minimum'
  if (code === 'CURRENCY_UNAVAILABLE' || /currenc\w* .*(?:not found|unavailable|disabled)/i.test(message)) {
    return 'coin unavailable'
  }
  if (status === 401 || status === 403) return 'not authorised'
  return status >= 400 && status < 500 ? 'invalid' : undefined
}
