import {
  type BlockedDelivery,
  listBlockedDeliveries,
  takeBlockedDeliveries,
} from '../../../shared/db/chores/tell-of-blocked.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, minutes, onlyFound } from '../chore.ts'

/** A buyer who blocked the bot is left alone; after a day the administrators know, once, that their file still waits. */
export const tellOfBlocked: Chore = {
  name: 'tell-of-blocked',
  when: { everyMs: minutes(5) },
  does: 'tells administrators of files that wait for a day for a buyer who blocked the bot',
  run: (deps, found) => inBatches(deps, 100, (size) => tellBatch(deps, size, found)),
  preview: async ({ db }, found) => {
    const blocked = await listBlockedDeliveries(db, 10_000)
    for (const delivery of blocked) found(describe(delivery))
    return onlyFound(blocked.length)
  },
}

const describe = ({ orderCode }: BlockedDelivery): string => `order ${orderCode}`

const tellBatch = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const blocked = await takeBlockedDeliveries(tx, size)
    for (const delivery of blocked) {
      found(describe(delivery))
      await alertAdmins(tx, `blocked:${delivery.id}`, { about: 'blocked buyer' }, { ref: delivery.orderCode })
    }
    return blocked.length
  })
