import { claimDuePayments } from '../../shared/db/payments.ts'
import { type Database } from '../../shared/db/pool.ts'
import { type Settled } from './settle-payment.ts'

export type RereadPaymentsDeps = {
  readonly db: Database
  readonly settle: (providerId: string) => Promise<Settled>
}

/** Reads payments again whose time has come, whoever or whatever made them due. The client paces the calls. */
export async function rereadPayments({ db, settle }: RereadPaymentsDeps, limit: number): Promise<number> {
  const due = await claimDuePayments(db, limit)
  for (const { providerId } of due) await settle(providerId)
  return due.length
}
