import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { type Fleet, launchFleet, services } from '../sandbox/fleet.ts'
import { until } from '../sandbox/infra/until.ts'
import { findPorts } from '../sandbox/ports.ts'
import { startWorld, type World } from '../sandbox/world.ts'
import { insertDeadLetter } from '../shared/db/dead-letters.ts'
import { sign } from '../shared/nowpayments/signature.ts'
import { createTestDatabaseConfig } from '../shared/testing/database.ts'

const root = resolve(import.meta.dirname, '..')
const everyMs = 20
const ownAddresses = ['BOT_URL', 'DELIVERY_URL', 'MEDIA_URL', 'JANITOR_URL', 'HOST']

test('under the real pm2 no notification is lost while it reloads, scales and stops, and it shows figures and acts', async (t) => {
  const world = await startWorld({
    database: await createTestDatabaseConfig({ after }),
    products: [],
    without: services,
  })
  t.after(() => world.close())
  const { fleet, port, pm2 } = await launch(world, (stop) => {
    t.after(stop)
  })
  const load = new Load(port, world.environment['NOWPAYMENTS_IPN_SECRET'] ?? '')

  await load.while(() => pm2('reload', 'ipn'))
  await load.while(() => pm2('scale', 'ipn', '2'))
  await load.while(() => pm2('scale', 'ipn', '1'))
  assert.deepEqual(load.refusals, [], 'not one connection was refused or broken')
  assert.equal(await keptBy(world), load.accepted)

  await insertDeadLetter(world.db, { kind: 'nobody', ref: '1', reason: 'a test', payload: {} })
  const figures = await until(async () => {
    let list = ''
    await load.while(async () => (list = await pm2('jlist')))
    const shown = figuresIn(list)
    const isCurrent = Number(shown['ipn']?.['Notification p99']?.value) > 0
    return isCurrent && shown['janitor']?.['Dead letters']?.value === 1 ? shown : undefined
  }, 30_000)
  assert.deepEqual(Object.keys(figures['ipn'] ?? {}), ['Notification p99', 'Orders waiting'])
  assert.deepEqual(Object.keys(figures['delivery'] ?? {}), ['Deliveries', 'Paid to delivered p99'])
  assert.match(await pm2('trigger', 'janitor', 'drain'), /sent: \d+|"sent":\s*\d+/)
  assert.match(await pm2('trigger', 'bot', 'replay-dead-letters'), /left: 1|"left":\s*1/)

  const stopping = load.while(() => fleet.stop())
  const began = performance.now()
  await stopping
  assert.ok(performance.now() - began < 20_000, 'all of them stop within twenty seconds')
  assert.ok((await keptBy(world)) >= load.accepted, 'what was answered 200 is kept')
})

type Pm2 = (...args: readonly string[]) => Promise<string>

async function launch(world: World, own: (stop: () => Promise<void>) => void) {
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-pm2-'))
  own(() => rm(folder, { recursive: true, force: true }))
  // beside those that the other tests are given
  const port = await findPorts(10_000 + 10 * randomInt(900), 5)
  const given = Object.entries(world.environment).filter(([name]) => !ownAddresses.includes(name))
  const environment = Object.fromEntries(given)
  const fleet: Fleet = await launchFleet({ root, folder, environment, port, log: pino({ enabled: false }) })
  own(() => fleet.stop())
  await fleet.ready
  return { fleet, port, pm2: pm2In(join(folder, 'pm2')) }
}

const pm2In =
  (home: string): Pm2 =>
  async (...args) => {
    const env = { ...process.env, PM2_HOME: home, NO_COLOR: '1' }
    const child = spawn(process.execPath, [join(root, 'node_modules/pm2/bin/pm2'), ...args], { env })
    let said = ''
    child.stdout.on('data', (part) => (said += String(part)))
    const [code] = (await once(child, 'close')) as [number | null]
    assert.equal(code, 0, `pm2 ${args.join(' ')}: ${said}`)
    return said
  }

type Shown = Readonly<Record<string, { readonly value: number | string }>>

function figuresIn(list: string): Readonly<Record<string, Shown>> {
  const json = list.slice(list.indexOf('['))
  const apps = JSON.parse(json) as { name: string; pm2_env: { axm_monitor: Shown } }[]
  return Object.fromEntries(apps.map(({ name, pm2_env: { axm_monitor: shown } }) => [name, shown]))
}

async function keptBy({ db }: World): Promise<number> {
  const { rows } = await db.query<{ count: number }>(`select count(*)::int as count from payment_events`)
  return rows[0]?.count ?? 0
}

/** Signed notifications, each on a new connection or a kept one in turn, repeated after a 503 as NOWPayments does. */
class Load {
  readonly refusals: string[] = []
  accepted = 0
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 })
  readonly #target: { readonly port: number; readonly secret: string }
  #sent = 0

  constructor(port: number, secret: string) {
    this.#target = { port, secret }
  }

  async while(work: () => Promise<unknown>): Promise<void> {
    const done = new AbortController()
    const sending = this.#send(done.signal)
    try {
      await work()
    } finally {
      done.abort()
      await sending
    }
  }

  async #send(done: AbortSignal): Promise<void> {
    const underWay = new Set<Promise<void>>()
    while (!done.aborted) {
      const posting = this.#deliver()
      underWay.add(posting)
      void posting.then(() => underWay.delete(posting))
      await pause(everyMs)
    }
    await Promise.all(underWay)
  }

  async #deliver(): Promise<void> {
    this.#sent += 1
    const said = { payment_id: 7_000_000_000 + this.#sent, payment_status: 'waiting' }
    const { body, signature } = sign(this.#target.secret, said)
    const agent = this.#sent % 2 === 0 ? this.#agent : new Agent()
    for (;;) {
      const answer = await this.#post(agent, body, signature)
      if (answer === '200') this.accepted += 1
      else if (answer !== '503') this.refusals.push(answer)
      if (answer !== '503') return
      await pause(everyMs)
    }
  }

  async #post(agent: Agent, body: string | Buffer, signature: string): Promise<string> {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-nowpayments-sig': signature,
    }
    const { port } = this.#target
    const asked = request({ port, host: '127.0.0.1', method: 'POST', path: '/ipn/nowpayments', agent, headers })
    return new Promise((resolve) => {
      asked.on('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? error.message)
      })
      asked.on('response', (answer) => {
        answer.resume()
        answer.on('end', () => {
          resolve(String(answer.statusCode))
        })
      })
      asked.end(body)
    })
  }
}
