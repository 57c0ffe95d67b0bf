import { type Logger } from 'pino'
import { adoptPayment, findPaymentByProviderId, hastenPayment } from '../../shared/db/payments.ts'
import { type Database } from '../../shared/db/pool.ts'
import { parseDecimal, compareDecimals } from '../../shared/domain/decimal.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { type NowPayments, type PaymentReport } from '../../shared/nowpayments/client.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { describe, type PaymentPolicy, recordPayment } from './record-payment.ts'

export type SettlePaymentDeps = {
  readonly db: Database
  readonly nowPayments: NowPayments
  readonly policy: PaymentPolicy
  readonly log: Logger
  /** NOWPayments' own sandbox reports `finished` with nothing paid; there, and only there, it counts as exact. */
  readonly zeroMeansExact: boolean
}

export type Settled =
  | { readonly kind: 'settled'; readonly paymentId: PaymentId; readonly result: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'later'; readonly paymentId: PaymentId | null; readonly reason: string }

/** Asks NOWPayments for the payment itself and records what it says. A notification is only the reason to ask. */
export async function settlePayment(deps: SettlePaymentDeps, providerId: string): Promise<Settled> {
  const known = await findPaymentByProviderId(deps.db, providerId)
  const reply = await deps.nowPayments.readPayment(providerId)
  await failpoint('ipn.re-read')
  if (reply.kind === 'not found' && known === undefined) return { kind: 'unknown' }
  if (reply.kind !== 'found') return putOff(deps, known, reply.kind === 'unreachable' ? reply.cause : reply.message)

  const paymentId = known ?? (await adopt(deps.db, reply.report))
  if (paymentId === undefined) return { kind: 'unknown' }
  const decision = await recordPayment(deps.db, paymentId, reportOf(deps, reply.report), deps.policy)
  const result = decision === undefined ? 'not asked by us' : describe(decision)
  deps.log.info({ paymentId, providerId, status: reply.report.status, result }, 'payment read')
  return { kind: 'settled', paymentId, result }
}

async function putOff({ db, log }: SettlePaymentDeps, known: PaymentId | undefined, reason: string): Promise<Settled> {
  log.warn({ paymentId: known, reason }, 'a payment could not be read again')
  if (known !== undefined) await hastenPayment(db, known, 15)
  return { kind: 'later', paymentId: known ?? null, reason }
}

/** A payment whose creation was never answered names its attempt: `<order code>-<attempt>`. Coin and price must agree. */
async function adopt(db: Database, report: PaymentReport): Promise<PaymentId | undefined> {
  const [, orderCode, attempt] = /^([0-9A-Z]{10})-(\d{1,6})$/.exec(report.orderId ?? '') ?? []
  if (orderCode === undefined || attempt === undefined || report.priceCents === null) return undefined
  if (report.parentPaymentId !== null || report.address === null) return undefined
  return adoptPayment(
    db,
    { orderCode, attempt: Number(attempt), payCurrency: report.payCurrency, priceCents: report.priceCents },
    { ...report, providerId: report.paymentId, address: report.address },
  )
}

function reportOf({ zeroMeansExact }: SettlePaymentDeps, report: PaymentReport) {
  const isZero = compareDecimals(parseDecimal(report.actuallyPaid), parseDecimal('0')) === 0
  const countsAsExact = zeroMeansExact && isZero && report.status === 'finished'
  return {
    ...report,
    providerId: report.paymentId,
    parentId: report.parentPaymentId,
    reference: report.orderId,
    actuallyPaid: countsAsExact ? report.payAmount : report.actuallyPaid,
    raw: JSON.stringify(report, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  }
}
