import { type Logger } from 'pino'
import { freeAbandoned } from '../db/abandoned.ts'
import { findInitialDelivery } from '../db/deliveries.ts'
import { type Database, inTransaction } from '../db/pool.ts'
import { deliveryRequested, orderChanged } from '../events/index.ts'
import { enqueue } from './outbox.ts'

/** Asks at once for what dead processes had in hand; returns how much that was. */
export const takeOver = (db: Database, found: (what: string) => void = () => undefined): Promise<number> =>
  inTransaction(db, async (tx) => {
    const { deliveries, orders } = await freeAbandoned(tx)
    for (const deliveryId of deliveries) {
      found(`delivery ${deliveryId}, whose worker is gone`)
      await enqueue(tx, deliveryRequested, deliveryId, { deliveryId })
    }
    for (const orderId of orders) {
      found(`message of order ${orderId}, whose worker is gone`)
      await enqueue(tx, orderChanged, orderId, { orderId })
      const deliveryId = await findInitialDelivery(tx, orderId)
      if (deliveryId !== undefined) await enqueue(tx, deliveryRequested, deliveryId, { deliveryId })
    }
    return deliveries.length + orders.length
  })

/** Whoever starts takes over from the process it replaces. Should that fail now, the janitor does it in a few seconds. */
export async function takeOverAtStart(db: Database, log: Logger): Promise<void> {
  try {
    const freed = await takeOver(db)
    if (freed > 0) log.info({ freed }, 'took over what a dead process had in hand')
  } catch (err) {
    log.warn({ err }, 'what a dead process had in hand is left to the janitor')
  }
}
