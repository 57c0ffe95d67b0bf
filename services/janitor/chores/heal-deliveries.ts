import { listHealableDeliveries, requeueHealedDeliveries } from '../../../shared/db/damaged-files.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { deliveryRequested } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, minutes, onlyFound } from '../chore.ts'

/** A buyer whose file was damaged gets it once the seller sent a new version, or the old one is whole again. */
export const healDeliveries: Chore = {
  name: 'heal-deliveries',
  when: { everyMs: minutes(1) },
  does: 'brings files again that were damaged and have been replaced since',
  run: (deps, found) => inBatches(deps, 100, (size) => healBatch(deps, size, found)),
  preview: async ({ db }, found) => {
    const healable = await listHealableDeliveries(db, 10_000)
    for (const { id, fileId } of healable) found(`delivery ${id} with file ${fileId}`)
    return onlyFound(healable.length)
  },
}

const healBatch = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const healed = await requeueHealedDeliveries(tx, size)
    for (const { id, fileId } of healed) {
      found(`delivery ${id} with file ${fileId}`)
      await enqueue(tx, deliveryRequested, id, { deliveryId: id })
    }
    return healed.length
  })
