import { type Logger } from 'pino'
import { markOrder } from '../../../shared/db/order-progress.ts'
import { setAwaitingPayment, setOrderQuestion } from '../../../shared/db/order-steps.ts'
import { type Order } from '../../../shared/db/orders.ts'
import { type Attempt, claimAsking, setAddress, setNoAddress } from '../../../shared/db/payment-attempts.ts'
import { type Database, inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { orderChanged } from '../../../shared/events/index.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { type Created, type CreatedPayment, type NowPayments } from '../../../shared/nowpayments/client.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'

export type AskDeps = {
  readonly db: Database
  readonly payments: Pick<NowPayments, 'createPayment'>
  readonly log: Logger
  readonly callbackUrl: string
  readonly windowMs: number
}

/** Why there is no address, in the words the order remembers. */
export type NoAddress = 'below minimum' | 'coin unavailable' | 'closed' | 'busy' | 'refused'

export type Asked =
  | { readonly kind: 'address' }
  | { readonly kind: 'no address'; readonly why: NoAddress }
  /** A payment may exist: if so, a notification brings it. The buyer may try again. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'being asked' }

/**
 * Asks NOWPayments for one address, once: whoever comes second finds it being asked. The answer is written down with the
 * order's next state and the redraw of its message in one transaction.
 */
export async function askAddress(deps: AskDeps, order: Order, attempt: Attempt): Promise<Asked> {
  if (!(await claimAsking(deps.db, attempt.id))) return { kind: 'being asked' }
  const created = await deps.payments.createPayment({
    priceCents: attempt.price,
    payCurrency: attempt.coin,
    orderId: `${order.code}-${attempt.attempt}`,
    description: `Comptoir order ${order.code}`,
    callbackUrl: deps.callbackUrl,
  })
  await failpoint('bot.payment-made')
  const asked = await inTransaction(deps.db, (tx) => record(tx, deps, order, attempt, created))
  logAnswer(deps.log, order, attempt, created)
  return asked
}

async function record(
  tx: Queryable,
  { windowMs }: AskDeps,
  order: Order,
  attempt: Attempt,
  created: Created,
): Promise<Asked> {
  await enqueue(tx, orderChanged, order.id, { orderId: order.id })
  if (created.kind === 'created' && isAsAsked(created.payment, order, attempt)) {
    return recordAddress(tx, windowMs, order, attempt, created.payment)
  }
  if (created.kind !== 'refused') {
    if (created.kind === 'created') await alertStranger(tx, order, created.payment)
    await setNoAddress(tx, attempt.id, 'unknown', null)
    return { kind: 'unknown' }
  }
  const why = reasonOf[created.reason]
  await setNoAddress(tx, attempt.id, why === 'busy' ? 'throttled' : 'refused', why)
  if (why === 'closed' || why === 'refused') await alert(tx, order, `${created.code} ${created.message}`.trim())
  // While NOWPayments is only busy, the order waits for the buyer's next try.
  if (attempt.kind === 'main' && why !== 'busy') await failWithoutAddress(tx, order, why)
  return { kind: 'no address', why }
}

const reasonOf = {
  'below minimum': 'below minimum',
  'coin unavailable': 'coin unavailable',
  'not authorised': 'closed',
  throttled: 'busy',
  invalid: 'refused',
} as const

async function recordAddress(
  tx: Queryable,
  windowMs: number,
  order: Order,
  attempt: Attempt,
  { paymentId, ...payment }: CreatedPayment,
): Promise<Asked> {
  const raw = JSON.stringify({ paymentId, ...payment }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
  const expiresAt = await setAddress(tx, attempt.id, { ...payment, providerId: paymentId, raw }, windowMs)
  if (expiresAt === undefined) throw new Error(`Expected attempt ${attempt.id} to be without another payment`)
  if (attempt.kind === 'main') await setAwaitingPayment(tx, order.id, expiresAt)
  else await setOrderQuestion(tx, order.id, null)
  return { kind: 'address' }
}

/** An answer about another order, coin or price is no address of ours. */
const isAsAsked = (payment: CreatedPayment, { code }: Order, { attempt, coin, price }: Attempt): boolean =>
  payment.payCurrency === coin &&
  payment.priceCents === price &&
  payment.priceCurrency === 'usd' &&
  (payment.orderId === null || payment.orderId === `${code}-${attempt}`) &&
  payment.payAmount !== '0'

/** An order that already has another address goes on with that one. */
const failWithoutAddress = (tx: Queryable, order: Order, why: NoAddress): Promise<boolean> =>
  markOrder(tx, order.id, 'failed', ['creating'], why)

const alert = (tx: Queryable, { code }: Order, said: string): Promise<void> =>
  alertAdmins(tx, 'provider.refused', { about: 'payments refused', said }, { ref: code })

/** Its address is never shown; a person should know that it exists. */
const alertStranger = (tx: Queryable, { code }: Order, { paymentId }: CreatedPayment): Promise<void> =>
  alertAdmins(tx, `provider.mismatch:${code}`, { about: 'strange payment', payment: paymentId }, { ref: code })

function logAnswer(log: Logger, { code }: Order, { id, attempt, coin }: Attempt, created: Created): void {
  const fields = { orderCode: code, paymentId: id, attempt, coin }
  if (created.kind === 'created') log.info({ ...fields, providerId: created.payment.paymentId }, 'payment made')
  else if (created.kind === 'unknown') {
    log.warn({ ...fields, reason: 'provider.unknown', cause: created.cause }, 'no answer to a payment creation')
  } else {
    const reason = created.reason === 'throttled' ? 'provider.throttled' : 'provider.refused'
    log.warn({ ...fields, reason, why: created.reason, code: created.code }, 'nowpayments refused a payment')
  }
}
