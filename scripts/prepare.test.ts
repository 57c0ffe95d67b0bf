import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { openPool } from '../shared/db/pool.ts'
import { operatorSettings } from '../shared/testing/an-operator.ts'
import { createTestDatabaseConfig } from '../shared/testing/database.ts'
import { bareEnvironment } from '../test/bare-environment.ts'

const folder = await mkdtemp(join(tmpdir(), 'comptoir-prepare-'))
after(() => rm(folder, { recursive: true, force: true }))
const database = await createTestDatabaseConfig({ after })
const url = (name: string, password = database.password ?? ''): string =>
  `postgres://${database.user}:${password}@${database.host}:${database.port}/${name}`

const folders = { DATA_DIR: join(folder, 'data'), UPLOADS_DIR: join(folder, 'uploads') }
const settings = {
  ...folders,
  DATABASE_URL: url(database.database),
  NATS_URL: 'nats://127.0.0.1:4222',
  ...operatorSettings,
}

/** What an operator sees of the step before the services. */
async function prepare(environment: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'prepare.ts')], {
    env: { ...bareEnvironment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { code, out, err }
}

test('before the services start, what is wrong for any of them is told in one list, and each thing once', async () => {
  const { code, out, err } = await prepare({ ...folders, B2_KEY_ID: 'id', BACKUP_KEY: 'short', PAYMENT_COINS: 'doge' })
  assert.deepEqual([code, out], [78, ''])
  const [head, ...lines] = err.trimEnd().split('\n')
  assert.equal(head, 'The environment is incomplete or wrong:')
  const named = lines.map((line) => /^ {2}(\w+) is /.exec(line)?.[1])
  const missing = Object.keys(settings).filter((name) => !(name in folders) && name !== 'B2_KEY_ID')
  assert.deepEqual(named.sort(), [...missing, 'BACKUP_KEY', 'PAYMENT_COINS'].sort())
})

test('of two containers that start at once on an empty database one makes the tables, and both go on', async () => {
  const db = openPool(database, pino({ enabled: false }))
  const name = `empty_${randomBytes(5).toString('hex')}`
  await db.query(`create database ${name}`)
  const both = await Promise.all([1, 2].map(() => prepare({ ...settings, DATABASE_URL: url(name) })))
  await db.query(`drop database ${name} with (force)`)
  await db.end()
  const says = both.map(({ out }) => out.split(':', 1)[0]).sort()
  assert.deepEqual(says, ['Migrated', 'The database is up to date.\n'])
  assert.deepEqual(
    both.map(({ code, err }) => [code, err]),
    [
      [0, ''],
      [0, ''],
    ],
  )
})

test('a database that does not let us in keeps the services from starting, and says why in one line', async () => {
  const { code, out, err } = await prepare({ ...settings, DATABASE_URL: url(database.database, 'not-the-password') })
  assert.deepEqual([code, out], [77, ''])
  assert.match(err, /^PostgreSQL at \S+ refused user \S+: password authentication failed [^\n]*\n$/)
})
