import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { createTestDatabase, createTestDatabaseConfig } from '../testing/database.ts'
import { CommitRefused, type Database, inTransaction, isDatabaseAway, openPool } from './pool.ts'

const quiet = pino({ enabled: false })

async function withNotes(t: TestContext): Promise<Database> {
  const db = await createTestDatabase(t)
  await db.query(`create table notes (id integer primary key, text text not null default '')`)
  return db
}

async function countNotes(db: Database): Promise<bigint> {
  const { rows } = await db.query<{ count: bigint }>('select count(*) from notes')
  return rows[0]?.count ?? -1n
}

const killOthers = `select pg_terminate_backend(pid) from pg_stat_activity
                     where datname = current_database() and pid <> pg_backend_pid()`

test('what PostgreSQL sends arrives as the program means it', async (t) => {
  const db = await createTestDatabase(t)
  const { rows } = await db.query(
    `select 9007199254740993::bigint as id, array[1, null]::bigint[] as ids, '{}'::bigint[] as none, 0.10::numeric as exact,
            date '2026-11-24' as day, timestamptz '2026-11-24T12:00:00Z' as at`,
  )
  assert.deepEqual(rows, [
    {
      id: 9_007_199_254_740_993n,
      ids: [1n, null],
      none: [],
      exact: '0.10',
      day: '2026-11-24',
      at: new Date('2026-11-24T12:00:00Z'),
    },
  ])
})

test('a transaction is written whole, and not at all when something in it fails', async (t) => {
  const db = await withNotes(t)
  assert.equal(await inTransaction(db, async (tx) => (await tx.query('insert into notes values (1), (2)')).rowCount), 2)
  const failing = inTransaction(db, async (tx) => {
    await tx.query('insert into notes values (3)')
    throw new Error('changed my mind')
  })
  await assert.rejects(failing, /changed my mind/)
  assert.equal(await countNotes(db), 2n)
})

test('a transaction whose failed statement was swallowed does not pass for written', async (t) => {
  const db = await withNotes(t)
  const swallowing = inTransaction(db, async (tx) => {
    await tx.query('insert into notes values (1)')
    await tx.query('insert into notes values (1)').catch(() => undefined)
  })
  await assert.rejects(swallowing, CommitRefused)
  assert.equal(await countNotes(db), 0n)
})

test('a session cut in the middle of a transaction is told, and the next one works', async (t) => {
  const db = await withNotes(t)
  const cut = inTransaction(db, async (tx) => {
    await tx.query('insert into notes values (1)')
    await db.query(killOthers)
    await tx.query('insert into notes values (2)')
  })
  await assert.rejects(cut, isDatabaseAway)
  assert.equal(await countNotes(db), 0n)
})

test('a statement sent after the end of its transaction is refused', async (t) => {
  const db = await withNotes(t)
  const leaked = await inTransaction(db, (tx) => Promise.resolve({ tx }))
  await assert.rejects(leaked.tx.query('insert into notes values (1)'), /after its end/)
})

test('two transactions that block each other both get through', async (t) => {
  const db = await withNotes(t)
  await db.query('insert into notes values (1), (2)')
  const both = Promise.withResolvers<undefined>()
  let runs = 0
  const crossing = (first: number, second: number) =>
    inTransaction(db, async (tx) => {
      await tx.query('update notes set text = text || $2 where id = $1', [first, 'x'])
      runs += 1
      if (runs === 2) both.resolve(undefined)
      await both.promise
      await tx.query('update notes set text = text || $2 where id = $1', [second, 'x'])
    })
  await Promise.all([crossing(1, 2), crossing(2, 1)])
  assert.deepEqual((await db.query('select text from notes order by id')).rows, [{ text: 'xx' }, { text: 'xx' }])
  assert.equal(runs, 3)
})

test('a duplicate is not tried again: it is an answer', async (t) => {
  const db = await withNotes(t)
  let runs = 0
  const duplicate = inTransaction(db, async (tx) => {
    runs += 1
    await tx.query('insert into notes values (1), (1)')
  })
  await assert.rejects(duplicate, { code: '23505' })
  assert.equal(runs, 1)
})

test('nobody inherits the leftovers of a transaction that failed', async (t) => {
  const config = await createTestDatabaseConfig(t)
  const db = openPool({ ...config, poolMax: 1 }, quiet)
  t.after(() => db.end())
  await assert.rejects(inTransaction(db, (tx) => tx.query(`set search_path = nowhere`).then(() => tx.query('bad sql'))))
  assert.equal((await db.query('select count(*) from outbox')).rowCount, 1)
})

test('a statement that takes too long is ended, and counts as the database being away', async (t) => {
  const db = openPool(await createTestDatabaseConfig(t), quiet, { queryTimeoutMs: 200 })
  t.after(() => db.end())
  await assert.rejects(db.query('select pg_sleep(5)'), isDatabaseAway)
})

test('a database that is not there is away, and a wrong statement is not', async (t) => {
  const db = openPool({ ...(await createTestDatabaseConfig(t)), port: 1 }, quiet)
  t.after(() => db.end())
  await assert.rejects(db.query('select 1'), isDatabaseAway)
  const there = await createTestDatabase(t)
  await assert.rejects(there.query('select nothing'), (error) => !isDatabaseAway(error))
})

test('a pool that is closed while a statement hangs is closed all the same', async (t) => {
  const db = await createTestDatabase(t)
  const hanging = assert.rejects(db.query('select pg_sleep(60)'))
  const isAsleep = `select from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'
                       and datname = current_database()`
  while ((await db.query(isAsleep)).rowCount === 0);
  const began = performance.now()
  await db.end()
  await hanging
  assert.ok(performance.now() - began < 5_000)
})
