import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { backupKey, listKeptBackups } from '../../../shared/backup/kept-backups.ts'
import { findLatestBackup, latestBackupHours } from '../../../shared/db/backups.ts'
import { openPool } from '../../../shared/db/pool.ts'
import { aBucket } from '../../../shared/testing/a-bucket.ts'
import { anOpenOrder, aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { createTestDatabaseConfig } from '../../../shared/testing/database.ts'
import { StorageRefused, StorageUnavailable } from '../../../shared/storage/errors.ts'
import { type ChoreDeps } from '../chore.ts'
import { runChore } from '../run-chore.ts'
import { backUp } from './back-up.ts'
import { raiseAlarms } from './raise-alarms.ts'
import { sweepObjects } from './sweep-objects.ts'
import { testRestore } from './test-restore.ts'

const key = randomBytes(32)

async function aHouse(t: TestContext, backupKey: Buffer | undefined = key) {
  const database = await createTestDatabaseConfig(t)
  const db = openPool(database, choreDeps({} as never).log)
  t.after(() => db.end())
  const { store, dir, running } = await aBucket(t)
  const retention = { ...choreDeps(db).retention, backupKey }
  const deps = choreDeps(db, { bucket: store, dataDir: dir, retention, database })
  await anOpenOrder(db, await aProductOnSale(db, { title: 'The secret recipe' }))
  await db.query(`update sellers set used_bytes = 1000`)
  return { db, store, dir, running, deps }
}

async function run(deps: ChoreDeps, chore: typeof backUp, dryRun = false) {
  const found: string[] = []
  const outcome = await runChore(deps, chore, { dryRun, found: (what) => found.push(what) })
  assert.ok(outcome)
  return { ...outcome, found }
}

const statesOf = async ({ db }: Pick<ChoreDeps, 'db'>) =>
  (await db.query(`select state, error from backups order by started_at`)).rows

/** What administrators are told of, after one look. */
async function alarmsOf(deps: ChoreDeps): Promise<string[]> {
  await run(deps, raiseAlarms)
  const { rows } = await deps.db.query<{ text: string }>(
    `select subject || ': ' || detail as text from alarms where kind = 'backup' and cleared_at is null order by subject`,
  )
  return rows.map(({ text }) => text)
}

test('a backup counts once it was read back from the bucket, and nothing readable is left anywhere', async (t) => {
  const { db, store, dir, deps } = await aHouse(t)
  const { error, found } = await run(deps, backUp)
  assert.equal(error, null)
  assert.match(found[0] ?? '', /rows, \d+ bytes, encrypted with the key [0-9a-f]{16}$/)
  const backup = await findLatestBackup(db)
  assert.ok(backup)
  assert.deepEqual(await store.digest(backupKey(backup.name)).then(({ sha256 }) => sha256), backup.sha256)
  const bytes = await store.get(backupKey(backup.name), { sizeBytes: Number(backup.sizeBytes), sha256: backup.sha256 })
  assert.equal(bytes.includes('secret recipe'), false)
  assert.deepEqual(await readdir(join(dir, 'backups')), [])
  assert.ok(((await latestBackupHours(db)) ?? 1) < 0.1)
})

test('without a key the operator reads each time that backups are not encrypted', async (t) => {
  const { deps } = await aHouse(t, undefined)
  const { found } = await run({ ...deps, retention: { ...deps.retention, backupKey: undefined } }, backUp)
  assert.match(found[0] ?? '', /NOT encrypted: BACKUP_KEY is not set/)
})

test('a bucket that keeps other bytes than it was given makes the backup fail, told to the administrators', async (t) => {
  const { db, deps, store } = await aHouse(t)
  const lying = { ...store, digest: () => Promise.resolve({ sizeBytes: 1, sha256: 'f'.repeat(64), md5: '' }) }
  const { error } = await run({ ...deps, bucket: lying }, backUp)
  assert.match(error ?? '', /Expected to read back SHA-256/)
  assert.deepEqual(
    (await statesOf({ db })).map(({ state }) => state),
    ['failed'],
  )
  assert.match((await alarmsOf(deps))[0] ?? '', /^: Expected to read back SHA-256/)
  assert.deepEqual(await listKeptBackups(store), [])
})

test('a bucket that is away fails the backup, and the next turn makes it', async (t) => {
  const { db, deps, store } = await aHouse(t)
  const away = { ...store, put: () => Promise.reject(new Error('the bucket is away')) }
  assert.equal((await run({ ...deps, bucket: away }, backUp)).error, 'the bucket is away')
  assert.equal((await run(deps, backUp)).error, null)
  assert.deepEqual(
    (await statesOf({ db })).map(({ state }) => state),
    ['failed', 'good'],
  )
})

test('a backup whose process died is marked failed by the next one', async (t) => {
  const { db, deps } = await aHouse(t)
  await db.query(`insert into backups (name) values ('20260101T000000Z-00000000')`)
  await run(deps, backUp)
  assert.deepEqual(await statesOf({ db }), [
    { state: 'failed', error: 'its process ended before it did' },
    { state: 'good', error: null },
  ])
})

test('backups go after their days, never the newest good one, and never anything that is not a backup', async (t) => {
  const { db, deps, store } = await aHouse(t)
  const put = (object: string) => store.put(object, Buffer.from('x'), { contentType: 'text/plain' })
  await put('backups/20260101T000000Z-00000001.backup')
  await put('backups/notes.txt')
  await put('originals/kept')
  const preview = await run(deps, backUp, true)
  assert.deepEqual(preview.found, ['the backup 20260101T000000Z-00000001, past its days'])
  assert.equal((await listKeptBackups(store)).length, 1)
  await run(deps, backUp)
  const [only, ...others] = await listKeptBackups(store)
  assert.deepEqual([only?.name, others], [(await findLatestBackup(db))?.name, []])
  assert.ok(await store.head('backups/notes.txt'))
  assert.ok(await store.head('originals/kept'))
  await db.query(`update backups set started_at = now() - interval '90 days'`)
  const away = { ...store, put: () => Promise.reject(new Error('the bucket is away')) }
  await run({ ...deps, bucket: away }, backUp)
  assert.equal((await listKeptBackups(store)).length, 1, 'old as it is, it is all there is')
})

test('a key that may not remove old backups is no reason to make another backup every half hour', async (t) => {
  const { db, deps, store } = await aHouse(t)
  await store.put('backups/20260101T000000Z-00000001.backup', Buffer.from('x'), { contentType: 'text/plain' })
  const writeOnly = { ...store, remove: () => Promise.reject(new Error('the key may not delete')) }
  const { error, failed } = await run({ ...deps, bucket: writeOnly }, backUp)
  assert.deepEqual([error, failed], [null, 1])
  assert.deepEqual(await statesOf({ db }), [{ state: 'good', error: null }])
})

test('the sweep of the bucket leaves backups alone, however old', async (t) => {
  const { deps, store } = await aHouse(t)
  await run(deps, backUp)
  const old = { ...store, listKept: (prefix: string) => aged(store.listKept(prefix)) }
  await run({ ...deps, bucket: old }, sweepObjects)
  assert.equal((await listKeptBackups(store)).length, 1)
})

async function* aged<One extends { modifiedAt: Date | undefined }>(objects: AsyncIterable<One>): AsyncGenerator<One> {
  for await (const object of objects) yield { ...object, modifiedAt: new Date(0) }
}

test('the newest backup is restored for a try, its books are checked, and nothing of the try is left', async (t) => {
  const { db, dir, deps } = await aHouse(t)
  await run(deps, backUp)
  const { error, failed, found } = await run(deps, testRestore)
  assert.deepEqual([error, failed], [null, 0])
  assert.match(found[0] ?? '', /restored for a try, \d+ rows, and everything agrees/)
  const { rows } = await db.query(
    `select (select count(*)::int from pg_database where datname like $1 || '%restore_test') as databases,
            (select count(*)::int from backups where tested_at is not null and test_error is null) as tested`,
    [deps.database.database.slice(0, 40)],
  )
  assert.deepEqual(rows, [{ databases: 0, tested: 1 }])
  assert.equal((await readdir(dir)).includes('restore-test'), false)
})

test('a backup whose books do not balance fails its try, and the administrators are told', async (t) => {
  const { db, deps } = await aHouse(t)
  await db.query(`update orders set paid_at = now()`)
  await run(deps, backUp)
  const { error, failed, found } = await run(deps, testRestore)
  assert.deepEqual([error, failed], [null, 1])
  assert.match(found[0] ?? '', /holds something that must never be: .*sales in the books/)
  assert.match((await alarmsOf(deps))[0] ?? '', /^restore test: It restores, and holds something/)
  await db.query(`update orders set paid_at = null`)
  await run(deps, backUp)
  assert.equal((await alarmsOf(deps)).length, 1, 'the next backup is no better as long as nobody tried it')
  await run(deps, testRestore)
  assert.deepEqual(await alarmsOf(deps), [])
})

test('a bucket that cannot be read during the try says nothing against the backup, and the next turn tries it', async (t) => {
  const { db, store, deps } = await aHouse(t)
  await run(deps, backUp)
  for (const away of [
    new StorageUnavailable('give it', 'timeout'),
    new StorageRefused('give it', 'AccessDenied', 'no'),
  ]) {
    const { error } = await run({ ...deps, bucket: { ...store, download: () => Promise.reject(away) } }, testRestore)
    assert.equal(error, away.message)
    const { rows } = await db.query(`select tested_at, test_error from backups`)
    assert.deepEqual(rows, [{ tested_at: null, test_error: null }])
    assert.deepEqual(await alarmsOf(deps), [])
  }
  const { error, found } = await run(deps, testRestore)
  assert.equal(error, null)
  assert.match(found[0] ?? '', /restored for a try/)
})

test('a backup that fails is told only when the next turn made none either', async (t) => {
  const { db, deps, store } = await aHouse(t)
  await run({ ...deps, bucket: { ...store, put: () => Promise.reject(new Error('the bucket is away')) } }, backUp)
  assert.deepEqual(await alarmsOf(deps), [': the bucket is away'])
  const { rows } = await db.query(
    `select due_at > now() + interval '31 min' and due_at < now() + interval '1 h' as patient from alarms where kind = 'backup'`,
  )
  assert.deepEqual(rows, [{ patient: true }])
})

test('a backup older than 26 hours is an alarm until there is a new one, and a new shop has a day for its first', async (t) => {
  const { db, deps } = await aHouse(t)
  assert.deepEqual(await alarmsOf(deps), [])
  await db.query(`update schema_migrations set run_on = now() - interval '27 hours'`)
  assert.deepEqual(await alarmsOf(deps), [': older than 26 h'])
  await run(deps, backUp)
  assert.deepEqual(await alarmsOf(deps), [])
  await db.query(`update backups set started_at = now() - interval '27 hours'`)
  assert.deepEqual(await alarmsOf(deps), [': older than 26 h'])
})

test('where the role may make no databases, the try reads the backup back, says so, and is no alarm', async (t) => {
  const { db, store, deps } = await aHouse(t)
  await run(deps, backUp)
  const role = `modest_${randomBytes(5).toString('hex')}`
  await db.query(`create role ${role} login password 'a-modest-one'`)
  const modest = { ...deps, database: { ...deps.database, user: role, password: 'a-modest-one' } }
  const { error, failed, found } = await run(modest, testRestore)
  assert.deepEqual([error, failed], [null, 0])
  assert.match(found[0] ?? '', /read back whole \(\d+ rows\), but not restored: the role \S+ may not make databases/)
  assert.deepEqual(await alarmsOf(deps), [])
  const { rows } = await db.query(
    `select test_error, test_limit ~ '^read back whole' as limited from backups where tested_at is not null`,
  )
  assert.deepEqual(rows, [{ test_error: null, limited: true }])

  const damaged = { ...store, download: () => Promise.reject(new Error('the bytes are others')) }
  assert.equal((await run({ ...modest, bucket: damaged }, testRestore)).failed, 1)
  assert.deepEqual(await alarmsOf(deps), ['restore test: the bytes are others'])
  await run(modest, testRestore)
  await db.query(`drop role ${role}`)
  assert.deepEqual(await alarmsOf(deps), [], 'what can be tried here passes again')
})
