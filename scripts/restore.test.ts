import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { backupKey, listKeptBackups } from '../shared/backup/kept-backups.ts'
import { checkDatabase } from '../shared/db/check-schema.ts'
import { openPool } from '../shared/db/pool.ts'
import { type DatabaseConfig } from '../shared/runtime/settings.ts'
import { aBucket } from '../shared/testing/a-bucket.ts'
import { aPerson } from '../shared/testing/a-shop.ts'
import { createTestDatabaseConfig } from '../shared/testing/database.ts'
import { bareEnvironment } from '../test/bare-environment.ts'

const key = randomBytes(32).toString('base64')

const folder = fileURLToPath(new URL('.', import.meta.url))

/** What an operator sees who runs a command of this folder. */
async function command(environment: NodeJS.ProcessEnv, name: string, ...given: string[]) {
  const child = spawn(process.execPath, [`${folder}/${name}`, ...given], {
    env: { ...bareEnvironment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { code, out, err }
}

const databaseUrl = ({ user, password = '', host, port, database }: DatabaseConfig): string =>
  `postgres://${user}:${password}@${host}:${port}/${database}`

async function aStation(t: TestContext) {
  const database = await createTestDatabaseConfig(t)
  const { store, settings, dir } = await aBucket(t)
  const db = openPool(database, pino({ enabled: false }))
  t.after(() => db.end())
  await aPerson(db)
  const target = `target_${randomBytes(5).toString('hex')}`
  await db.query(`create database ${target}`)
  const environment = {
    DATABASE_URL: databaseUrl(database),
    NATS_URL: 'nats://127.0.0.1:4222',
    B2_ENDPOINT: settings.endpoint,
    B2_BUCKET_NAME: settings.bucket,
    B2_KEY_ID: settings.keyId,
    B2_APPLICATION_KEY: settings.applicationKey,
    BACKUP_KEY: key,
    DATA_DIR: `${dir}/data`,
    UPLOADS_DIR: `${dir}/uploads`,
  }
  const toTarget = { ...environment, DATABASE_URL: databaseUrl({ ...database, database: target }) }
  return { store, environment, toTarget, target, database: { ...database, database: target } }
}

test('an operator backs up, lists and restores with two commands', async (t) => {
  const { store, environment, toTarget, target, database } = await aStation(t)
  assert.match((await command(environment, 'restore.ts')).out, /There is no backup in the bucket/)
  const backup = await command(environment, 'chore.ts', 'back-up')
  assert.equal(backup.code, 0, backup.err)
  const [kept] = await listKeptBackups(store)
  assert.ok(kept)
  assert.match((await command(environment, 'restore.ts')).out, new RegExp(`^${kept.name}  .* UTC +\\d+ bytes`))

  const restored = await command(toTarget, 'restore.ts', 'latest', '--database', target)
  assert.deepEqual([restored.code, restored.err], [0, ''])
  assert.match(restored.out, /Loaded \d+ rows into target_.*\n.*\nEverything that must hold does\.\n\nWhat to do now:/s)
  const db = openPool(database, pino({ enabled: false }))
  t.after(() => db.end())
  assert.deepEqual((await db.query(`select count(*)::int as n from users`)).rows, [{ n: 1 }])
  const again = await command(toTarget, 'restore.ts', kept.name, '--database', target)
  assert.deepEqual([again.code, again.out], [1, ''])
  assert.match(again.err, /^The database target_\S+ is not empty .*\n$/)

  await db.query(`update restores set finished_at = null, backup = '20250101T000000Z-00000000'`)
  const another = await command(toTarget, 'restore.ts', kept.name, '--database', target)
  assert.deepEqual([another.code, another.out], [1, ''])
  assert.match(another.err, /^The database target_\S+ holds the backup 20250101T\S+, whose restore did not come to/)
})

test('a restore that dies after loading keeps the services from starting, and the same command brings it to its end', async (t) => {
  const { environment, toTarget, target, database } = await aStation(t)
  await command(environment, 'chore.ts', 'back-up')
  const arming = {
    NODE_OPTIONS: `--import ${new URL('../test/faults/arm.ts', import.meta.url).href}`,
    FAILPOINT: 'restore.loaded:kill',
    FAILPOINT_REPORT: `${environment.UPLOADS_DIR}-died`,
  }
  const restore = ['restore.ts', 'latest', '--database', target] as const
  assert.equal((await command({ ...toTarget, ...arming }, ...restore)).code, null)
  assert.ok(existsSync(arming.FAILPOINT_REPORT))
  const db = openPool(database, pino({ enabled: false }))
  t.after(() => db.end())
  await assert.rejects(checkDatabase(db), /The restore of \S+ did not come to its end/)

  const { code, out, err } = await command(toTarget, ...restore)
  assert.deepEqual([code, err], [0, ''])
  assert.doesNotMatch(out, /Loaded/, 'nothing is loaded twice')
  assert.match(out, /Everything that must hold does/)
  await checkDatabase(db)
  assert.deepEqual((await db.query(`select count(*)::int as n from users`)).rows, [{ n: 1 }])
})

test('a restore says in one sentence what keeps it from beginning, and touches nothing', async (t) => {
  const { store, environment, toTarget, target, database } = await aStation(t)
  await command(environment, 'chore.ts', 'back-up')
  const refusals: [NodeJS.ProcessEnv, string[], RegExp][] = [
    [toTarget, ['latest'], /^Say the name of the database with --database <name>\.\n$/],
    [
      toTarget,
      ['latest', '--database', 'another'],
      /^Expected the name of the database, target_\S+: nothing was changed\.\n$/,
    ],
    [toTarget, ['20200101T000000Z-00000000', '--database', target], /^There is no backup 2020\S+ in the bucket/],
    [toTarget, ['one', 'two'], /^Usage: npm run restore/],
    [toTarget, ['latest', '--force'], /^Usage: npm run restore/],
    [{ ...toTarget, BACKUP_KEY: '' }, ['latest', '--database', target], /^The backup is encrypted: set BACKUP_KEY/],
    [
      { ...toTarget, BACKUP_KEY: randomBytes(32).toString('base64') },
      ['latest', '--database', target],
      /with another key/,
    ],
    [{ ...toTarget, BACKUP_KEY: 'short' }, ['latest'], /BACKUP_KEY is invalid: expected 32 bytes in base64/],
  ]
  for (const [env, given, says] of refusals) {
    const { code, err } = await command(env, 'restore.ts', ...given)
    assert.match(err, says)
    assert.notEqual(code, 0)
  }

  const [kept] = await listKeptBackups(store)
  assert.ok(kept)
  await store.put(backupKey('20990101T000000Z-00000000'), Buffer.from('COMPTOIR BACKUP 1\nnonsense\n'), {
    contentType: 'text/plain',
  })
  const damaged = await command(toTarget, 'restore.ts', 'latest', '--database', target)
  assert.match(damaged.err, /^The backup is damaged \(its header\)/)

  const plain = await command({ ...environment, BACKUP_KEY: '' }, 'chore.ts', 'back-up')
  assert.match(plain.out, /NOT encrypted/)
  const unencrypted = (await listKeptBackups(store)).find(({ name }) => name !== kept.name && name < '2099')
  const refused = await command(toTarget, 'restore.ts', unencrypted?.name ?? '', '--database', target)
  assert.match(refused.err, /^The backup is not encrypted although BACKUP_KEY is set, so anybody may have written it/)

  const left = openPool(database, pino({ enabled: false }))
  t.after(() => left.end())
  const { rows } = await left.query(`select count(*)::int as n from pg_tables where schemaname = 'public'`)
  assert.deepEqual(rows, [{ n: 0 }])
})
