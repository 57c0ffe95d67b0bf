import { listStaleDrafts, lockStaleDraft } from '../../../shared/db/chores/stale-drafts.ts'
import { deleteProduct } from '../../../shared/db/delete-product.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, onlyFound } from '../chore.ts'

/** A draft nobody touched for 30 days goes, with whatever was sent for it. */
export const deleteDrafts: Chore = {
  name: 'delete-drafts',
  when: { dailyAtUtc: '04:00' },
  does: 'deletes drafts that nobody touched for 30 days, with their files',
  run: (deps, found) => inBatches(deps, 1, () => deleteNext(deps, found)),
  preview: async ({ db }, found) => {
    const drafts = await listStaleDrafts(db, 10_000)
    for (const { code } of drafts) found(`draft ${code}`)
    return onlyFound(drafts.length)
  },
}

const deleteNext = ({ db }: ChoreDeps, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const draft = await lockStaleDraft(tx)
    if (draft === undefined) return 0
    await deleteProduct(tx, draft.sellerId, draft.code)
    found(`draft ${draft.code}`)
    return 1
  })
