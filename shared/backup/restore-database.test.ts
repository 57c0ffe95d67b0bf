import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { checkDatabase } from '../db/check-schema.ts'
import { payoutsBlockedBy } from '../db/invariants.ts'
import { listMigrations, migrate } from '../db/migrate.ts'
import { type Database, openPool } from '../db/pool.ts'
import { type DatabaseConfig } from '../runtime/settings.ts'
import { anOpenOrder, anOwnedOrder, aPerson, aProductOnSale } from '../testing/a-shop.ts'
import { createTestDatabase, createTestDatabaseConfig } from '../testing/database.ts'
import { verifyBackup, writeBackup } from './backup-file.ts'
import { checkRestore, finishRestore, loadBackup } from './restore-database.ts'

const quiet = pino({ enabled: false })
const key = randomBytes(32)
const folder = await mkdtemp(join(tmpdir(), 'comptoir-backup-'))
after(() => rm(folder, { recursive: true, force: true }))

let count = 0

async function backUp(db: Database, given: Buffer | undefined = key) {
  count += 1
  const path = join(folder, `${count}.backup`)
  await writeBackup(db, { path, takenAt: new Date(), key: given, signal: new AbortController().signal })
  return { name: `20261127T030000Z-${String(count).padStart(8, '0')}`, path, key: given }
}

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

async function restore(t: TestContext, config: DatabaseConfig, source: Awaited<ReturnType<typeof backUp>>) {
  await loadBackup(config, quiet, source, await checkRestore(config, quiet, source))
  const db = openPool(config, quiet)
  t.after(() => db.end())
  return db
}

/** Every row of every table as text, to be compared. */
async function contents(db: Database): Promise<Record<string, string>> {
  const { rows } = await db.query<{ name: string }>(
    `select tablename::text as name from pg_tables
      where schemaname = 'public' and tablename not in ('schema_migrations', 'restores', 'backups') order by tablename`,
  )
  const found: Record<string, string> = {}
  for (const { name } of rows) {
    const { rows: all } = await db.query<{ text: string }>(
      `select coalesce(string_agg(r::text, E'\\n' order by r::text), '') as text from ${name} r`,
    )
    found[name] = all[0]?.text ?? ''
  }
  return found
}

async function aBusyShop(db: Database): Promise<void> {
  const product = await aProductOnSale(db, { title: 'Un café — "quoted"\tand\\tabbed' })
  const order = await anOpenOrder(db, product)
  await anOwnedOrder(db, await aProductOnSale(db))
  await db.query(
    `with entry as (insert into ledger_entries (kind, subject, order_id) values ('sale', $1::text, $1::uuid) returning id)
     insert into ledger_lines (entry_id, position, account, amount_cents)
     select id, n, account, amount
       from entry, (values (1, 'cash', 2148), (2, 'fees', -2148)) line (n, account, amount)`,
    [order.id],
  )
  await db.query(
    `insert into telegram_updates (bot_id, update_id, payload) values (1, 7, '{"text": "it''s \\"odd\\" \\\\n"}')`,
  )
  await db.query(`insert into outbox (subject, dedupe_key, payload) values ('order.changed', $1, '{}')`, [order.id])
}

test('a restored database holds to the row and to the letter what the backed up one held', async (t) => {
  const db = await createTestDatabase(t)
  await aBusyShop(db)
  for (const given of [key, undefined]) {
    const restored = await restore(t, await emptyDatabase(t), await backUp(db, given))
    assert.deepEqual(await contents(restored), await contents(db))
  }
})

test('books stay append-only, foreign keys bind and numbers go on after a restore', async (t) => {
  const db = await createTestDatabase(t)
  await aBusyShop(db)
  const restored = await restore(t, await emptyDatabase(t), await backUp(db))
  await assert.rejects(restored.query(`update ledger_lines set account = 'cash'`), /append-only/)
  await assert.rejects(restored.query(`delete from ledger_entries`), /append-only/)
  await assert.rejects(
    restored.query(`insert into ledger_lines (entry_id, position, account, amount_cents)
                    select id, 9, 'cash', 5 from ledger_entries`),
    /does not balance/,
  )
  await assert.rejects(restored.query(`delete from users`), /foreign key/)
  const places = `select position from outbox order by position desc`
  const before = (await restored.query<{ position: bigint }>(places)).rows[0]?.position ?? 0n
  await restored.query(`insert into outbox (subject, dedupe_key, payload) values ('order.changed', 'another', '{}')`)
  assert.equal((await restored.query<{ position: bigint }>(places)).rows[0]?.position, before + 1n)
  const constraints = `select conrelid::regclass::text as on, conname as name, pg_get_constraintdef(oid) as says, convalidated
                         from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`
  assert.deepEqual((await restored.query(constraints)).rows, (await db.query(constraints)).rows)
  const triggers = `select tgrelid::regclass::text as on, tgname as name, tgenabled from pg_trigger where not tgisinternal order by 1, 2`
  assert.deepEqual((await restored.query(triggers)).rows, (await db.query(triggers)).rows)
})

test('a backup holds one moment: what is written while it is made is in it wholly or not at all', async (t) => {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  const stop = new AbortController()
  const writing = (async () => {
    while (!stop.signal.aborted) await anOwnedOrder(db, product)
  })()
  const sources = [await backUp(db), await backUp(db)]
  stop.abort()
  await writing
  for (const source of sources) {
    const restored = await restore(t, await emptyDatabase(t), source)
    const { rows } = await restored.query(
      `select (select count(*) from orders) - (select count(*) from payments) as lone,
              (select count(*) from orders where paid_at is null) as half`,
    )
    assert.equal(rows[0]?.['lone'], 0n)
  }
})

test('no service starts between the loading and the end of a restore', async (t) => {
  const db = await createTestDatabase(t)
  await aBusyShop(db)
  const config = await emptyDatabase(t)
  const restored = await restore(t, config, await backUp(db))
  await assert.rejects(checkDatabase(restored), /restore of .* did not come to its end/)
  await finishRestore(config, quiet)
  await checkDatabase(restored)
})

test('after a restore old news stay untold, old presses undone, and every open payment is asked for at once', async (t) => {
  const db = await createTestDatabase(t)
  await aBusyShop(db)
  const person = await aPerson(db)
  await db.query(
    `insert into notices (person_id, kind, subject, facts) values ($1, 'product on sale', 'x', '{"title": "A", "code": "B"}')`,
    [person],
  )
  await db.query(
    `insert into outbox (subject, dedupe_key, payload) values ('notice.queued', 'x', '{}'), ('admin.alert', 'y', '{}')`,
  )
  await db.query(`update payments set next_poll_at = null where accepted_at is null`)
  const config = await emptyDatabase(t)
  const restored = await restore(t, config, await backUp(db))
  const waiting = `select subject, id::text from outbox where sent_at is null order by subject`
  const before = (await restored.query<{ subject: string; id: string }>(waiting)).rows
  assert.deepEqual(await finishRestore(config, quiet), { reread: 1, notices: 1, updates: 1 })
  const afterwards = (await restored.query<{ subject: string; id: string }>(waiting)).rows
  assert.deepEqual(
    afterwards.map(({ subject }) => subject),
    ['admin.alert', 'order.changed'],
    'administrators hear of the restore, and nobody of anything old',
  )
  assert.equal(
    before.some(({ id }) => afterwards.some((other) => other.id === id)),
    false,
    'no id is used twice',
  )
  const { rows } = await restored.query(
    `select (select count(*)::int from telegram_updates where handled_at is null) as updates,
            (select count(*)::int from notices where state = 'queued') as notices,
            (select count(*)::int from payments where next_poll_at <= clock_timestamp()) as due`,
  )
  assert.deepEqual(rows, [{ updates: 0, notices: 0, due: 1 }])
  assert.ok((await payoutsBlockedBy(restored)).includes('restored-is-compared'))
  assert.deepEqual((await finishRestore(config, quiet)).notices, 0, 'twice is once')
})

test('a database that is not empty is never restored into, and a newer backup asks for its release', async (t) => {
  const db = await createTestDatabase(t)
  const source = await backUp(db)
  const config = await createTestDatabaseConfig(t)
  const used = openPool(config, quiet)
  t.after(() => used.end())
  await aPerson(used)
  await assert.rejects(checkRestore(config, quiet, source), /not empty \(there are rows in users\).*createdb/)

  const foreign = await emptyDatabase(t)
  const other = openPool(foreign, quiet)
  t.after(() => other.end())
  await other.query(`create table somebody_elses (id int)`)
  await assert.rejects(checkRestore(foreign, quiet, source), /not ours, such as somebody_elses/)

  await db.query(`insert into schema_migrations (name, run_on) values ('9999_tomorrow', now())`)
  await assert.rejects(checkRestore(await emptyDatabase(t), quiet, await backUp(db)), /newer release \(9999_tomorrow\)/)
})

test('a database that services use is not restored into', async (t) => {
  const source = await backUp(await createTestDatabase(t))
  const config = await createTestDatabaseConfig(t)
  const service = openPool(config, quiet, { name: 'comptoir bot' })
  t.after(() => service.end())
  await service.query('select')
  await assert.rejects(checkRestore(config, quiet, source), /in use by comptoir bot: stop the services first/)
})

test('a load that fails leaves nothing behind, and the next one goes through', async (t) => {
  const db = await createTestDatabase(t)
  await aBusyShop(db)
  await db.query(`alter table orders drop constraint orders_file_id_fkey`)
  await db.query(`update orders set file_id = gen_random_uuid()`)
  const config = await emptyDatabase(t)
  await assert.rejects(restore(t, config, await backUp(db)), /orders_file_id_fkey/)
  const left = openPool(config, quiet)
  t.after(() => left.end())
  assert.deepEqual((await left.query(`select count(*)::int as n from orders`)).rows, [{ n: 0 }])
  const whole = await createTestDatabase(t)
  await aBusyShop(whole)
  const restored = await restore(t, config, await backUp(whole))
  assert.deepEqual(await contents(restored), await contents(whole))
})

test('a backup of an older release is loaded into its own schema, and then migrated', async (t) => {
  const all = await listMigrations()
  const old = all.slice(0, all.findIndex((name) => name.endsWith('_backups')) + 1)
  const config = await emptyDatabase(t)
  await migrate(config, quiet, old)
  const db = openPool(config, quiet)
  t.after(() => db.end())
  await aPerson(db)
  const target = await emptyDatabase(t)
  const restored = await restore(t, target, await backUp(db))
  await finishRestore(target, quiet)
  await checkDatabase(restored)
  assert.deepEqual((await restored.query(`select count(*)::int as n from users`)).rows, [{ n: 1 }])
})

test('a damaged backup is refused before anything is touched', async (t) => {
  const source = await backUp(await createTestDatabase(t))
  const bytes = await readFile(source.path)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  await writeFile(source.path, bytes)
  await assert.rejects(verifyBackup(source.path, key), /backup is damaged/)
  await writeFile(source.path, bytes.subarray(0, bytes.length - 10))
  await assert.rejects(verifyBackup(source.path, key), /backup is damaged/)
  await assert.rejects(checkRestore(await emptyDatabase(t), quiet, source), /backup is damaged/)
})
