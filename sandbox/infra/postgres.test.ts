import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type Postgres, startPostgres } from './postgres.ts'
import { processIdentity } from './process-identity.ts'
import { until } from './until.ts'

const rows = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined) // a killed server ends the connection: the query below says so
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return rows
  } finally {
    await client.end()
  }
}

describe("the sandbox's PostgreSQL", () => {
  let dir = ''
  let postgres: Postgres
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'comptoir-postgres-test-'))
    postgres = await startPostgres({ dataDir: dir, forTests: true })
    await postgres.ensureDatabase('shop')
  })
  after(async () => {
    await postgres.remove()
    await assert.rejects(access(dir), 'nothing is left of it')
  })

  test('a killed database comes back by itself with everything that was committed', async () => {
    const [url, pid] = [postgres.url('shop'), postgres.pid()]
    await rows(url, 'create table sales as select 42 as cents')

    await postgres.kill()

    assert.deepEqual(await until(() => rows(url, 'select cents from sales')), [{ cents: 42 }])
    assert.notEqual(postgres.pid(), pid)
  })

  test('the database comes back even while an orphan of the killed one still holds its memory', async () => {
    const url = postgres.url('shop')
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    const stuck = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    process.kill(stuck.rows[0]?.pid ?? 0, 'SIGSTOP')

    await postgres.kill()

    assert.deepEqual(await until(() => rows(url, 'select 1 as one')), [{ one: 1 }])
    await client.end()
  })

  test('the database is as durable as the services demand', async () => {
    const settings = await rows(
      postgres.adminUrl,
      `select name, setting from pg_settings
        where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding', 'max_connections', 'listen_addresses')
        order by name`,
    )
    assert.deepEqual(settings, [
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'max_connections', setting: '300' },
      { name: 'server_encoding', setting: 'UTF8' },
      { name: 'synchronous_commit', setting: 'on' },
    ])
  })

  test('words with accents and of other alphabets are found', async () => {
    const url = postgres.url('shop')
    for (const name of ['citext', 'pg_trgm', 'unaccent']) await rows(url, `create extension if not exists ${name}`)
    const found = await rows(
      url,
      `select unaccent('Élève') as plain, lower('ÉЖ') as lower, 'ÉTÉ'::citext = 'été' as same,
              round(similarity('привет', 'приват')::numeric, 2)::text as alike`,
    )
    assert.deepEqual(found, [{ plain: 'Eleve', lower: 'éж', same: true, alike: '0.40' }])
  })

  test('nobody gets into the database without its password', async () => {
    const url = new URL(postgres.adminUrl)
    url.password = 'guess'
    await assert.rejects(rows(url.href, 'select 1'), { code: '28P01' })
  })

  test('an outage of the database lasts until it is ended', async () => {
    await postgres.down()
    await assert.rejects(rows(postgres.adminUrl, 'select 1'), { code: 'ECONNREFUSED' })
    await postgres.up()
    assert.deepEqual(await rows(postgres.adminUrl, 'select 1 as one'), [{ one: 1 }])
  })

  test('a second sandbox is told that the database folder is in use', async () => {
    await assert.rejects(startPostgres({ dataDir: dir }), new RegExp(`process ${process.pid}\\) already uses`))
  })
})

test('a database left behind by a crashed sandbox gives way to the next one, and keeps its data', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'comptoir-postgres-left-'))
  const crashing = `
    const { startPostgres } = await import(${JSON.stringify(fileURLToPath(new URL('postgres.ts', import.meta.url)))})
    const postgres = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, forTests: true })
    await postgres.ensureDatabase('kept')
    process.stdout.write(String(postgres.pid()), () => process.kill(process.pid, 'SIGKILL'))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', crashing], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (piece: Buffer) => {
    said += piece.toString()
  })
  await once(child, 'close')
  const orphan = Number(said)
  assert.ok((await processIdentity(orphan)) !== undefined, 'the server outlived its sandbox')

  const postgres = await startPostgres({ dataDir, forTests: true })
  try {
    assert.equal(await processIdentity(orphan), undefined)
    assert.deepEqual(await rows(postgres.url('kept'), 'select 1 as one'), [{ one: 1 }])
  } finally {
    await postgres.remove()
    await rm(dataDir, { recursive: true, force: true })
  }
})
