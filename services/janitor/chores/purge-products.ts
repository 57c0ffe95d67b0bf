import {
  listOldVersions,
  listProductsToPurge,
  lockProductToPurge,
  purgeOldVersions,
  purgeProduct,
} from '../../../shared/db/chores/purge-products.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, onlyFound } from '../chore.ts'
import { endNextRights } from './end-rights.ts'
import { removeDueObjects } from './remove-objects.ts'

/**
 * Products deleted long ago become empty tombstones, and versions that were replaced long ago go, as far as nobody needs them.
 * What is let go of is listed in the same transaction, so that a purge that is killed is finished by whoever comes next.
 */
export const purgeProducts: Chore = {
  name: 'purge-products',
  when: { dailyAtUtc: '03:30' },
  does: 'empties products deleted long ago, removes old versions nobody bought, ends rights that are no longer kept',
  run: async (deps, found) => {
    const rights = await inBatches(deps, 100, (size) => endRights(deps, size, found))
    const products = await inBatches(deps, 1, () => purgeNext(deps, found))
    const versions = await inBatches(deps, 50, (size) => purgeVersions(deps, size, found))
    const objects = await removeDueObjects(deps, () => undefined)
    const changed = rights.changed + products.changed + versions.changed
    return { checked: changed, changed, failed: objects.failed }
  },
  preview: ({ db, retention }, found) =>
    inTransaction(db, async (tx) => {
      await tx.query(`savepoint seen`)
      const rights = await endNextRights(tx, retention.soldFilesRetentionDays, 10_000, found)
      const products = await listProductsToPurge(tx, retention, 10_000)
      for (const { code } of products) found(`product ${code}`)
      const versions = await listOldVersions(tx, retention, 10_000)
      for (const { objectKey } of versions) found(`version ${objectKey}`)
      await tx.query(`rollback to savepoint seen`)
      return onlyFound(rights + products.length + versions.length)
    }),
}

const endRights = ({ db, retention }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, (tx) => endNextRights(tx, retention.soldFilesRetentionDays, size, found))

async function purgeNext({ db, retention }: ChoreDeps, found: Found): Promise<number> {
  const purged = await inTransaction(db, async (tx) => {
    const product = await lockProductToPurge(tx, retention)
    if (product !== undefined) await purgeProduct(tx, product)
    return product
  })
  if (purged === undefined) return 0
  await failpoint('janitor.product-purged')
  found(`product ${purged.code}`)
  return 1
}

const purgeVersions = ({ db, retention }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const versions = await purgeOldVersions(tx, retention, size)
    for (const { objectKey } of versions) found(`version ${objectKey}`)
    return versions.length
  })
