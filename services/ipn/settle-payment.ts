import { type Logger } from 'pino'
import { findPaymentByProviderId } from '../../shared/db/payments.ts'
import { type Database } from '../../shared/db/pool.ts'
import { compareDecimals, parseDecimal, wholeUnits } from '../../shared/domain/decimal.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { type NowPayments, type PaymentReport, type ReadPayment } from '../../shared/nowpayments/client.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { adoptPayment } from './adopt-payment.ts'
import { compareIfAsked } from './compare-payment.ts'
import { type PaymentDecision } from './decide-payment.ts'
import { describe, type FullReport } from './keep-report.ts'
import { keepRedeposit, reviewRedeposit } from './keep-redeposit.ts'
import { noteUnread, noteUnreadable } from './note-unreadable.ts'
import { planNextPoll } from './plan-next-poll.ts'
import { type PaymentPolicy, recordPayment } from './record-payment.ts'

export type SettlePaymentDeps = {
  readonly db: Database
  readonly nowPayments: Pick<NowPayments, 'readPayment' | 'worth'>
  readonly policy: PaymentPolicy
  readonly log: Logger
  /** NOWPayments' own sandbox reports `finished` with nothing paid; there, and only there, it counts as exact. */
  readonly zeroMeansExact: boolean
}

export type Settled =
  | { readonly kind: 'settled'; readonly paymentId: PaymentId; readonly result: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'later'; readonly paymentId: PaymentId | null; readonly reason: string }

type Read = Settled & { readonly redeposits?: readonly string[] }

/**
 * Asks NOWPayments for the payment itself and records what it says. A notification is only the reason to ask. Later
 * deposits to the same address that the answer names are settled after it.
 */
export async function settlePayment(deps: SettlePaymentDeps, providerId: string): Promise<Settled> {
  const { redeposits = [], ...settled } = await settleOne(deps, providerId, 'read its parent')
  for (const redeposit of redeposits) await settleRedeposit(deps, providerId, redeposit)
  return settled
}

async function settleRedeposit(deps: SettlePaymentDeps, parent: string, redeposit: string): Promise<void> {
  if ((await findPaymentByProviderId(deps.db, redeposit)) !== undefined) return // read again on its own schedule
  const { kind } = await settleOne(deps, redeposit, 'parent was read')
  if (kind === 'unknown') await reviewRedeposit(deps.db, parent, redeposit)
}

type Kinship = 'read its parent' | 'parent was read'

async function settleOne(deps: SettlePaymentDeps, providerId: string, kinship: Kinship): Promise<Read> {
  const known = await findPaymentByProviderId(deps.db, providerId)
  const reply = await deps.nowPayments.readPayment(providerId)
  await failpoint('ipn.re-read')
  if (reply.kind === 'not found' && known === undefined) return { kind: 'unknown' }
  if (reply.kind !== 'found') return putOff(deps, known, reply)

  const { report } = reply
  const paymentId = known ?? (await claimPayment(deps, report, kinship)) ?? (await findAgain(deps, providerId))
  if (paymentId === undefined) return { kind: 'unknown' }
  const fullReport = reportOf(deps, report)
  const decision = await record(deps, paymentId, fullReport)
  await compareIfAsked(deps.db, paymentId, { kind: 'told', report: { ...report, ...fullReport }, decision })
  await planNextPoll(deps.db, paymentId, 'told')
  const result = decision === undefined ? 'not asked by us' : describe(decision)
  const [orderCode] = fullReport.reference?.split('-') ?? []
  deps.log.info({ paymentId, providerId, orderCode, status: report.status, result }, 'payment read')
  return { kind: 'settled', paymentId, result, redeposits: report.childPaymentIds }
}

/** What late coins are worth now is asked between two looks at the order: no lock waits for NOWPayments. */
async function record(
  { db, nowPayments, policy, log }: SettlePaymentDeps,
  id: PaymentId,
  report: FullReport,
): Promise<PaymentDecision | undefined> {
  const decision = await recordPayment(db, id, report, policy)
  if (decision?.kind !== 'appraise') return decision
  const { coin, amount } = decision
  const worth = await nowPayments.worth(coin, amount)
  if (worth.kind === 'found') {
    const worthCents = wholeUnits(parseDecimal(worth.value), 2)
    return recordPayment(db, id, report, policy, { amount, worthCents })
  }
  log.warn({ paymentId: id, coin, said: worth.kind, code: 'rate.unread' }, 'late coins wait for their rate')
  return decision
}

/** While NOWPayments was asked, its answer to the creation may have been written down. */
const findAgain = ({ db }: SettlePaymentDeps, providerId: string): Promise<PaymentId | undefined> =>
  findPaymentByProviderId(db, providerId)

/** The next try is the schedule's: asking at once would only keep NOWPayments busy while it cannot answer. */
async function putOff(
  { db, log }: SettlePaymentDeps,
  known: PaymentId | undefined,
  reply: Exclude<ReadPayment, { readonly kind: 'found' }>,
): Promise<Settled> {
  const reason = reply.kind === 'unreachable' ? reply.cause : `${reply.kind}: ${reply.message}`
  log.warn({ paymentId: known, reason }, 'a payment could not be read again')
  if (known === undefined) return { kind: 'later', paymentId: null, reason }
  await noteUnread(db, known)
  if (reply.kind !== 'unreachable') {
    await noteUnreadable(db, known, reason)
  }
  // that a key is refused says nothing of the payment: it stays to be compared
  if (reply.kind === 'not found') await compareIfAsked(db, known, { kind: 'not known there', reason })
  await planNextPoll(db, known, 'failed')
  return { kind: 'later', paymentId: known, reason }
}

/** A number we do not know: a later deposit to an address of ours, or a creation whose answer was lost. */
async function claimPayment(
  deps: SettlePaymentDeps,
  report: PaymentReport,
  kinship: Kinship,
): Promise<PaymentId | undefined> {
  const parent = report.parentPaymentId
  if (parent === null) return adoptPayment(deps.db, report, deps.policy.windowMs)
  // What completes a deposit is judged after it, whichever was told first.
  if (kinship === 'read its parent' && (await findPaymentByProviderId(deps.db, parent)) !== undefined) {
    await settleOne(deps, parent, 'parent was read')
  }
  return keepRedeposit(deps.db, parent, report.paymentId)
}

function reportOf({ zeroMeansExact }: SettlePaymentDeps, report: PaymentReport): FullReport {
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
