import { type Queryable } from './pool.ts'

export type ChoreReport = { readonly checked: number; readonly changed: number; readonly failed: number }

/** When each chore last began, for real and with success, by the database's clock; `sinceMs` is how long ago that was. */
export async function listLatestRuns(db: Queryable): Promise<Map<string, { startedAt: Date; sinceMs: number }>> {
  const { rows } = await db.query<{ chore: string; startedAt: Date; sinceMs: number }>(
    `select chore, max(started_at) as "startedAt",
            (extract(epoch from clock_timestamp() - max(started_at)) * 1000)::float8 as "sinceMs"
       from chore_runs
      where not dry_run
        and error is null
      group by chore`,
    [],
  )
  return new Map(rows.map(({ chore, ...run }) => [chore, run]))
}

export async function insertChoreRun(
  db: Queryable,
  run: ChoreReport & { chore: string; dryRun: boolean; durationMs: number; error: string | null },
): Promise<void> {
  await db.query(
    `insert into chore_runs (chore, dry_run, started_at, finished_at, checked, changed, failed, error)
     values ($1, $2, clock_timestamp() - $3 * interval '1 ms', clock_timestamp(), $4, $5, $6, $7)`,
    [run.chore, run.dryRun, run.durationMs, run.checked, run.changed, run.failed, run.error],
  )
}
