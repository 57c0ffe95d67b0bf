import { type Logger } from 'pino'
import { claimDuePayments } from '../../shared/db/due-payments.ts'
import { type Database, isDatabaseAway } from '../../shared/db/pool.ts'
import { type Settled } from './settle-payment.ts'

export type RereadPaymentsDeps = {
  readonly db: Database
  readonly log: Logger
  readonly stopping: AbortSignal
  readonly settle: (providerId: string) => Promise<Settled>
}

/**
 * Reads payments again whose time has come, whoever or whatever made them due. The client paces the calls. One payment
 * that cannot be recorded does not hold up the others.
 */
export async function rereadPayments(
  { db, log, stopping, settle }: RereadPaymentsDeps,
  limit: number,
): Promise<number> {
  const due = await claimDuePayments(db, limit)
  for (const { id, providerId } of due) {
    if (stopping.aborted) return 0
    try {
      await settle(providerId)
    } catch (err) {
      if (isDatabaseAway(err)) throw err
      log.error({ err, paymentId: id, providerId }, 'a payment could not be recorded; it is read again later')
    }
  }
  return due.length
}
