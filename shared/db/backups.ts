import { type Queryable } from './pool.ts'

export type Backup = {
  readonly name: string
  readonly startedAt: Date
  readonly keyId: string | null
  readonly sizeBytes: bigint
  readonly sha256: string
  readonly rowCount: bigint
}

const columns = `name, started_at as "startedAt", key_id as "keyId", size_bytes as "sizeBytes", sha256, row_count as "rowCount"`

/** Notes that a backup begins, and names it after the moment. One is made at a time: those that did not end have failed. */
export async function beginBackup(db: Queryable, keyId: string | null): Promise<{ name: string; startedAt: Date }> {
  await db.query(
    `update backups
        set state = 'failed', finished_at = clock_timestamp(), error = 'its process ended before it did'
      where state = 'running'`,
  )
  const { rows } = await db.query<{ name: string; startedAt: Date }>(
    `insert into backups (name, key_id, started_at)
     select to_char(now at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') || '-' || left(md5(gen_random_uuid()::text), 8), $1, now
       from clock_timestamp() now
  returning name, started_at as "startedAt"`,
    [keyId],
  )
  const [begun] = rows
  if (begun === undefined) throw new Error('Expected the backup just begun, got none')
  return begun
}

/** It was read back and its hash agreed: from now on it counts. */
export async function markBackupGood(
  db: Queryable,
  { name, sizeBytes, sha256, rowCount }: Pick<Backup, 'name' | 'sha256'> & { sizeBytes: number; rowCount: number },
): Promise<void> {
  await db.query(
    `update backups
        set state = 'good', finished_at = clock_timestamp(), size_bytes = $2, sha256 = $3, row_count = $4, error = null
      where name = $1
        and state = 'running'`,
    [name, sizeBytes, sha256, rowCount],
  )
}

export async function markBackupFailed(db: Queryable, name: string, error: string): Promise<void> {
  await db.query(
    `update backups
        set state = 'failed', finished_at = clock_timestamp(), error = $2
      where name = $1
        and state = 'running'`,
    [name, error],
  )
}

export async function findLatestBackup(db: Queryable): Promise<Backup | undefined> {
  const { rows } = await db.query<Backup>(
    `select ${columns} from backups where state = 'good' order by started_at desc limit 1`,
  )
  return rows[0]
}

/** How old the newest good backup is, in hours; undefined when there is none. */
export async function latestBackupHours(db: Queryable): Promise<number | undefined> {
  const { rows } = await db.query<{ hours: number | null }>(
    `select (extract(epoch from clock_timestamp() - max(started_at)) / 3600)::float8 as hours
       from backups
      where state = 'good'`,
  )
  return rows[0]?.hours ?? undefined
}

/** Those of these backups that are older than so many days; the newest good one is never among them. */
export async function listOverdueBackups(
  db: Queryable,
  kept: readonly { readonly name: string; readonly at: Date }[],
  days: number,
): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select kept.name
       from unnest($1::text[], $2::timestamptz[]) as kept (name, at)
      where kept.at < clock_timestamp() - $3 * interval '1 day'
        and kept.name is distinct from (select name from backups where state = 'good' order by started_at desc limit 1)
      order by kept.at`,
    [kept.map(({ name }) => name), kept.map(({ at }) => at), days],
  )
  return rows.map(({ name }) => name)
}

export async function markBackupRemoved(db: Queryable, name: string): Promise<void> {
  await db.query(`update backups set state = 'removed' where name = $1`, [name])
}

/** What came of restoring a backup for a try. `read back`: whole as it is, but this server lets us make no database for it. */
export type BackupTrial = { readonly kind: 'restored' | 'read back' | 'failed'; readonly says: string }

export async function markBackupTested(db: Queryable, name: string, { kind, says }: BackupTrial): Promise<void> {
  await db.query(
    `update backups
        set tested_at = clock_timestamp(),
            test_error = case when $2 = 'failed' then $3 end,
            test_limit = case when $2 = 'read back' then $3 end
      where name = $1`,
    [name, kind, says],
  )
}
