import { type Logger } from 'pino'
import { OperatorError } from '../runtime/operator-error.ts'
import { type DatabaseConfig } from '../runtime/settings.ts'
import { latestBackupHours } from './backups.ts'
import { checkDatabase } from './check-schema.ts'
import { sqlState } from './errors.ts'
import { operatorsWords } from './migrate.ts'
import { type Database, openPool, type Queryable } from './pool.ts'

/** What an operator should know of a database, without changing it. `fault`: why no service should start on it. */
export type DatabaseFacts = {
  readonly version: string
  readonly fault: string | undefined
  readonly isTooOld: boolean
  readonly isSuperuser: boolean
  /** What the weekly try of a backup needs. */
  readonly mayMakeDatabases: boolean
  readonly missingExtensions: readonly string[]
  readonly connections: number
  /** How far its clock is before ours, in milliseconds. */
  readonly aheadMs: number
  readonly backupHours: number | undefined
}

const oldest = 150_000

/** Throws an OperatorError, one sentence, when the database cannot be asked at all. */
export async function examineDatabase(config: DatabaseConfig, log: Logger): Promise<DatabaseFacts> {
  const db = openPool({ ...config, poolMax: 2 }, log, { name: 'comptoir doctor' })
  try {
    return await examine(db)
  } catch (error) {
    throw operatorsWords(error, config)
  } finally {
    await db.end()
  }
}

async function examine(db: Database): Promise<DatabaseFacts> {
  const askedAt = Date.now()
  const { rows } = await db.query<Row>(
    `select current_setting('server_version') as version,
            current_setting('server_version_num')::integer as number,
            current_setting('max_connections')::integer as connections,
            (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser",
            (select rolsuper or rolcreatedb from pg_roles where rolname = current_user) as "mayMakeDatabases",
            array(select name
                    from unnest('{citext,pg_trgm,unaccent}'::text[]) name
                   where name not in (select available.name::text from pg_available_extensions available)) as missing,
            clock_timestamp() as now`,
  )
  const answeredAt = Date.now()
  const [row] = rows
  if (row === undefined) throw new Error('Expected the facts of the database, got none')
  return {
    version: row.version,
    fault: await faultOf(db),
    isTooOld: row.number < oldest,
    isSuperuser: row.isSuperuser,
    mayMakeDatabases: row.mayMakeDatabases,
    missingExtensions: row.missing,
    connections: row.connections,
    aheadMs: row.now.getTime() - (askedAt + answeredAt) / 2,
    backupHours: await backupHours(db),
  }
}

type Row = {
  readonly version: string
  readonly number: number
  readonly connections: number
  readonly isSuperuser: boolean
  readonly mayMakeDatabases: boolean
  readonly missing: string[]
  readonly now: Date
}

async function faultOf(db: Queryable): Promise<string | undefined> {
  try {
    await checkDatabase(db)
    return undefined
  } catch (error) {
    if (error instanceof OperatorError) return error.message
    throw error
  }
}

async function backupHours(db: Queryable): Promise<number | undefined> {
  try {
    return await latestBackupHours(db)
  } catch (error) {
    if (sqlState(error) === '42P01') return undefined // no such table: nothing was ever migrated
    throw error
  }
}
