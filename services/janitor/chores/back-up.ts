import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { verifyBackup, writeBackup } from '../../../shared/backup/backup-file.ts'
import { backupKey, listKeptBackups } from '../../../shared/backup/kept-backups.ts'
import { keyIdOf } from '../../../shared/backup/sealed-file.ts'
import {
  beginBackup,
  listOverdueBackups,
  markBackupFailed,
  markBackupGood,
  markBackupRemoved,
} from '../../../shared/db/backups.ts'
import { type StoredObject } from '../../../shared/storage/object-store.ts'
import { type Chore, type ChoreDeps, type Found, hours, onlyFound } from '../chore.ts'

/** The whole database, as of one moment, in the bucket: it counts once it was read back. Old ones go only then. */
export const backUp: Chore = {
  name: 'back-up',
  when: { dailyAtUtc: '03:00' },
  mostMs: hours(6),
  does: 'backs the database up to the bucket, reads it back, and removes backups past their days',
  run: async (deps, found) => {
    const { backupKey: key } = deps.retention
    const { name, startedAt } = await beginBackup(deps.db, key === undefined ? null : keyIdOf(key))
    await orFailed(deps, name, () => make(deps, { name, startedAt }, found))
    const removed = await removeOverdue(deps, found).catch((err: unknown) => {
      // no reason to make another backup in half an hour, and another
      deps.log.warn({ err, code: 'backup.kept' }, 'backups past their days could not be removed')
      return undefined
    })
    return { checked: 1, changed: 1 + (removed ?? 0), failed: removed === undefined ? 1 : 0 }
  },
  preview: async (deps, found) => {
    const overdue = await listOverdue(deps)
    for (const name of overdue) found(`the backup ${name}, past its days`)
    return onlyFound(1 + overdue.length)
  },
}

/** Administrators hear of it as long as it lasts: `raise-alarms` looks at what is noted here. */
async function orFailed({ db, bucket, log }: ChoreDeps, name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    await markBackupFailed(db, name, reason)
    await bucket.remove(backupKey(name)).catch((err: unknown) => {
      log.warn({ err, backup: name }, 'what was stored of a failed backup stays until its days are over')
    })
    throw error
  }
}

async function make(deps: ChoreDeps, backup: { name: string; startedAt: Date }, found: Found): Promise<void> {
  const { db, log, dataDir, retention, signal } = deps
  const { name, startedAt } = backup
  const key = retention.backupKey
  if (key === undefined) log.warn({ code: 'backup.unencrypted' }, 'BACKUP_KEY is not set: backups are not encrypted')
  const folder = await emptyFolder(dataDir)
  const path = join(folder, `${name}.backup`)
  try {
    const { rows } = await writeBackup(db, { path, takenAt: startedAt, key, signal })
    const { sizeBytes, sha256 } = await store(deps, name, path)
    await markBackupGood(db, { name, sizeBytes, sha256, rowCount: rows })
    log.info({ backup: name, sizeBytes, rows, isEncrypted: key !== undefined }, 'backup made and read back')
    const words = key === undefined ? 'NOT encrypted: BACKUP_KEY is not set' : `encrypted with the key ${keyIdOf(key)}`
    found(`backup ${name}: ${rows} rows, ${sizeBytes} bytes, ${words}`)
  } finally {
    await rm(path, { force: true })
  }
}

/** Made by one janitor at a time, so whatever lies there was left by one that died. */
async function emptyFolder(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'backups')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Read once from the disk and once from the bucket: what cannot be read back never counts. */
async function store({ bucket, retention, signal }: ChoreDeps, name: string, path: string): Promise<StoredObject> {
  await verifyBackup(path, retention.backupKey)
  const { size: sizeBytes } = await stat(path)
  const options = { contentType: 'application/octet-stream', signal }
  const stored = await bucket.put(backupKey(name), { path, sizeBytes }, options)
  const read = await bucket.digest(backupKey(name), { signal })
  if (read.sha256 !== stored.sha256 || read.sizeBytes !== stored.sizeBytes) {
    throw new Error(`Expected to read back SHA-256 ${stored.sha256} from the bucket, got ${read.sha256}`)
  }
  return stored
}

async function listOverdue({ db, bucket, retention }: ChoreDeps): Promise<string[]> {
  return listOverdueBackups(db, await listKeptBackups(bucket), retention.backupRetentionDays)
}

async function removeOverdue(deps: ChoreDeps, found: Found): Promise<number> {
  const overdue = await listOverdue(deps)
  for (const name of overdue) {
    await deps.bucket.remove(backupKey(name))
    await markBackupRemoved(deps.db, name)
    found(`removed the backup ${name}, past its days`)
  }
  return overdue.length
}
