import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { verifyBackup } from '../../../shared/backup/backup-file.ts'
import { backupKey } from '../../../shared/backup/kept-backups.ts'
import { brokenIn, loadBackup } from '../../../shared/backup/restore-database.ts'
import { type Backup, type BackupTrial, findLatestBackup, markBackupTested } from '../../../shared/db/backups.ts'
import { makeScratchDatabase } from '../../../shared/db/dump/scratch-database.ts'
import { isDatabaseAway, openPool } from '../../../shared/db/pool.ts'
import { StorageRefused, StorageUnavailable } from '../../../shared/storage/errors.ts'
import { type Chore, type ChoreDeps, hours, onlyFound } from '../chore.ts'

/** A backup that was never restored is a hope: the newest is tried on a database of its own every week. */
export const testRestore: Chore = {
  name: 'test-restore',
  when: { weeklyAtUtc: '04:00', weekday: 1 },
  mostMs: hours(6),
  does: 'restores the newest backup into a database made for it, checks the books there, and drops it',
  run: async (deps, found) => {
    const backup = await findLatestBackup(deps.db)
    if (backup === undefined) throw new Error('There is no backup to try: run `npm run backup`')
    const tried = await orFailed(deps, backup, () => tryOut(deps, backup))
    await markBackupTested(deps.db, backup.name, tried)
    found(`${backup.name}: ${tried.says}`)
    return { checked: 1, changed: 0, failed: tried.kind === 'failed' ? 1 : 0 }
  },
  preview: async ({ db }, found) => {
    const backup = await findLatestBackup(db)
    if (backup !== undefined) found(`would try ${backup.name}`)
    return onlyFound(backup === undefined ? 0 : 1)
  },
}

/**
 * Told while it lasts by `raise-alarms`, and not tried again before the next week: it takes long, and says the same. A database or
 * a bucket that is away says nothing of the backup: the chore fails, and has its turn again soon.
 */
async function orFailed(
  { log, signal }: ChoreDeps,
  { name }: Backup,
  work: () => Promise<BackupTrial>,
): Promise<BackupTrial> {
  try {
    return await work()
  } catch (err) {
    const isAway = isDatabaseAway(err) || err instanceof StorageUnavailable || err instanceof StorageRefused
    if (signal.aborted || isAway) throw err
    log.error({ err, backup: name, code: 'backup.unusable' }, 'the newest backup did not pass its try')
    return { kind: 'failed', says: err instanceof Error ? err.message : String(err) }
  }
}

async function tryOut(deps: ChoreDeps, { name, sizeBytes, sha256, rowCount }: Backup): Promise<BackupTrial> {
  const { bucket, dataDir, retention, signal } = deps
  const folder = join(dataDir, 'restore-test')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const source = { name, path: join(folder, name), key: retention.backupKey }
  try {
    await bucket.download(backupKey(name), source.path, { sizeBytes: Number(sizeBytes), sha256 }, { signal })
    const verified = await verifyBackup(source.path, source.key)
    if (BigInt(verified.summary.rows) !== rowCount) {
      throw new Error(`Expected ${rowCount} rows, got ${verified.summary.rows}`)
    }
    return await loadScratch(deps, source, verified)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Source = Parameters<typeof loadBackup>[2]
type Verified = Parameters<typeof loadBackup>[3]

async function loadScratch(deps: ChoreDeps, source: Source, verified: Verified): Promise<BackupTrial> {
  const { database, log } = deps
  const admin = openPool({ ...database, poolMax: 2 }, log, { name: 'comptoir restore test', queryTimeoutMs: 60_000 })
  try {
    const scratch = await makeScratchDatabase(admin, database)
    if (scratch === undefined) return cannotRestore(deps, verified)
    try {
      const { rows } = await loadBackup(scratch.config, log, source, verified)
      const broken = await brokenIn(scratch.config, log)
      if (broken.length > 0)
        throw new Error(`It restores, and holds something that must never be: ${broken.join('; ')}`)
      return { kind: 'restored', says: `restored for a try, ${rows} rows, and everything agrees` }
    } finally {
      await scratch.drop()
    }
  } finally {
    await admin.end()
  }
}

/** Says nothing against the backup: every byte was read back. The operator hears of it here and from the doctor, each week. */
function cannotRestore({ database, log }: ChoreDeps, { summary }: Verified): BackupTrial {
  const says =
    `read back whole (${summary.rows} rows), but not restored: the role ${database.user} may not make databases. ` +
    'Let it (alter role … createdb), or try `npm run restore` on another server now and then.'
  log.warn({ code: 'backup.not-restored' }, says)
  return { kind: 'read back', says }
}
