import { type Logger } from 'pino'
import { type DuePayment, renewDuePayment } from '../../shared/db/due-payments.ts'
import { type Database } from '../../shared/db/pool.ts'
import { whileRenewing } from './while-renewing.ts'

export type HoldPaymentDeps = { readonly db: Database; readonly log: Logger; readonly leaseMs: number }

/**
 * Does `work` about a due payment while nobody else takes it, however long that lasts: its lease is renewed before and
 * meanwhile, until the next read is planned. Nothing is done when the lease is somebody else's by now.
 */
export async function whileHeld(
  { db, log, leaseMs }: HoldPaymentDeps,
  payment: DuePayment,
  work: () => Promise<unknown>,
): Promise<void> {
  let { heldUntil } = payment
  const renew = async (): Promise<boolean> => {
    const renewed = await renewDuePayment(db, { id: payment.id, heldUntil }, leaseMs)
    heldUntil = renewed ?? heldUntil
    return renewed !== undefined
  }
  if (await renew()) await whileRenewing(log, leaseMs / 3, renew, work)
  else log.debug({ paymentId: payment.id }, 'a due payment was planned or taken by somebody else meanwhile')
}
