import { countOldRows, deleteOldRows, prunedTables } from '../../../shared/db/chores/prune.ts'
import { type Chore, inBatches } from '../chore.ts'

/** Rows that are only kept for a while: sent events, handled updates, caches, expired tokens. */
export const prune: Chore = {
  name: 'prune',
  when: { dailyAtUtc: '04:30' },
  does: 'deletes sent events, handled updates and expired tokens that are old',
  run: async (deps, found) => {
    let changed = 0
    for (const table of prunedTables) {
      const report = await inBatches(deps, 5000, (size) => deleteOldRows(deps.db, table, size))
      if (report.changed > 0) found(`${report.changed} rows of ${table}`)
      changed += report.changed
    }
    return { checked: changed, changed, failed: 0 }
  },
  preview: async ({ db }, found) => {
    let checked = 0
    for (const table of prunedTables) {
      const count = await countOldRows(db, table)
      if (count > 0) found(`${count} rows of ${table}`)
      checked += count
    }
    return { checked, changed: 0, failed: 0 }
  },
}
