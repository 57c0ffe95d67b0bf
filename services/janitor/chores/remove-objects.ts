import { rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { listUnnamedKeys } from '../../../shared/db/chores/sweep-objects.ts'
import { type DueRemoval, listDueRemovals, markRemoved, takeDueRemovals } from '../../../shared/db/object-removals.ts'
import { previewKey } from '../../../shared/domain/preview.ts'
import { type ChoreReport } from '../../../shared/db/chore-runs.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { type Chore, type ChoreDeps, type Found, minutes, onlyFound } from '../chore.ts'

const batch = 100

/** Objects that were let go of go from the bucket, all versions of them, and from the disk. */
export const removeObjects: Chore = {
  name: 'remove-objects',
  when: { everyMs: minutes(1) },
  does: 'removes objects of deleted products, refused files and replaced pictures',
  run: (deps, found) => removeDueObjects(deps, found),
  preview: async ({ db }, found) => {
    const due = await listDueRemovals(db, 10_000)
    const unnamed = new Set(await listUnnamedKeys(db, due))
    for (const key of due) if (unnamed.has(key)) found(`object ${key}`)
    return onlyFound(unnamed.size)
  },
}

/** Whatever is on the list now; what other chores let go of goes before they end. */
export async function removeDueObjects(deps: ChoreDeps, found: Found): Promise<ChoreReport> {
  const report = { checked: 0, changed: 0, failed: 0 }
  for (;;) {
    const due = await takeDueRemovals(deps.db, batch)
    const done = await removeAll(deps, due, found)
    report.checked += due.length
    report.changed += done.changed
    report.failed += done.failed
    if (due.length < batch || deps.signal.aborted) return report
  }
}

async function removeAll(deps: ChoreDeps, due: readonly DueRemoval[], found: Found): Promise<ChoreReport> {
  const report = { checked: 0, changed: 0, failed: 0 }
  for (const object of due) {
    if (deps.signal.aborted) break
    try {
      await removeOne(deps, object)
      found(`object ${object.objectKey}`)
      report.changed += 1
    } catch (err) {
      report.failed += 1
      deps.log.warn({ err, key: object.objectKey, tries: object.tries }, 'an object could not be removed yet')
    }
  }
  return report
}

/** Whatever a list says, what a live row names is not deleted; it is asked again later. */
async function removeOne(deps: ChoreDeps, object: DueRemoval): Promise<void> {
  const { objectKey: key, uploadId } = object
  const { db, bucket, dataDir } = deps
  if ((await listUnnamedKeys(db, [key])).length === 0) throw new Error(`Expected nothing to name ${key} any more`)
  if (uploadId !== null) await bucket.abortMultipart({ key, uploadId })
  await bucket.remove(key)
  if (key.startsWith('originals/')) await bucket.remove(previewKey(key))
  if (key.startsWith('images/')) await removeLocal(dataDir, key)
  await failpoint('janitor.object-removed')
  await markRemoved(db, object)
}

/** The copy on this machine, and its folders once they are empty; `media` looks after those of other machines. */
async function removeLocal(dataDir: string, key: string): Promise<void> {
  await rm(join(dataDir, key), { force: true })
  for (const folder of [dirname(key), dirname(dirname(key))]) {
    await rmdir(join(dataDir, folder)).catch(unlessInUse)
  }
}

function unlessInUse(error: unknown): void {
  const isInUse =
    error instanceof Error && 'code' in error && ['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(String(error.code))
  if (!isInUse) throw error
}
