import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { type Logger } from 'pino'
import { exitCodes, OperatorError } from '../runtime/operator-error.ts'
import { type DatabaseConfig } from '../runtime/settings.ts'
import { isDatabaseAway, isDatabaseRefusal, sqlState } from './errors.ts'
import { Database } from './pool.ts'

export const migrationsTable = 'schema_migrations'
const folder = fileURLToPath(new URL('./migrations', import.meta.url))
const extensions = ['citext', 'pg_trgm', 'unaccent']
// our own lock around the extensions, which CREATE EXTENSION itself does not guard
const extensionsLock = 820_190_406

/** The migrations this release knows, oldest first. */
export async function listMigrations(): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort()
}

/**
 * Brings the database to this release's schema, or to that of `only` some migrations, and returns what was run. Several at
 * once: one works, the others wait.
 */
export async function migrate(config: DatabaseConfig, log: Logger, only?: readonly string[]): Promise<string[]> {
  const db = new Database({ ...config, poolMax: 2 }, log, { name: 'comptoir migrate' })
  try {
    return await migrateWith(db, log, only)
  } catch (error) {
    throw operatorsWords(error, config)
  } finally {
    await db.end()
  }
}

async function migrateWith(db: Database, log: Logger, only?: readonly string[]): Promise<string[]> {
  const { runner } = await import('node-pg-migrate') // the services only ask which migrations there are
  const client = await db.openConnection('schema', { statement_timeout: false, query_timeout: 0 })
  try {
    await createExtensions(client)
    const done = await runner({
      dbClient: client,
      dir: folder,
      ignorePattern: only === undefined ? '\\..*' : `(?!(?:${only.join('|')})\\.sql$).*`,
      migrationsTable,
      direction: 'up',
      advisoryLockMode: 'wait',
      singleTransaction: true,
      checkOrder: false,
      logger: quietLogger(log),
    })
    return done.map(({ name }) => name)
  } finally {
    await client.end()
  }
}

async function createExtensions(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [extensionsLock])
  try {
    for (const extension of extensions) await client.query(`create extension if not exists ${extension}`)
  } catch (error) {
    if (sqlState(error) !== '42501') throw error
    const statements = extensions.map((extension) => `create extension ${extension};`).join(' ')
    throw new OperatorError(`The owner of the database must first run: ${statements}`, { cause: error })
  } finally {
    await client.query('select pg_advisory_unlock($1)', [extensionsLock])
  }
}

/** node-pg-migrate prints each failed statement in full; its error says enough. */
function quietLogger(log: Logger) {
  const tell = (message: unknown): void => {
    log.debug({ module: 'migrate' }, String(message))
  }
  return { debug: tell, info: tell, warn: tell, error: tell }
}

/** The one line an operator needs, when it is about the operator's settings. */
export function operatorsWords(error: unknown, { host, port, database, user }: DatabaseConfig): unknown {
  if (error instanceof OperatorError) return error
  const place = `${host}:${port}/${database}`
  const words = error instanceof Error ? error.message : String(error)
  if (isDatabaseRefusal(error)) {
    return new OperatorError(`PostgreSQL at ${place} refused user ${user}: ${words}`, {
      exitCode: exitCodes.refused,
      cause: error,
    })
  }
  if (!isDatabaseAway(error)) return error
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  return new OperatorError(`PostgreSQL at ${place} cannot be reached${code}: ${words}`.replace(/: $/, ''), {
    exitCode: exitCodes.unavailable,
    cause: error,
  })
}
