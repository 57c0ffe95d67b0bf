import { type Logger } from 'pino'
import { freeAbandoned } from '../db/abandoned.ts'
import { findInitialDelivery } from '../db/deliveries.ts'
import { type Database, inTransaction } from '../db/pool.ts'
import { deliveryRequested, orderChanged } from '../events/index.ts'
import { type Loop, startLoop } from '../runtime/loop.ts'
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

/** Looks every second for what dead processes left. */
export const startTakingOver = (db: Database, log: Logger): Loop =>
  startLoop(log, 'taking over', () =>
    takeOver(db, (what) => {
      log.info({ what }, 'took over from a process that is gone')
    }),
  )
