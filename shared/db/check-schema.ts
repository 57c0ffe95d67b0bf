import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'
import { Complaint } from '../runtime/complaint.ts'
import { exitCodes, OperatorError } from '../runtime/operator-error.ts'
import { isDatabaseAway, isDatabaseRefusal, sqlState } from './errors.ts'
import { findUnfinishedRestore } from './dump/unfinished-restore.ts'
import { listMigrations, migrationsTable } from './migrate.ts'
import { type Database, type Queryable } from './pool.ts'

const pauseMs = 1_000

/**
 * True once the database answers and is the one this release was written for; waits while it is away. Throws an
 * OperatorError when waiting would not help. False when `stopping` is aborted before.
 */
export async function waitForDatabase(db: Database, log: Logger, stopping: AbortSignal): Promise<boolean> {
  const complaint = new Complaint(log)
  while (!stopping.aborted) {
    try {
      await checkUsable(db)
      complaint.over('the database answers')
      const loss = await findLoss(db)
      if (loss !== undefined) log.error({ code: 'db.lossy' }, loss)
      return true
    } catch (error) {
      if (isDatabaseRefusal(error)) throw refused(error)
      if (!isDatabaseAway(error)) throw error
      complaint.briefly(error, 'waiting for the database')
    }
    await pause(pauseMs, undefined, { signal: stopping }).catch(() => undefined)
  }
  return false
}

/** Throws an OperatorError, one sentence, unless schema and durability are as this release needs them. */
export async function checkDatabase(db: Queryable): Promise<void> {
  const loss = await findLoss(db)
  if (loss !== undefined) throw new OperatorError(loss)
  await checkUsable(db)
}

async function checkUsable(db: Queryable): Promise<void> {
  await checkSchema(db)
  await checkRestored(db)
}

/** Said loudly at every start and by the doctor. A shop that is only tried may run so: it is the operator's to decide. */
async function findLoss(db: Queryable): Promise<string | undefined> {
  const { rows } = await db.query<{ name: string }>(
    `select name
       from pg_settings
      where name in ('fsync', 'full_page_writes', 'synchronous_commit')
        and setting = 'off'
      order by name`,
  )
  if (rows.length === 0) return undefined
  const names = rows.map(({ name }) => name).join(', ')
  return `PostgreSQL may lose confirmed payments: expected ${names} to be on, got off; switch on and start again`
}

async function checkSchema(db: Queryable): Promise<void> {
  const known = await listMigrations()
  const applied = await listApplied(db)
  const missing = known.filter((name) => !applied.includes(name))
  if (missing.length > 0) {
    throw new OperatorError(`The database misses ${missing.join(', ')}: run \`npm run migrate\` first`, {
      exitCode: exitCodes.unavailable,
    })
  }
  const unknown = applied.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw new OperatorError(
    `The database belongs to a newer release (${unknown.join(', ')}): start that release instead`,
    {
      exitCode: exitCodes.unavailable,
    },
  )
}

/** Between loading a backup and the end of its restore, the database believes it is still that day. */
async function checkRestored(db: Queryable): Promise<void> {
  const unfinished = await findUnfinishedRestore(db)
  if (unfinished === undefined) return
  throw new OperatorError(
    `The restore of ${unfinished.backup} did not come to its end: run \`npm run restore -- ${unfinished.backup}\` again`,
    { exitCode: exitCodes.unavailable },
  )
}

async function listApplied(db: Queryable): Promise<string[]> {
  try {
    const { rows } = await db.query<{ name: string }>(`select name from ${migrationsTable}`)
    return rows.map(({ name }) => name)
  } catch (error) {
    if (sqlState(error) === '42P01') return [] // no such table: nothing was ever migrated
    throw error
  }
}

const refused = (error: unknown): OperatorError =>
  new OperatorError(`PostgreSQL refused the connection: ${error instanceof Error ? error.message : String(error)}`, {
    exitCode: exitCodes.refused,
    cause: error,
  })
