import { type Logger } from 'pino'
import { markBackupGood } from '../db/backups.ts'
import { checkTarget } from '../db/dump/check-target.ts'
import { type DumpSummary } from '../db/dump/dump-record.ts'
import { loadDump } from '../db/dump/load-dump.ts'
import { type Settled, settleRestored } from '../db/dump/settle-restored.ts'
import { findUnfinishedRestore, markRestoreFinished, type UnfinishedRestore } from '../db/dump/unfinished-restore.ts'
import { listBrokenInvariants } from '../db/invariants.ts'
import { migrate } from '../db/migrate.ts'
import { type Database, inTransaction, openPool } from '../db/pool.ts'
import { alertAdmins } from '../messaging/alert-admins.ts'
import { textsFor } from '../texts/index.ts'
import { failpoint } from '../runtime/failpoint.ts'
import { type DatabaseConfig } from '../runtime/settings.ts'
import { readBackup, verifyBackup, type VerifiedBackup } from './backup-file.ts'

export type RestoreSource = { readonly name: string; readonly path: string; readonly key: Buffer | undefined }

/** Whether this database could take that backup; throws one sentence when not, and changes nothing. */
export async function checkRestore(
  config: DatabaseConfig,
  log: Logger,
  source: RestoreSource,
): Promise<VerifiedBackup> {
  const verified = await verifyBackup(source.path, source.key)
  await withDatabase(config, log, (db) => checkTarget(db, config, verified.header.migrations))
  return verified
}

/** Loads a verified backup into an empty database of its own schema, then brings that to this release's. */
export async function loadBackup(
  config: DatabaseConfig,
  log: Logger,
  source: RestoreSource,
  { header, summary, file }: VerifiedBackup,
): Promise<DumpSummary> {
  await migrate(config, log, header.migrations)
  const loaded = await withDatabase(config, log, (db) =>
    loadDump(db, { backup: source.name, header, records: readBackup(source.path, source.key) }),
  )
  await failpoint('restore.loaded')
  await migrate(config, log)
  // in its own dump it was only about to be made
  await withDatabase(config, log, (db) => markBackupGood(db, { name: source.name, ...file, rowCount: summary.rows }))
  return loaded
}

/** A restore that loaded its backup and did not come to its end. */
export const findUnfinished = (config: DatabaseConfig, log: Logger): Promise<UnfinishedRestore | undefined> =>
  withDatabase(config, log, findUnfinishedRestore)

/** What the services need before they may start on what was loaded. Done twice it is done once. */
export async function finishRestore(config: DatabaseConfig, log: Logger): Promise<Settled> {
  await migrate(config, log)
  return withDatabase(config, log, (db) =>
    inTransaction(db, async (tx) => {
      const restore = await findUnfinishedRestore(tx)
      const settled = await settleRestored(tx)
      await markRestoreFinished(tx)
      if (restore !== undefined) await tell(tx, restore)
      return settled
    }),
  )
}

type Tx = Parameters<Parameters<typeof inTransaction>[1]>[0]

/** What was done since the backup is known elsewhere, and a person has to look there. */
async function tell(tx: Tx, { backup, takenAt }: UnfinishedRestore): Promise<void> {
  await alertAdmins(tx, `restored:${backup}`, { about: 'restored', at: takenAt.toISOString() }, { ref: backup })
}

/** What must hold at any moment, asked of what was restored; no lines: all of it does. */
export function brokenIn(config: DatabaseConfig, log: Logger): Promise<string[]> {
  return withDatabase(config, log, async (db) => {
    const broken = (await listBrokenInvariants(db)).filter(({ name }) => name !== 'restored-is-compared')
    return broken.map(
      ({ name, count, refs }) => `${textsFor('en').invariants.says(name)} (${count}: ${refs.slice(0, 5).join(', ')})`,
    )
  })
}

async function withDatabase<T>(config: DatabaseConfig, log: Logger, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openPool({ ...config, poolMax: 2 }, log, { name: 'comptoir restore', queryTimeoutMs: 10 * 60_000 })
  try {
    return await work(db)
  } finally {
    await db.end()
  }
}
