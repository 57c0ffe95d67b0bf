import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { startPostgres } from '../../sandbox/infra/postgres.ts'
import { type DatabaseConfig, databaseFromUrl } from '../runtime/settings.ts'
import { createTestDatabaseConfig } from '../testing/database.ts'
import { CommitUnknown, type Database, inTransaction, isDatabaseAway, openPool } from './pool.ts'

const quiet = pino({ enabled: false })

test('a database that accepts connections and then says nothing is given up on within seconds', async (t) => {
  const silent = createServer()
  const port = await listening(t, silent)
  const db = openPool({ ...(await createTestDatabaseConfig(t)), host: '127.0.0.1', port }, quiet)
  const began = performance.now()
  await assert.rejects(db.query('select 1'), isDatabaseAway)
  await db.end()
  assert.ok(performance.now() - began < 9_000, 'sooner than a statement would be')
})

test('a server that is just coming up and can answer nothing but an error is away, and no reason to give up', async (t) => {
  const starting = createServer((socket) => {
    socket.once('data', () => socket.end('E')) // instead of saying whether it encrypts
  })
  const port = await listening(t, starting)
  const db = openPool({ ...(await createTestDatabaseConfig(t)), host: '127.0.0.1', port, sslMode: 'prefer' }, quiet)
  await assert.rejects(db.query('select 1'), isDatabaseAway)
  await db.end()
})

test('when the link breaks while COMMIT is on its way, nobody claims to know whether it was written', async (t) => {
  const config = await createTestDatabaseConfig(t)
  const direct = openPool(config, quiet)
  const db = openPool(await cutAtCommit(t, config), quiet)
  t.after(() => Promise.all([db.end(), direct.end()]).then(() => undefined))
  await direct.query('create table notes (id integer primary key)')
  const unknown = inTransaction(db, (tx) => tx.query('insert into notes values (1)'))
  await assert.rejects(unknown, (error) => error instanceof CommitUnknown && isDatabaseAway(error))
})

test('after PostgreSQL was killed and came back the same pool works again, and the process lives', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'comptoir-pool-'))
  const postgres = await startPostgres({ dataDir, forTests: true })
  t.after(() => postgres.remove())
  const db = openPool(databaseFromUrl(postgres.adminUrl), quiet)
  t.after(() => db.end())
  const inUse = inTransaction(db, async (tx) => {
    await tx.query('select 1')
    await db.query('select 1') // leaves an idle connection behind
    await postgres.kill()
    await tx.query('select 1')
  })
  await assert.rejects(inUse, isDatabaseAway)
  await untilItAnswers(db)
})

async function untilItAnswers(db: Database): Promise<void> {
  for (;;) {
    try {
      await db.query('select 1')
      return
    } catch (error) {
      assert.ok(isDatabaseAway(error), `Expected only absences, got ${String(error)}`)
      await pause(20)
    }
  }
}

/** A link to the database that is cut when COMMIT passes through it. */
async function cutAtCommit(t: TestContext, config: DatabaseConfig): Promise<DatabaseConfig> {
  const proxy = createServer((client) => {
    const server = createConnection({ host: config.host, port: config.port })
    client.on('data', (chunk) => {
      if (!chunk.includes('commit')) server.write(chunk)
      else destroyBoth(client, server)
    })
    server.pipe(client)
    for (const end of [client, server])
      end.on('error', () => {
        destroyBoth(client, server)
      })
  })
  return { ...config, host: '127.0.0.1', port: await listening(t, proxy), sslMode: 'disable' }
}

function destroyBoth(client: Socket, server: Socket): void {
  client.destroy()
  server.destroy()
}

async function listening(t: TestContext, server: Server): Promise<number> {
  const open = new Set<Socket>()
  server.on('connection', (socket) => open.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return (server.address() as { port: number }).port
}
