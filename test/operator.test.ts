import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, before, describe, test, type TestContext } from 'node:test'
import { freePort } from '../sandbox/infra/free-port.ts'
import { type ServiceName, startWorld, type World } from '../sandbox/world.ts'
import { abortAbandonedUploads } from '../services/janitor/chores/abort-abandoned-uploads.ts'
import { backUp } from '../services/janitor/chores/back-up.ts'
import { sweepObjects } from '../services/janitor/chores/sweep-objects.ts'
import { holdLock, type SessionLock } from '../shared/db/session-lock.ts'
import { sign } from '../shared/nowpayments/signature.ts'
import { type HealthReport } from '../shared/runtime/health.ts'
import { createTestDatabaseConfig } from '../shared/testing/database.ts'
import { type Line, type ServiceProcess, startProcess } from './faults/service-process.ts'

const services = ['ipn', 'bot', 'delivery', 'media', 'janitor'] as const
const telegramUsers = ['bot', 'delivery', 'media'] as const
const storageUsers = ['bot', 'delivery', 'media', 'janitor'] as const

const databaseAndNats = ['DATABASE_URL', 'NATS_URL']
const bucket = ['B2_ENDPOINT', 'B2_BUCKET_NAME', 'B2_KEY_ID', 'B2_APPLICATION_KEY']
const telegram = ['TELEGRAM_BOT_TOKEN', 'ADMIN_USER_ID']
const payments = ['NOWPAYMENTS_API_KEY', 'NOWPAYMENTS_IPN_SECRET', 'IPN_CALLBACK_URL']

const needed: Record<ServiceName, readonly string[]> = {
  ipn: [...databaseAndNats, ...payments],
  bot: [...databaseAndNats, ...telegram, ...payments, ...bucket],
  delivery: [...databaseAndNats, ...telegram, ...bucket, 'IPN_CALLBACK_URL'],
  media: [...databaseAndNats, ...telegram, ...bucket],
  janitor: [...databaseAndNats, ...bucket],
}

describe("the operator's mistakes are told in one clear line", { timeout: 600_000 }, () => {
  let world: World
  const locks: SessionLock[] = []

  before(async () => {
    world = await startWorld({ database: await createTestDatabaseConfig({ after }), products: [], without: services })
    // whose turn may come at any moment, and who have something to say of keys and buckets then
    for (const { name } of [backUp, abortAbandonedUploads, sweepObjects]) {
      locks.push((await holdLock(world.db, `chore ${name}`)) ?? assert.fail(`${name} is under way`))
    }
  })

  after(async () => {
    await Promise.all(locks.map((lock) => lock.release()))
    await world.close()
  })

  /** Starts a service in the world, with some variables changed, on a port of its own. */
  async function start(t: TestContext, name: ServiceName, changes: NodeJS.ProcessEnv = {}) {
    const port = await freePort()
    const service = startProcess(name, { ...world.environment, PORT: String(port), ...changes })
    t.after(async () => {
      service.signal('SIGKILL')
      await service.ended
    })
    return { service, port }
  }

  /** Starts all of these at once with the same mistake, and expects each to leave with this code and this line. */
  async function allLeave(
    t: TestContext,
    { names = services, code, saying }: { names?: readonly ServiceName[]; code: number; saying: RegExp },
    changes: NodeJS.ProcessEnv,
  ): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const { service } = await start(t, name, changes)
        assert.deepEqual(await service.ended, { code, signal: null }, name)
        assertOneComplaint(service, saying)
      }),
    )
  }

  for (const name of services) {
    test(`${name} without any environment names everything it misses`, async () => {
      const service = startProcess(name, { DATA_DIR: world.environment['DATA_DIR'] })
      assert.deepEqual(await service.ended, { code: 78, signal: null })
      const line = assertOneComplaint(service, /^The environment is incomplete or wrong/)
      const missing = [...line.matchAll(/^ {2}(\w+) is missing/gm)].map(([, variable]) => variable)
      assert.deepEqual(missing.sort(), [...needed[name]].sort())
    })
  }

  test('placeholders left in the environment are refused by name, and no value is repeated', async (t) => {
    const changes = { DATABASE_URL: 'postgres://<user>:hunter2secret@<host>/shop', NATS_URL: 'changeme-nats' }
    const names = ['ipn', 'janitor'] as const
    await allLeave(
      t,
      { names, code: 78, saying: /DATABASE_URL is still a placeholder.*\n.*NATS_URL is still/ },
      changes,
    )
    const { service } = await start(t, 'janitor', changes)
    await service.ended
    assert.doesNotMatch(JSON.stringify(service.lines), /hunter2|changeme/)
  })

  test('a port that is taken', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1')
    t.after(() => taken.close())
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const saying = new RegExp(`^Cannot listen on 127\\.0\\.0\\.1 port ${port}: another program already does`)
    await allLeave(t, { code: 69, saying }, { PORT: String(port) })
  })

  test("a database's password that is wrong", async (t) => {
    const url = changed(world, (url) => (url.password = 'not-the-password'))
    await allLeave(t, { code: 77, saying: /^PostgreSQL refused the connection: password auth/ }, { DATABASE_URL: url })
  })

  test('a database that does not exist', async (t) => {
    const url = changed(world, (url) => (url.pathname = '/nowhere'))
    const saying = /^PostgreSQL refused the connection: database "nowhere" does not exist/
    await allLeave(t, { code: 77, saying }, { DATABASE_URL: url })
  })

  test('a database nobody migrated', async (t) => {
    const name = `empty_${process.pid}`
    await world.db.query(`create database ${name}`)
    t.after(() => world.db.query(`drop database ${name} with (force)`))
    const url = changed(world, (url) => (url.pathname = `/${name}`))
    await allLeave(t, { code: 69, saying: /^The database misses .*: run `npm run migrate`/ }, { DATABASE_URL: url })
  })

  test('a bot token Telegram refuses', async (t) => {
    const changes = { TELEGRAM_BOT_TOKEN: `7000000009:${'x'.repeat(35)}` }
    await allLeave(t, { names: telegramUsers, code: 77, saying: /^Telegram refuses the bot token/ }, changes)
  })

  test('a database that is away is waited for, with the intake honest meanwhile, and used as soon as it comes', async (t) => {
    const port = await freePort()
    const url = changed(world, (url) => (url.port = String(port)))
    const started = await Promise.all(services.map((name) => start(t, name, { DATABASE_URL: url })))
    for (const { service, port } of started) {
      await service.says(/^waiting for the database: connect ECONNREFUSED/)
      assert.equal((await fetch(`http://127.0.0.1:${port}/livez`)).status, 200)
      const { status, report } = await healthAt(port)
      assert.deepEqual([status, report.status, report.checks['database']?.ok], [503, 'down', false])
      for (const { msg } of complaints(service)) assert.match(msg, /^waiting for the database/)
      assertNoStack(service)
    }
    const [ipn] = started
    const posted = await fetch(`http://127.0.0.1:${ipn?.port ?? 0}/ipn/nowpayments`, signedNotification(world))
    assert.deepEqual([posted.status, posted.headers.has('retry-after')], [503, true])
    await forward(t, port, new URL(world.environment['DATABASE_URL'] ?? ''))
    for (const { service, port } of started) {
      await service.says(/^ready$/)
      assert.equal((await healthAt(port)).status, 200)
    }
  })

  test('a NATS that is away is said once, and everything that can goes on', async (t) => {
    const changes = { NATS_URL: `nats://127.0.0.1:${await freePort()}` }
    const started = await Promise.all(services.map((name) => start(t, name, changes)))
    for (const { service, port } of started) {
      await service.says(/^ready$/)
      await service.says(/^no connection to NATS, events wait in the outbox: connection refused/)
      const { status, report } = await healthAt(port)
      assert.deepEqual([status, report.status, report.checks['nats']?.ok], [200, 'degraded', false])
      for (const { msg } of complaints(service)) assert.match(msg, /^no connection to NATS/)
      assertNoStack(service)
    }
    const [ipn] = started
    const posted = await fetch(`http://127.0.0.1:${ipn?.port ?? 0}/ipn/nowpayments`, signedNotification(world))
    assert.equal(posted.status, 200)
  })

  const buckets = [
    [
      'that does not exist',
      { B2_BUCKET_NAME: 'no-such-bucket' },
      'missing',
      /^There is no bucket no-such-bucket: check B2/,
    ],
    ['whose key is wrong', { B2_APPLICATION_KEY: 'not-the-key' }, 'refused', /Check B2_KEY_ID and B2_APPLICATION_KEY/],
  ] as const
  for (const [title, changes, detail, saying] of buckets) {
    test(`a bucket ${title} leaves the services degraded`, async (t) => {
      const started = await Promise.all(storageUsers.map((name) => start(t, name, changes)))
      for (const { service, port } of started) {
        await service.says(/^ready$/)
        await service.says(saying)
        const { status, report } = await healthAt(port)
        assert.deepEqual([status, report.status, report.checks['bucket']], [200, 'degraded', { ok: false, detail }])
        assertOneComplaint(service, saying)
      }
    })
  }
})

/** The bot says at every start what its policy means, and that it mails nothing; all else from a warning on is a complaint. */
const complaints = ({ lines }: ServiceProcess): Line[] =>
  lines.filter(
    ({ level, policy, reason }) =>
      ['warn', 'error', 'fatal'].includes(level) && policy === undefined && reason !== 'mail.off',
  )

function assertOneComplaint(service: ServiceProcess, saying: RegExp): string {
  const said = complaints(service).map(({ msg }) => msg)
  assert.equal(said.length, 1, said.join('\n'))
  assert.match(said[0] ?? '', saying)
  assertNoStack(service)
  return said[0] ?? ''
}

function assertNoStack({ lines, strayOutput }: ServiceProcess): void {
  assert.doesNotMatch(JSON.stringify(lines), /"stack"|\bat \S+ \(|node:internal/)
  assert.deepEqual(strayOutput, [])
}

/** The world's database address with one part changed. */
function changed({ environment }: World, change: (url: URL) => void): string {
  const url = new URL(environment['DATABASE_URL'] ?? '')
  change(url)
  return url.href
}

async function healthAt(port: number): Promise<{ status: number; report: HealthReport }> {
  const response = await fetch(`http://127.0.0.1:${port}/health`)
  return { status: response.status, report: (await response.json()) as HealthReport }
}

/** The database "comes": what is sent to this port reaches it. */
async function forward(t: TestContext, port: number, to: URL): Promise<void> {
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    near.pipe(far).pipe(near)
    const ends: readonly (readonly [Socket, Socket])[] = [
      [near, far],
      [far, near],
    ]
    for (const [one, other] of ends) {
      one.on('error', () => undefined) // its close follows
      one.on('close', () => other.destroy())
    }
  })
  t.after(() => server.close())
  await once(server.listen(port, '127.0.0.1'), 'listening')
}

/** As NOWPayments would post about a payment nobody here asked for. */
function signedNotification({ environment }: World): RequestInit {
  const payload = { payment_id: 4_999_999_999, payment_status: 'waiting', order_id: 'nobody' }
  const { body, signature } = sign(environment['NOWPAYMENTS_IPN_SECRET'] ?? '', payload)
  return { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-nowpayments-sig': signature } }
}
