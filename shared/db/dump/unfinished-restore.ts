import { sqlState } from '../errors.ts'
import { type Queryable } from '../pool.ts'

export type UnfinishedRestore = { readonly id: string; readonly backup: string; readonly takenAt: Date }

/** A backup that was loaded here and whose restore did not come to its end. */
export async function findUnfinishedRestore(db: Queryable): Promise<UnfinishedRestore | undefined> {
  try {
    const { rows } = await db.query<UnfinishedRestore>(
      `select id, backup, taken_at as "takenAt" from restores where finished_at is null order by loaded_at desc limit 1`,
    )
    return rows[0]
  } catch (error) {
    if (sqlState(error) === '42P01') return undefined // no such table: nothing was ever restored
    throw error
  }
}

export async function markRestoreFinished(tx: Queryable): Promise<void> {
  await tx.query(`update restores set finished_at = clock_timestamp() where finished_at is null`)
}
