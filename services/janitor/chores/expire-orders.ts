import { expireOverdueOrders, listOverdueOrders } from '../../../shared/db/chores/expire-orders.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { orderChanged } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, minutes, onlyFound } from '../chore.ts'

/** Orders nobody paid in time expire; their addresses stay watched by polling. */
export const expireOrders: Chore = {
  name: 'expire-orders',
  when: { everyMs: minutes(1) },
  does: 'closes orders whose time is up while nothing was seen',
  run: (deps, found) => inBatches(deps, 200, (size) => expireBatch(deps, size, found)),
  preview: async ({ db }, found) => {
    const overdue = await listOverdueOrders(db, 10_000)
    for (const order of overdue) found(`${order.code} becomes ${order.becomes}`)
    return onlyFound(overdue.length)
  },
}

const expireBatch = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const expired = await expireOverdueOrders(tx, size)
    for (const order of expired) {
      found(`${order.code} becomes ${order.becomes}`)
      await enqueue(tx, orderChanged, order.id, { orderId: order.id })
    }
    return expired.length
  })
