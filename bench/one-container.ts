import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { startPostgres } from '../sandbox/infra/postgres.ts'
import { until } from '../sandbox/infra/until.ts'
import { findPorts } from '../sandbox/ports.ts'
import { startWorld, type World } from '../sandbox/world.ts'
import { migrate } from '../shared/db/migrate.ts'
import { listBrokenInvariants } from '../shared/db/invariants.ts'
import { databaseFromUrl } from '../shared/runtime/settings.ts'
import { percentile } from '../test/faults/chaos/figures.ts'
import { untilNothingWaits } from '../test/faults/outcome.ts'
import { Shopper, soldFile } from '../test/shopper.ts'
import { type CleanRoot, nodeFirst, makeCleanRoot, nobody } from './container/clean-root.ts'
import { limitMemory, type MemoryLimit } from './container/memory-limit.ts'

/**
 * `node bench/one-container.ts --purchases 1000 --memory 512`: the image's start command, in what the steps of the Dockerfile
 * leave, as nobody special and under a memory limit; everything around it runs outside.
 */
const { values } = parseArgs({
  options: {
    purchases: { type: 'string', default: '1000' },
    memory: { type: 'string', default: '512' },
    together: { type: 'string', default: '8' },
  },
})
const purchases = Number(values.purchases)
const services = ['ipn', 'bot', 'delivery', 'media', 'janitor'] as const
const productCode = 'TSBYEX23'
const megabyte = 1_048_576
const own = ['BOT_URL', 'DELIVERY_URL', 'MEDIA_URL', 'JANITOR_URL', 'HOST', 'DATA_DIR', 'UPLOADS_DIR']
const say = (line: string): void => {
  console.log(line)
}

const folder = await mkdtemp(join(tmpdir(), 'comptoir-container-'))
const root = await makeCleanRoot(say)
const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), forTests: true })
await postgres.ensureDatabase('comptoir')
const database = databaseFromUrl(postgres.url('comptoir'))
await migrate(database, pino({ enabled: false }))
const port = await findPorts(24_000, 5)
const world = await startWorld({
  database,
  products: [productCode],
  without: services,
  environment: {
    IPN_CALLBACK_URL: `http://127.0.0.1:${port}/ipn/nowpayments`,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    NOWPAYMENTS_PACE: '8', // played, NOWPayments has no limits: at two orders a second a thousand take long
  },
})
const limit = await limitMemory(Number(values.memory) * megabyte)
if (limit === undefined) say('No memory limit can be set by this user here: only the rest is tried.')
let started = 0 // how often pm2 has started a service
const container = start(root, world, limit)
try {
  await ready()
  const idle = await limit?.read()
  const began = performance.now()
  const seconds = await buyAll()
  await untilNothingWaits(world)
  await report(seconds, (performance.now() - began) / 1000, idle?.peakBytes)
} finally {
  container.kill('SIGTERM')
  await Promise.race([once(container, 'exit'), pause(25_000)])
  container.kill('SIGKILL')
  await limit?.remove().catch(() => undefined)
  await world.close()
  await postgres.remove()
  for (const path of [folder, root.path]) await rm(path, { recursive: true, force: true })
}

function start(
  { path, environment, command }: CleanRoot,
  { environment: given }: World,
  memory?: MemoryLimit,
): ChildProcess {
  const shop = Object.fromEntries(Object.entries(given).filter(([name]) => !own.includes(name)))
  const user = `--reuid=${nobody.uid} --regid=${nobody.gid} --clear-groups`
  const script = `${memory === undefined ? ':' : memory.enter}; exec setpriv ${user} sh -c '${command}'`
  const child = spawn('sh', ['-c', script], {
    cwd: path,
    env: { ...nodeFirst(), ...shop, ...environment, PORT: String(port), HOME: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createWriteStream(join(tmpdir(), 'comptoir-container.log'))
  child.stdout.pipe(log)
  child.stderr.pipe(log)
  createInterface(child.stdout).on('line', (line) => {
    if (/App \[\w+:\d+\] online/.test(line)) started += 1
  })
  return child
}

/** All five, as the public port tells. */
async function ready(): Promise<void> {
  await until(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(5_000) })
    const { status } = (await answer.json()) as { status: string }
    return status === 'ok' ? true : undefined
  }, 120_000)
}

/** Every buyer their own purchase, a few at a time; how long each waited from paying to the file. */
async function buyAll(): Promise<number[]> {
  const sold = await soldFile(world, productCode)
  const waits: number[] = []
  let next = 0
  const buyOne = async (): Promise<void> => {
    while (next < purchases) {
      next += 1
      if (next % 100 === 0) say(`${next} of ${purchases} purchases begun`)
      const buyer = new Shopper(world, `Buyer ${next}`)
      buyer.patienceMs = 120_000
      const { paymentId } = await buyer.order(productCode)
      const paidAt = performance.now()
      world.nowPayments.act(paymentId, { action: 'pay' })
      const file = await buyer.seesFile(120_000)
      waits.push((performance.now() - paidAt) / 1000)
      assert.equal(await buyer.sha256Of(file), sold.sha256)
      assert.equal(buyer.files().length, 1)
    }
  }
  await Promise.all(Array.from({ length: Number(values.together) }, buyOne))
  return waits
}

async function report(waits: readonly number[], seconds: number, idleBytes: number | undefined): Promise<void> {
  const { rows } = await world.db.query<{ delivered: number; letters: number }>(
    `select (select count(*)::int from orders where status = 'delivered') as delivered,
            (select count(*)::int from dead_letters) as letters`,
  )
  const [found] = rows
  const broken = await listBrokenInvariants(world.db)
  const memory = await limit?.read()
  const inMb = (bytes: number | undefined): string => (bytes === undefined ? '?' : (bytes / megabyte).toFixed(0))
  say(`${found?.delivered ?? 0} of ${purchases} delivered once, in ${seconds.toFixed(0)} s`)
  say(`paid to file: p50 ${percentile(waits, 0.5).toFixed(2)} s, p99 ${percentile(waits, 0.99).toFixed(2)} s`)
  say(`memory: ${inMb(idleBytes)} MB to start, ${inMb(memory?.peakBytes)} MB at most, of ${values.memory} MB`)
  say(`killed for memory: ${memory?.kills ?? '?'}; processes that pm2 started: ${started} for five services`)
  assert.equal(found?.delivered, purchases)
  assert.equal(found.letters, 0)
  assert.equal(started, services.length, 'a service was started again')
  assert.deepEqual(broken, [])
  assert.ok(memory === undefined || memory.kills === 0)
}
