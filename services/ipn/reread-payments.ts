import { type Logger } from 'pino'
import { claimDuePayments, type DuePayment, hastenPayment } from '../../shared/db/due-payments.ts'
import { type Database, isDatabaseAway } from '../../shared/db/pool.ts'
import { whileHeld } from './hold-payment.ts'
import { type Settled } from './settle-payment.ts'

export type RereadPaymentsDeps = {
  readonly db: Database
  readonly log: Logger
  readonly stopping: AbortSignal
  readonly settle: (providerId: string) => Promise<Settled>
  readonly leaseMs?: number
}

// Renewed before each read and while it lasts: NOWPayments may take longer over a turn than anybody would guess.
const usualLeaseMs = 60_000

/**
 * Reads payments again whose time has come, whoever or whatever made them due. Each plans its next read itself. One that
 * cannot be recorded does not hold up the others; one that somebody else took, planned or asked for meanwhile is left.
 */
export async function rereadPayments(
  { db, log, stopping, settle, leaseMs = usualLeaseMs }: RereadPaymentsDeps,
  limit: number,
): Promise<number> {
  const due = await claimDuePayments(db, limit, leaseMs)
  for (const [place, payment] of due.entries()) {
    if (stopping.aborted) return giveBack(db, due.slice(place))
    const { id, providerId } = payment
    try {
      await whileHeld({ db, log, leaseMs }, payment, () => settle(providerId))
    } catch (err) {
      if (isDatabaseAway(err)) throw err
      log.error({ err, paymentId: id, providerId }, 'a payment could not be recorded; it is read again later')
    }
  }
  return due.length
}

/** What a stopping process took and did not come to is due for the others at once. */
async function giveBack(db: Database, due: readonly DuePayment[]): Promise<number> {
  for (const { id } of due) await hastenPayment(db, id, 0)
  return 0
}
