import { type LockedPayment, setPaymentProgress } from '../../shared/db/payments.ts'
import { insertReadEvent } from '../../shared/db/payment-events.ts'
import { type Queryable } from '../../shared/db/pool.ts'
import { compareDecimals, parseDecimal } from '../../shared/domain/decimal.ts'
import { isProviderStatus, ranks, type Report } from '../../shared/domain/payment.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { type PaymentDecision } from './decide-payment.ts'

/** What a re-read said, with the text it came in. */
export type FullReport = Report & {
  readonly providerId: string
  readonly outcomeAmount: string | null
  readonly outcomeCurrency: string | null
  readonly raw: string
}

/** Keeps what a re-read said, and what was decided on it; what changes nothing is not kept again. */
export async function keepReport(
  tx: Queryable,
  payment: LockedPayment,
  report: FullReport,
  decision: PaymentDecision,
): Promise<void> {
  if (decision.kind === 'ignore' && decision.reason !== 'unknown status') return
  await keepProgress(tx, payment, report, decision)
  const isNew = await insertReadEvent(tx, { ...report, paymentId: payment.id, result: describe(decision) })
  if (decision.kind !== 'ignore' || !isNew) return
  const alert = { about: 'unknown status', status: report.status } as const
  await alertAdmins(tx, `unknown-status:${payment.id}`, alert, { ref: payment.orderCode })
}

async function keepProgress(
  tx: Queryable,
  payment: LockedPayment,
  report: FullReport,
  decision: PaymentDecision,
): Promise<void> {
  if (!isProviderStatus(report.status)) return
  // Settled there, but not here: the report must still be news when it is read with today's rate.
  const status = decision.kind === 'appraise' ? 'sending' : report.status
  const hasMore = compareDecimals(parseDecimal(report.actuallyPaid), parseDecimal(payment.actuallyPaid)) > 0
  const isSettled = report.status === 'finished' || report.status === 'partially_paid'
  await setPaymentProgress(tx, payment.id, {
    status,
    rank: ranks[status],
    actuallyPaid: hasMore || isSettled ? report.actuallyPaid : payment.actuallyPaid,
    coveredCents: 'covered' in decision ? decision.covered : 0n,
    outcomeAmount: report.outcomeAmount,
    outcomeCurrency: report.outcomeCurrency,
  })
}

/** The decision in words, as the order's timeline shows it. */
export function describe(decision: PaymentDecision): string {
  if (decision.kind === 'review') return `review: ${decision.doubt}`
  if (decision.kind === 'ignore') return `ignored: ${decision.reason}`
  return decision.kind
}
