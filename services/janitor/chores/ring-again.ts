import {
  insertMissingDelivery,
  listPaidWithoutDelivery,
  listStaleOrderMessages,
  listStuckDeliveries,
  takeStaleOrderMessages,
  takeStuckDeliveries,
} from '../../../shared/db/chores/ring-again.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { type OrderId } from '../../../shared/domain/ids.ts'
import { deliveryRequested, orderChanged } from '../../../shared/events/index.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { takeOver } from '../../../shared/messaging/take-over.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, onlyFound, seconds } from '../chore.ts'

const batch = 100

/** Brings back whatever any other mechanism dropped: a paid order must not stand still. */
export const ringAgain: Chore = {
  name: 'ring-again',
  when: { everyMs: seconds(5) },
  does: 'asks again for deliveries and order messages that stand still',
  run: async (deps, found) => {
    const freed = await takeOver(deps.db, found)
    const missing = await repairMissing(deps, found)
    const stale = await inBatches(deps, batch, (size) => redrawBatch(deps, size, found))
    const stuck = await inBatches(deps, batch, (size) => ringBatch(deps, size, found))
    const changed = freed + missing + stale.changed + stuck.changed
    return { checked: changed, changed, failed: 0 }
  },
  preview: async ({ db }, found) => {
    const missing = await listPaidWithoutDelivery(db, batch)
    const stuck = await listStuckDeliveries(db, 10_000)
    const stale = await listStaleOrderMessages(db, batch)
    for (const id of missing) found(`order ${id} is paid and has no delivery`)
    for (const { id, orderId } of stuck) found(`delivery ${id} of order ${orderId}`)
    for (const id of stale) found(`message of order ${id}`)
    return onlyFound(missing.length + stuck.length + stale.length)
  },
}

const ringBatch = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const stuck = await takeStuckDeliveries(tx, size)
    for (const { id, orderId } of stuck) {
      found(`delivery ${id} of order ${orderId}`)
      await enqueue(tx, deliveryRequested, id, { deliveryId: id })
    }
    return stuck.length
  })

async function repairMissing({ db }: ChoreDeps, found: Found): Promise<number> {
  const missing = await listPaidWithoutDelivery(db, batch)
  for (const id of missing) {
    found(`order ${id} is paid and has no delivery`)
    await inTransaction(db, (tx) => queueMissing(tx, id))
  }
  return missing.length
}

async function queueMissing(tx: Queryable, id: OrderId): Promise<void> {
  const deliveryId = await insertMissingDelivery(tx, id)
  if (deliveryId === undefined) return
  await enqueue(tx, deliveryRequested, deliveryId, { deliveryId })
  await alertAdmins(tx, `missing-delivery:${id}`, { about: 'missing delivery' }, { ref: id })
}

const redrawBatch = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const stale = await takeStaleOrderMessages(tx, size)
    for (const orderId of stale) {
      found(`message of order ${orderId}`)
      await enqueue(tx, orderChanged, orderId, { orderId })
    }
    return stale.length
  })
