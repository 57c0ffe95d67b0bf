import { setTimeout as pause } from 'node:timers/promises'
import { type Queryable } from '../../shared/db/pool.ts'
import { takeTurn } from '../../shared/db/rate-buckets.ts'
import { type NowPayments, readsPerSecond } from '../../shared/nowpayments/client.ts'

/** Reads payments no faster than NOWPayments may be asked, all copies of this service together. */
export const readInTurn =
  (db: Queryable, { readPayment }: Pick<NowPayments, 'readPayment'>, pace: number): NowPayments['readPayment'] =>
  async (providerId) => {
    const waitMs = await takeTurn(db, 'nowpayments:reads', readsPerSecond * pace)
    if (waitMs > 0) await pause(waitMs)
    return readPayment(providerId)
  }
