import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { dumpDatabase } from '../db/dump/dump-database.ts'
import { type DumpHeader, type DumpRecord, type DumpSummary } from '../db/dump/dump-record.ts'
import { type Database } from '../db/pool.ts'
import { BackupUnusable, damaged } from './errors.ts'
import { decodeRecords, encodeRecords } from './records.ts'
import { readSealHeader, sealed, type SealHeader, unsealed } from './sealed-file.ts'

export type WriteBackup = {
  readonly path: string
  readonly takenAt: Date
  readonly key: Buffer | undefined
  readonly signal: AbortSignal
}

/** Dumps the database into a file: compressed, then sealed, before anything of it reaches the disk. */
export async function writeBackup(db: Database, { path, takenAt, key, signal }: WriteBackup): Promise<DumpSummary> {
  const done: { summary?: DumpSummary } = {}
  await pipeline(
    encodeRecords(noting(dumpDatabase(db), done)),
    createGzip({ level: 6 }),
    (compressed: AsyncIterable<Buffer>) => sealed(compressed, { takenAt, key }),
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
    { signal },
  )
  if (done.summary === undefined) throw new Error(`Expected a whole dump in ${path}, got one without an end`)
  return done.summary
}

async function* noting(
  records: AsyncIterable<DumpRecord>,
  done: { summary?: DumpSummary },
): AsyncGenerator<DumpRecord> {
  for await (const record of records) {
    if (record.kind === 'end') done.summary = record.summary
    yield record
  }
}

/** The records of a backup. Every byte is verified before it is given. */
export async function* readBackup(path: string, key: Buffer | undefined): AsyncGenerator<DumpRecord> {
  const gunzip = createGunzip()
  const feeding = pipeline(unsealed(createReadStream(path), key), gunzip)
  feeding.catch(() => undefined) // whoever reads from gunzip is told
  try {
    yield* decodeRecords(gunzip)
    await feeding
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw damaged('what is compressed in it', error)
    }
    throw error
  } finally {
    gunzip.destroy()
  }
}

export const readBackupHeader = (path: string): Promise<SealHeader> => readSealHeader(createReadStream(path))

export type VerifiedBackup = {
  readonly header: DumpHeader
  readonly summary: DumpSummary
  readonly file: { readonly sizeBytes: number; readonly sha256: string }
}

/** Reads a backup from end to end and changes nothing: what passes here will load. */
export async function verifyBackup(path: string, key: Buffer | undefined): Promise<VerifiedBackup> {
  let header: DumpHeader | undefined
  let summary: DumpSummary | undefined
  const counted = { tables: 0, rows: 0 }
  for await (const record of readBackup(path, key)) {
    if (record.kind === 'header') header = record.header
    else if (record.kind === 'table end') {
      counted.tables += 1
      counted.rows += record.rows
    } else if (record.kind === 'end') summary = record.summary
  }
  if (header === undefined || summary === undefined) throw damaged('it has no header')
  if (counted.tables !== summary.tables || counted.rows !== summary.rows) throw damaged('its counts do not agree')
  return { header, summary, file: await describeFile(path) }
}

async function describeFile(path: string): Promise<VerifiedBackup['file']> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(piece)
    sizeBytes += piece.length
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}

/** A key is set, so whatever is not encrypted did not come from here, or from before there was a key. */
export function refuseUnencrypted({ keyId }: SealHeader, key: Buffer | undefined, isAllowed: boolean): void {
  if (keyId !== null || key === undefined || isAllowed) return
  throw new BackupUnusable(
    'The backup is not encrypted although BACKUP_KEY is set, so anybody may have written it. ' +
      'If it is from before there was a key, say so with --unencrypted.',
  )
}
