import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { warm } from '../scripts/warm.ts'
import { migrate } from '../shared/db/migrate.ts'
import { openPool } from '../shared/db/pool.ts'
import { countAsks } from '../shared/runtime/count-asks.ts'
import { databaseFromUrl } from '../shared/runtime/settings.ts'
import { openObjectStore } from '../shared/storage/object-store.ts'
import { bucketName } from './environment.ts'
import { Ending } from './ending.ts'
import { endLeftoverFleet, type Fleet, launchFleet, type ServiceName, services } from './fleet.ts'
import { tryLock } from './infra/process-lock.ts'
import { type Keys, readKeys } from './keys.ts'
import { type OutsideWorld, startOutsideWorld } from './outside-world.ts'
import { findPorts } from './ports.ts'
import { seed } from './seed.ts'

const root = resolve(import.meta.dirname, '..')
const folder = resolve(process.env['SANDBOX_DIR'] ?? join(root, '.sandbox'))
const startedAt = performance.now()

const say = (line: string): void => {
  console.log(line)
}

const progress = (part: string): void => {
  say(`  ${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s  ${part}`)
}

type Running = { readonly world: OutsideWorld; readonly fleet: Fleet; readonly port: number }

async function start(): Promise<Running> {
  await own(folder)
  const log = pino({ level: 'info' }, createWriteStream(join(folder, 'sandbox.log'), { flags: 'a' }))
  await endLeftoverFleet(folder, log)
  const { port, ...pagePorts } = await choosePorts()
  const keys = await readKeys(folder)

  say('\nComptoir is starting: the real parts on this machine, and the outside world played.\n')
  const warmed = warm()
  warmed.catch(() => undefined) // awaited below, unless the outside world does not start
  const world = await startOutsideWorld({
    ...{ folder, keys, log, ...pagePorts, publicPort: port, progress },
    own: (stop) => {
      ending.add(stop)
    },
  })
  await prepareShop(world, keys)
  await warmed
  ending.check()
  const onReady = (name: ServiceName): void => {
    progress(`service ${name}`)
  }
  const fleet = await launchFleet({ root, folder, environment: world.environment, port, log, onReady })
  ending.add(() => fleet.stop())
  await fleet.ready
  return { world, fleet, port }
}

/** One sandbox a folder: two would write over each other's chats and payments. */
async function own(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  const lock = await tryLock(join(path, 'owner'))
  if (lock.kind === 'taken') throw new Error(`it already runs on ${path} (process ${lock.pid}). Stop that one first.`)
  ending.add(lock.release)
}

async function choosePorts(): Promise<{ port: number; chatPort: number; payPort: number; mailPort: number }> {
  const wanted = Number(process.env['PORT'] ?? 8000)
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65_000)
    throw new Error('PORT must be a number from 1 to 65000.')
  const port = await findPorts(wanted, services.length)
  if (port !== wanted) say(`\nPort ${wanted} or one right after it is taken: the public port is ${port}.`)
  const ports = services.map((_, index) => port + index)
  const chatPort = await findPorts(8080, 1, ports)
  const payPort = await findPorts(8090, 1, [...ports, chatPort])
  return { port, chatPort, payPort, mailPort: await findPorts(8025, 1, [...ports, chatPort, payPort]) }
}

async function prepareShop(world: OutsideWorld, keys: Keys): Promise<void> {
  const log = pino({ enabled: false })
  const database = databaseFromUrl(world.environment['DATABASE_URL'] ?? '')
  await migrate(database, log)
  progress('tables')
  const db = openPool(database, log)
  const bucket = openObjectStore(
    {
      endpoint: world.bucket.endpoint,
      region: 'us-east-1',
      bucket: bucketName,
      keyId: keys.s3Key,
      applicationKey: keys.s3Secret,
      forcePathStyle: true,
    },
    log,
  )
  try {
    await seed({
      db,
      bucket,
      dataDir: join(folder, 'data'),
      progress: (title) => {
        progress(`made “${title}”`)
      },
    })
  } finally {
    bucket.close()
    await db.end()
  }
  progress('a shop with products')
}

async function report({ world, fleet, port }: Running): Promise<void> {
  const memory = await fleet.memory()
  const size = memory === undefined ? 'unknown here' : `${Math.round(memory / 1_048_576)} MB for the five services`
  say(`
Ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.

  Chat          ${world.telegram.url}
  Pay           ${world.nowPayments.payUrl}
  Mailbox       ${world.mailbox.url}
  Public port   http://127.0.0.1:${port}   (notifications, download links, /health)
  PostgreSQL    ${world.postgres.url('comptoir')}
  NATS          ${world.nats.url}
  Bucket        ${world.bucket.endpoint}/${bucketName}
  Memory        ${size}
  Logs          ${join(folder, 'services.log')}

Open the chat, press Start, and buy something. Ctrl-C stops everything; npm run sandbox:reset forgets it.
`)
}

const ending = new Ending()
const starting = start()
const ask = countAsks()
let signals = 0

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    const nth = ask()
    if (nth === 'same') return
    if (nth === 'again') process.exit(1)
    signals += 1
    say('\nStopping…')
    void stopByHand()
  })
}

/** What was still starting ends as soon as it runs. */
async function stopByHand(): Promise<void> {
  try {
    await ending.stop()
    await Promise.allSettled([starting])
    await ending.stop()
    say('Stopped.')
    process.exit(0)
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}

try {
  const running = await starting
  await report(running)
  await running.fleet.ended
  throw new Error(`The services ended by themselves; see ${join(folder, 'services.log')}`)
} catch (error) {
  if (signals === 0) {
    console.error(`\nComptoir cannot go on: ${error instanceof Error ? error.message : String(error)}`)
    await ending.stop()
    process.exit(1)
  }
}
