import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { pino } from 'pino'
import { migrate } from '../db/migrate.ts'
import { type Database, openPool } from '../db/pool.ts'
import { type DatabaseConfig, databaseFromUrl } from '../runtime/settings.ts'
import { testPostgres } from './postgres.ts'

const quiet = pino({ enabled: false })
const migrations = fileURLToPath(new URL('../db/migrations', import.meta.url))
// whoever makes the template holds it; the others wait
const templateLock = 540_011

/** What a test, or `{ after }` of node:test for a whole file, offers. */
export type Cleanup = { after(close: () => Promise<void>): void }

/** A migrated database of its own, open until the test is over. */
export async function createTestDatabase(t: Cleanup): Promise<Database> {
  const db = openPool(await createTestDatabaseConfig(t), quiet)
  t.after(() => db.end())
  return db
}

// Databases of tests that are over. Not dropped at once: what was started later in the test is closed after this.
const over: string[] = []

/** The same, for a service that opens it itself. */
export async function createTestDatabaseConfig(t: Cleanup): Promise<DatabaseConfig> {
  const adminUrl = await testPostgres()
  const name = `test_${process.pid}_${randomBytes(5).toString('hex')}`
  const template = await ensureTemplate(adminUrl)
  await asAdmin(adminUrl, async (admin) => {
    await admin.query(`create database ${name} template ${template}`)
    for (let old = over.pop(); old !== undefined; old = over.pop())
      await admin.query(`drop database ${old} with (force)`)
  })
  t.after(() => {
    over.push(name)
    return Promise.resolve()
  })
  return { ...databaseFromUrl(adminUrl), database: name }
}

let made: Promise<string> | undefined

/** Migrates once for all; the name follows the migrations, so that a change of them makes a new one. */
export function ensureTemplate(adminUrl: string): Promise<string> {
  made ??= makeTemplate(adminUrl)
  return made
}

async function makeTemplate(adminUrl: string): Promise<string> {
  const name = `template_${await migrationsHash()}`
  await asAdmin(adminUrl, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [templateLock])
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [name])
    if (rowCount !== 0) return
    const draft = `draft_of_${name}`
    await admin.query(`drop database if exists ${draft}`)
    await admin.query(`create database ${draft}`)
    await migrate({ ...databaseFromUrl(adminUrl), database: draft }, quiet)
    await admin.query(`alter database ${draft} rename to ${name}`)
  })
  return name
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of (await readdir(migrations)).sort()) {
    hash.update(file).update(await readFile(`${migrations}/${file}`))
  }
  return hash.digest('hex').slice(0, 12)
}

async function asAdmin<T>(adminUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}
