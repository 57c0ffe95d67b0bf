import { setTimeout as pause } from 'node:timers/promises'
import { type Queryable } from '../../shared/db/pool.ts'
import { takeTurn } from '../../shared/db/rate-buckets.ts'
import { type NowPayments } from '../../shared/nowpayments/client.ts'

const readsPerSecond = 2

/** Reads payments no faster than NOWPayments may be asked, all copies of this service together. */
export const readInTurn =
  (db: Queryable, { readPayment }: Pick<NowPayments, 'readPayment'>): NowPayments['readPayment'] =>
  async (providerId) => {
    const waitMs = await takeTurn(db, 'nowpayments:reads', readsPerSecond)
    if (waitMs > 0) await pause(waitMs)
    return readPayment(providerId)
  }
