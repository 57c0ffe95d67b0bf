import { inTransaction } from '../../../shared/db/pool.ts'
import { countAnnouncements } from '../../../shared/db/version-announcements.ts'
import { tellMoreOwners } from '../../../shared/messaging/tell-owners.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, onlyFound, seconds } from '../chore.ts'

/** A product with many owners: those who were not told of its new version yet are told batch by batch. */
export const announceVersions: Chore = {
  name: 'announce-versions',
  when: { everyMs: seconds(15) },
  does: 'tells owners of new versions, a hundred at a time',
  run: (deps, found) => inBatches(deps, 1, () => announceBatch(deps, found)),
  preview: async ({ db }, found) => {
    const count = await countAnnouncements(db)
    if (count > 0) found(`${count} versions whose owners are not all told`)
    return onlyFound(count)
  },
}

async function announceBatch({ db }: ChoreDeps, found: Found): Promise<number> {
  const told = await inTransaction(db, tellMoreOwners)
  if (told === undefined) return 0
  found(`${told} owners of a new version`)
  return 1
}
