import { listSharesToRelease, releaseShares } from '../../../shared/db/chores/release-escrow.ts'
import { insertEntry } from '../../../shared/db/ledger.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { releaseEntry } from '../../../shared/domain/ledger.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, minutes, onlyFound } from '../chore.ts'

/** After the escrow a seller's share becomes available, in the table and in the books at once. */
export const releaseEscrow: Chore = {
  name: 'release-escrow',
  when: { everyMs: minutes(5) },
  does: 'makes seller shares available whose escrow is over',
  run: (deps, found) => inBatches(deps, 500, (size) => releaseBatch(deps, size, found)),
  preview: async ({ db }, found) => {
    const due = await listSharesToRelease(db, 10_000)
    for (const { orderId, amountCents } of due) found(`${amountCents} cents of order ${orderId}`)
    return onlyFound(due.length)
  },
}

const releaseBatch = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const released = await releaseShares(tx, size)
    for (const { orderId, sellerId, amountCents } of released) {
      found(`${amountCents} cents of order ${orderId}`)
      await insertEntry(tx, releaseEntry(orderId, sellerId, amountCents), orderId)
    }
    return released.length
  })
