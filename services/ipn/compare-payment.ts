import { openCaseAbout } from '../../shared/db/cases.ts'
import { type Database, inTransaction, type Queryable } from '../../shared/db/pool.ts'
import {
  isComparisonAsked,
  lockPaymentToCompare,
  markCompared,
  type PaymentToCompare,
} from '../../shared/db/reconciliation.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { type ComparedReport, differencesOf } from '../../shared/domain/reconcile.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { type PaymentDecision } from './decide-payment.ts'

/** What was read: a report that has been recorded, with what came of it, or that NOWPayments knows of no such payment. */
export type Comparison =
  | { readonly kind: 'told'; readonly report: ComparedReport; readonly decision: PaymentDecision | undefined }
  | { readonly kind: 'not known there'; readonly reason: string }

const moves: readonly PaymentDecision['kind'][] = ['pay', 'rest', 'refund', 'underpaid', 'fail', 'review']

/**
 * The daily comparison of a payment, if the janitor asked for it: what differs from what NOWPayments says goes to a person,
 * and of what nobody had noticed until now the administrators hear.
 */
export async function compareIfAsked(db: Database, id: PaymentId, comparison: Comparison): Promise<void> {
  if (await isComparisonAsked(db, id)) await inTransaction(db, (tx) => compare(tx, id, comparison))
}

async function compare(tx: Queryable, id: PaymentId, comparison: Comparison): Promise<void> {
  const payment = await lockPaymentToCompare(tx, id)
  if (payment === undefined) return
  const isTold = comparison.kind === 'told'
  const differences = isTold ? differencesOf(payment, comparison.report) : [`not known there: ${comparison.reason}`]
  const missed = isTold ? missedUntilNow(comparison) : undefined
  const note = [...differences, ...(missed === undefined ? [] : [missed])].join('; ')
  await markCompared(tx, id, note === '' ? null : note)
  if (differences.length > 0) await askPerson(tx, payment, differences.join('; '))
  else if (missed !== undefined) await tell(tx, payment, missed)
}

const missedUntilNow = ({ decision, report }: Extract<Comparison, { kind: 'told' }>): string | undefined =>
  decision !== undefined && moves.includes(decision.kind) ? `${report.status}, and not noticed until now` : undefined

/** The same difference is for a person once, also when they have closed its case. */
async function askPerson(tx: Queryable, payment: PaymentToCompare, difference: string): Promise<void> {
  const note = `payment ${payment.providerId}: ${difference}`
  if (await openCaseAbout(tx, payment.orderId, 'differs at the provider', note)) await tell(tx, payment, difference)
}

function tell(tx: Queryable, payment: PaymentToCompare, difference: string): Promise<void> {
  const { orderId, orderCode, providerId } = payment
  const alert = { about: 'different payment', payment: providerId, difference } as const
  return alertAdmins(tx, `reconciliation:${orderId}`, alert, { ref: orderCode })
}
