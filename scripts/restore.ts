import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { type Logger } from 'pino'
import { readBackupHeader, refuseUnencrypted } from '../shared/backup/backup-file.ts'
import { backupKey, type KeptBackup, listKeptBackups } from '../shared/backup/kept-backups.ts'
import { brokenIn, checkRestore, findUnfinished, finishRestore, loadBackup } from '../shared/backup/restore-database.ts'
import { damaged } from '../shared/backup/errors.ts'
import { type Environment, readEnvironment } from '../shared/runtime/environment.ts'
import { createLogger } from '../shared/runtime/logger.ts'
import { exitCodes, OperatorError } from '../shared/runtime/operator-error.ts'
import { databaseSettings, storageSettings } from '../shared/runtime/settings.ts'
import { folderSettings, retentionSettings } from '../shared/runtime/shop-settings.ts'
import { ObjectCorrupt } from '../shared/storage/errors.ts'
import { type ObjectStore, openObjectStore } from '../shared/storage/object-store.ts'

const usage = `Usage: npm run restore                       lists the backups in the bucket
       npm run restore -- latest             restores the newest one
       npm run restore -- <name>             restores that one
Options: --database <name>   the name of the database, instead of being asked to type it
         --unencrypted       takes a backup that is not encrypted although BACKUP_KEY is set
The target is the database of DATABASE_URL. It must exist and be empty: nothing is ever overwritten.`

const read = (env: Environment) => ({
  database: databaseSettings(env),
  storage: storageSettings(env),
  key: retentionSettings(env).backupKey,
  dataDir: folderSettings(env).dataDir,
})

type Settings = ReturnType<typeof read>
type Asked = {
  readonly which: string | undefined
  readonly typed: string | undefined
  readonly allowsUnencrypted: boolean
}

function readArguments(): Asked {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { database: { type: 'string' }, unencrypted: { type: 'boolean' } },
    })
    if (positionals.length > 1) throw new OperatorError(usage)
    return { which: positionals[0], typed: values.database, allowsUnencrypted: values.unencrypted === true }
  } catch (error) {
    throw error instanceof OperatorError ? error : new OperatorError(usage, { cause: error })
  }
}

async function main(): Promise<void> {
  const asked = readArguments()
  const settings = readEnvironment(process.env, read)
  const log = createLogger({ service: 'restore', level: process.env['LOG_LEVEL'] ?? 'warn' })
  const bucket = openObjectStore(settings.storage, log)
  try {
    const kept = await listKeptBackups(bucket)
    if (asked.which === undefined) list(kept)
    else await restore(settings, log, bucket, find(kept, asked.which), asked)
  } finally {
    bucket.close()
  }
}

function list(kept: readonly KeptBackup[]): void {
  if (kept.length === 0) console.log('There is no backup in the bucket.')
  for (const { name, at, sizeBytes } of kept)
    console.log(`${name}  ${dayOf(at)}  ${String(sizeBytes).padStart(12)} bytes`)
}

const dayOf = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`

function find(kept: readonly KeptBackup[], which: string): KeptBackup {
  const found = which === 'latest' ? kept[0] : kept.find(({ name }) => name === which)
  if (found !== undefined) return found
  if (kept.length === 0) throw new OperatorError('There is no backup in the bucket.')
  throw new OperatorError(`There is no backup ${which} in the bucket: \`npm run restore\` lists them.`)
}

async function restore(
  settings: Settings,
  log: Logger,
  bucket: ObjectStore,
  { name, at }: KeptBackup,
  { typed, allowsUnencrypted }: Asked,
): Promise<void> {
  const { database, key, dataDir } = settings
  const unfinished = (await findUnfinished(database, log))?.backup
  if (unfinished === name) return finish(settings, log)
  if (unfinished !== undefined) throw new OperatorError(holdsAnother(database.database, unfinished))
  const folder = join(dataDir, `restore-${randomUUID()}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const source = { name, path: join(folder, 'backup'), key }
  try {
    await fetchBackup(bucket, name, source.path)
    refuseUnencrypted(await readBackupHeader(source.path), key, allowsUnencrypted)
    const verified = await checkRestore(database, log, source)
    console.log(
      `${name}, of ${dayOf(at)}: ${verified.summary.rows} rows in ${verified.summary.tables} tables, undamaged.`,
    )
    await confirm(database.database, typed)
    const { rows } = await loadBackup(database, log, source, verified)
    console.log(`Loaded ${rows} rows into ${database.database}.`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  await finish(settings, log)
}

const holdsAnother = (database: string, backup: string): string =>
  `The database ${database} holds the backup ${backup}, whose restore did not come to its end: ` +
  `run \`npm run restore -- ${backup}\`, or name an empty database in DATABASE_URL.`

/** What was said of it when it was stored must be true of what comes back. */
async function fetchBackup(bucket: ObjectStore, name: string, path: string): Promise<void> {
  const head = await bucket.head(backupKey(name))
  if (head === undefined) throw new OperatorError(`The backup ${name} is not in the bucket any more.`)
  const sha256 = head.sha256 ?? (await bucket.digest(backupKey(name))).sha256
  try {
    await bucket.download(backupKey(name), path, { sizeBytes: head.sizeBytes, sha256 })
  } catch (error) {
    throw error instanceof ObjectCorrupt ? damaged(error.message, error) : error
  }
}

async function confirm(database: string, typed: string | undefined): Promise<void> {
  const answer = typed ?? (await ask(`Type the name of the database to restore into (${database}): `))
  if (answer.trim() === database) return
  throw new OperatorError(`Expected the name of the database, ${database}: nothing was changed.`)
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new OperatorError('Say the name of the database with --database <name>.')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await terminal.question(question)
  } finally {
    terminal.close()
  }
}

async function finish({ database }: Settings, log: Logger): Promise<void> {
  const { reread, notices, updates } = await finishRestore(database, log)
  const broken = await brokenIn(database, log)
  console.log(
    `${reread} payments will be read again; ${notices} old notices and ${updates} old messages are left alone.`,
  )
  for (const line of broken) console.log(`WRONG: ${line}`)
  if (broken.length === 0) console.log('Everything that must hold does.')
  console.log(advice)
}

const advice = `
What to do now:
  1. Empty the store of NATS if it is the old one, then start the services.
  2. Within a quarter of an hour, payments made since the backup are read again and their files delivered.
  3. Orders made after the backup are not known here. NOWPayments lists their payments; their notifications reach you as alerts.
  4. Compare with your wallet what was sent to sellers and buyers since the backup, for it is not known here. No seller is
     paid until an administrator acknowledges that in the chat.
  5. Accounts erased and people suspended since the backup are back as they were: do it again.
  6. Run \`npm run backup\`.`

try {
  await main()
} catch (error) {
  if (error instanceof OperatorError) console.error(error.message)
  else console.error('The restore did not come to its end; put right what is wrong and run it again:', error)
  process.exitCode = error instanceof OperatorError ? error.exitCode : exitCodes.other
}
