import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { migrate } from '../shared/db/migrate.ts'
import { openPool } from '../shared/db/pool.ts'
import { databaseFromUrl } from '../shared/runtime/settings.ts'
import { openObjectStore } from '../shared/storage/object-store.ts'
import { bucketName } from './environment.ts'
import { type Fleet, services, startFleet } from './fleet.ts'
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

async function start(): Promise<{ world: OutsideWorld; fleet: Fleet; port: number }> {
  await mkdir(folder, { recursive: true })
  const log = pino({ level: 'info' }, createWriteStream(join(folder, 'sandbox.log'), { flags: 'a' }))
  const port = await findPorts(Number(process.env['PORT'] ?? 8000), services.length)
  const [chatPort, payPort] = [await findPorts(8080, 1), await findPorts(8090, 1)]
  const keys = await readKeys(folder)

  say('\nComptoir is starting: the real parts on this machine, and the outside world played.\n')
  const world = await startOutsideWorld({ folder, keys, log, chatPort, payPort, publicPort: port, progress })
  ending.add(() => world.stop())
  await prepareShop(world, keys)
  const fleet = await startFleet({
    root,
    folder,
    environment: world.environment,
    port,
    log,
    onReady: (name) => {
      progress(`service ${name}`)
    },
  })
  ending.add(() => fleet.stop())
  return { world, fleet, port }
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

async function report({ world, fleet, port }: Awaited<ReturnType<typeof start>>): Promise<void> {
  const memory = await fleet.memory()
  const size = memory === undefined ? 'unknown here' : `${Math.round(memory / 1_048_576)} MB for the five services`
  say(`
Ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.

  Chat          ${world.telegram.url}
  Pay           ${world.nowPayments.payUrl}
  Public port   http://127.0.0.1:${port}   (notifications, download links, /health)
  PostgreSQL    ${world.postgres.url('comptoir')}
  NATS          ${world.nats.url}
  Bucket        ${world.bucket.endpoint}/${bucketName}
  Memory        ${size}
  Logs          ${join(folder, 'services.log')}

Open the chat, press Start, and buy something. Ctrl-C stops everything; npm run sandbox:reset forgets it.
`)
}

/** What has to be stopped, last started first, once. */
class Ending {
  readonly #stops: (() => Promise<void>)[] = []
  #stopping: Promise<void> | undefined

  add(stop: () => Promise<void>): void {
    this.#stops.push(stop)
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll()
    return this.#stopping
  }

  async #stopAll(): Promise<void> {
    for (const stop of this.#stops.toReversed()) await stop()
  }
}

const ending = new Ending()
let signals = 0

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    signals += 1
    if (signals > 1) process.exit(1)
    say('\nStopping…')
    void ending.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}

try {
  const running = await start()
  await report(running)
  await running.fleet.ended
  throw new Error(`The services ended by themselves; see ${join(folder, 'services.log')}`)
} catch (error) {
  if (signals === 0) {
    console.error(`\nComptoir could not start: ${error instanceof Error ? error.message : String(error)}`)
    await ending.stop()
    process.exit(1)
  }
}
