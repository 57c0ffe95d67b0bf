import { OperatorError } from '../../runtime/operator-error.ts'
import { type DatabaseConfig } from '../../runtime/settings.ts'
import { sqlState } from '../errors.ts'
import { listMigrations, migrationsTable } from '../migrate.ts'
import { type Queryable } from '../pool.ts'

/** Whatever anybody did leaves a row in one of these. */
const telling = ['users', 'telegram_updates', 'payment_events', 'ledger_entries', 'audit_log'] as const

/** Refuses, in one sentence, a database in which a backup must not or cannot be loaded. Changes nothing. */
export async function checkTarget(
  db: Queryable,
  { database }: Pick<DatabaseConfig, 'database'>,
  migrations: readonly string[],
): Promise<void> {
  const known = await listMigrations()
  const newer = migrations.filter((name) => !known.includes(name))
  if (newer.length > 0) {
    throw new OperatorError(`The backup is of a newer release (${newer.join(', ')}): restore it with that release.`)
  }
  await refuseIfUsed(db, database)
  const applied = await refuseIfForeign(db, database)
  for (const table of applied.length > 0 ? telling : []) await refuseIfHolding(db, database, table)
  const ahead = applied.filter((name) => !migrations.includes(name))
  if (ahead.length === 0) return
  throw new OperatorError(`The database ${database} was already migrated beyond the backup: ${anEmptyOne}`)
}

const anEmptyOne = 'make an empty one (`createdb <name>`) and name it in DATABASE_URL.'

async function refuseIfUsed(db: Queryable, database: string): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    `select distinct application_name as name
       from pg_stat_activity
      where datname = current_database()
        and application_name ~ '^comptoir (bot|ipn|intake|delivery|media|janitor)'
      order by name`,
  )
  if (rows.length === 0) return
  const names = rows.map(({ name }) => name).join(', ')
  throw new OperatorError(`The database ${database} is in use by ${names}: stop the services first.`)
}

/** The migrations that made it; none in a new database. */
async function refuseIfForeign(db: Queryable, database: string): Promise<string[]> {
  try {
    const { rows } = await db.query<{ name: string }>(`select name from ${migrationsTable}`)
    if (rows.length > 0) return rows.map(({ name }) => name)
  } catch (error) {
    if (sqlState(error) !== '42P01') throw error // no such table: nothing was ever migrated
  }
  const { rows } = await db.query<{ name: string }>(
    `select tablename::text as name from pg_tables where schemaname = 'public' and tablename <> $1 limit 1`,
    [migrationsTable],
  )
  if (rows[0] === undefined) return []
  throw new OperatorError(
    `The database ${database} holds tables that are not ours, such as ${rows[0].name}: ${anEmptyOne}`,
  )
}

async function refuseIfHolding(db: Queryable, database: string, table: string): Promise<void> {
  const { rows } = await db.query<{ found: boolean }>(`select exists (select from ${table}) as found`)
  if (rows[0]?.found !== true) return
  throw new OperatorError(
    `The database ${database} is not empty (there are rows in ${table}), and nothing is ever overwritten: ${anEmptyOne}`,
  )
}
