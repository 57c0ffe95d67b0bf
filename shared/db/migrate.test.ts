import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { OperatorError } from '../runtime/operator-error.ts'
import { type DatabaseConfig } from '../runtime/settings.ts'
import { createTestDatabase, createTestDatabaseConfig } from '../testing/database.ts'
import { checkDatabase, waitForDatabase } from './check-schema.ts'
import { listMigrations, migrate } from './migrate.ts'
import { openPool } from './pool.ts'

const quiet = pino({ enabled: false })

async function emptyDatabase(t: TestContext): Promise<DatabaseConfig> {
  const config = await createTestDatabaseConfig(t)
  const admin = openPool(config, quiet)
  const database = `empty_${randomBytes(5).toString('hex')}`
  await admin.query(`create database ${database}`)
  t.after(async () => {
    await admin.query(`drop database ${database} with (force)`)
    await admin.end()
  })
  return { ...config, database }
}

test('of several that migrate at once one does the work, and the others find nothing to do', async (t) => {
  const config = await emptyDatabase(t)
  const done = await Promise.all([migrate(config, quiet), migrate(config, quiet), migrate(config, quiet)])
  assert.deepEqual(done.flat(), await listMigrations())
})

test('migrations have numbers of their own, so that their order is never a matter of chance', async () => {
  const numbers = (await listMigrations()).map((name) => name.slice(0, 5))
  assert.deepEqual(
    numbers.filter((number) => !/^\d{4}_$/.test(number)),
    [],
  )
  assert.deepEqual([...new Set(numbers)], numbers)
})

test('a wrong password and an absent server are told in one line each', async (t) => {
  const config = await createTestDatabaseConfig(t)
  const wrong = { ...config, password: 'not the password' }
  await assert.rejects(migrate(wrong, quiet), (error) => {
    assert.ok(error instanceof OperatorError)
    assert.match(error.message, /^PostgreSQL at [^\n]* refused user postgres: [^\n]*$/)
    assert.doesNotMatch(error.message, /not the password/)
    return true
  })
  await assert.rejects(migrate({ ...config, port: 1 }, quiet), /cannot be reached \(ECONNREFUSED\)/)
})

test('a service does not start on a database that was never migrated', async (t) => {
  const db = openPool(await emptyDatabase(t), quiet)
  t.after(() => db.end())
  await assert.rejects(checkDatabase(db), /misses 0001_messaging.*npm run migrate/)
})

test('a service does not start on the database of a newer release', async (t) => {
  const db = await createTestDatabase(t)
  await checkDatabase(db)
  await db.query(`insert into schema_migrations (name, run_on) values ('9999_future', now())`)
  await assert.rejects(checkDatabase(db), /newer release \(9999_future\)/)
})

test('where confirmed payments could be lost a service says so at its start, and the doctor calls it wrong', async (t) => {
  const config = await createTestDatabaseConfig(t)
  const admin = openPool(config, quiet)
  await admin.query(`alter database ${config.database} set synchronous_commit = off`)
  await admin.end()
  const db = openPool(config, quiet)
  t.after(() => db.end())
  await assert.rejects(checkDatabase(db), /expected synchronous_commit to be on/)
  const said: string[] = []
  const log = pino({ level: 'error' }, { write: (line) => void said.push(line) })
  assert.equal(await waitForDatabase(db, log, new AbortController().signal), true)
  assert.match(said.join(''), /may lose confirmed payments: expected synchronous_commit/)
})

test('a service whose database is away waits for it, and gives up at once on a wrong password', async (t) => {
  const config = await createTestDatabaseConfig(t)
  const away = openPool({ ...config, port: 1 }, quiet)
  const stopping = new AbortController()
  const waiting = waitForDatabase(away, quiet, stopping.signal)
  await assert.rejects(away.query('select 1'))
  stopping.abort()
  await waiting
  const refused = openPool({ ...config, password: 'wrong' }, quiet)
  t.after(() => Promise.all([away.end(), refused.end()]).then(() => undefined))
  await assert.rejects(waitForDatabase(refused, quiet, new AbortController().signal), OperatorError)
})
