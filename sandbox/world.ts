import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Logger, pino } from 'pino'
import { readConfig as readBotConfig } from '../services/bot/config.ts'
import { bot } from '../services/bot/service.ts'
import { readConfig as readDeliveryConfig } from '../services/delivery/config.ts'
import { delivery } from '../services/delivery/service.ts'
import { readConfig as readIpnConfig } from '../services/ipn/config.ts'
import { ipn } from '../services/ipn/service.ts'
import { readConfig as readJanitorConfig } from '../services/janitor/config.ts'
import { janitor } from '../services/janitor/service.ts'
import { readConfig as readMediaConfig } from '../services/media/config.ts'
import { media } from '../services/media/service.ts'
import { type Database, openPool } from '../shared/db/pool.ts'
import { readEnvironment } from '../shared/runtime/environment.ts'
import { type DatabaseConfig, storageSettings } from '../shared/runtime/settings.ts'
import { type RunningService, startService } from '../shared/runtime/service.ts'
import { type ObjectStore, openObjectStore } from '../shared/storage/object-store.ts'
import { environmentOf, bucketName } from './environment.ts'
import { Closing } from './infra/closing.ts'
import { freePort } from './infra/free-port.ts'
import { type Nats, startNats } from './infra/nats.ts'
import { type RunningBucket, startObjectStore } from './infra/object-store.ts'
import { type Keys, newKeys } from './keys.ts'
import { type NowPaymentsSimulator, startNowPaymentsSimulator } from './nowpayments/server.ts'
import { botUsername, payPage } from './outside-world.ts'
import { seed } from './seed.ts'
import { products } from './seed/catalogue.ts'
import { type TelegramEmulator, startTelegramEmulator } from './telegram/server.ts'

export type ServiceName = 'ipn' | 'bot' | 'delivery' | 'media' | 'janitor'

export type WorldOptions = {
  /** A migrated database of its own. */
  readonly database: DatabaseConfig
  /** Codes of the seeded products this story needs; two small ones by default. */
  readonly products?: readonly string[]
  /** Services that do not run at the start. */
  readonly without?: readonly ServiceName[]
  /** Changes of the services' environment. */
  readonly environment?: Readonly<Record<string, string>>
}

/** The real services on real parts inside one process, with Telegram and NOWPayments played: where stories are told. */
export type World = {
  readonly db: Database
  readonly nats: Nats
  readonly bucket: RunningBucket
  readonly store: ObjectStore
  readonly telegram: TelegramEmulator
  readonly nowPayments: NowPaymentsSimulator
  readonly environment: Readonly<Record<string, string>>
  readonly publicUrl: string
  /** Every Bot API request of the services, as JSON lines, until `close`. */
  readonly transcriptPath: string
  start(name: ServiceName): Promise<void>
  stop(name: ServiceName): Promise<void>
  /** Resolves when nothing waits any more: updates, notifications, events, deliveries. */
  settle(): Promise<void>
  close(): Promise<void>
}

type Starter = (environment: NodeJS.ProcessEnv, log: Logger, fail: (error: unknown) => void) => Promise<RunningService>

const starters: Record<ServiceName, Starter> = {
  ipn: (env, log, onFailure) => startService('ipn', ipn, { config: readIpnConfig(env), log, onFailure }),
  bot: (env, log, onFailure) => startService('bot', bot, { config: readBotConfig(env), log, onFailure }),
  delivery: (env, log, onFailure) =>
    startService('delivery', delivery, { config: readDeliveryConfig(env), log, onFailure }),
  media: (env, log, onFailure) => startService('media', media, { config: readMediaConfig(env), log, onFailure }),
  janitor: (env, log, onFailure) =>
    startService('janitor', janitor, { config: readJanitorConfig(env), log, onFailure }),
}

const names = Object.keys(starters) as ServiceName[]

/** Starts a world of its own in an empty folder. WORLD_LOG=<file> keeps what its services say. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const closing = new Closing()
  try {
    return await build(options, closing)
  } catch (error) {
    await closing.close()
    throw error
  }
}

async function build(options: WorldOptions, closing: Closing): Promise<World> {
  const folder = closing.add(await mkdtemp(join(tmpdir(), 'comptoir-world-')), (path) =>
    rm(path, { recursive: true, force: true }),
  )
  const keys = newKeys()
  const transcriptPath = join(folder, 'telegram.jsonl')
  const parts = await startParts(folder, keys, transcriptPath, closing)
  const ports = new Map(await Promise.all(names.map(async (name) => [name, await freePort()] as const)))
  const environment = describe(options, parts, keys, folder, ports)
  const db = closing.add(openPool(options.database, quiet), (pool) => pool.end())
  const store = closing.add(openStore(environment), (bucket) => {
    bucket.close()
    return Promise.resolve()
  })
  await fillShop(options, db, store, folder)
  const fleet = closing.add(new InProcessFleet(environment, ports), (services) => services.stopAll())
  await Promise.all(names.filter((name) => options.without?.includes(name) !== true).map((name) => fleet.start(name)))
  return {
    ...parts,
    db,
    store,
    environment,
    transcriptPath,
    publicUrl: `http://127.0.0.1:${ports.get('ipn') ?? 0}`,
    start: (name) => fleet.start(name),
    stop: (name) => fleet.stop(name),
    settle: () => settle(db, parts.nowPayments),
    close: () => closing.close(),
  }
}

const quiet = pino({ enabled: false })

type Parts = Pick<World, 'nats' | 'bucket' | 'telegram' | 'nowPayments'>

async function startParts(folder: string, keys: Keys, transcriptPath: string, closing: Closing): Promise<Parts> {
  const [nats, bucket, telegram, nowPayments] = await Promise.all([
    startNats({ storeDir: join(folder, 'nats') }).then((part) => closing.add(part, () => part.stop())),
    startObjectStore({
      dir: join(folder, 'bucket'),
      accessKey: keys.s3Key,
      secretKey: keys.s3Secret,
      bucket: bucketName,
    }).then((part) => closing.add(part, () => part.stop())),
    startTelegramEmulator({
      transcriptPath,
      bots: [{ token: keys.botToken, username: botUsername, first_name: 'Comptoir' }],
    }).then((part) => closing.add(part, () => part.close())),
    startNowPaymentsSimulator({
      apiKey: keys.nowPaymentsKey,
      ipnSecret: keys.ipnSecret,
      speed: 20,
      hasLimits: false,
      retry: { count: 3, everyMs: 300 },
    }).then((part) => closing.add(part, () => part.close())),
  ])
  telegram.addLink(payPage(nowPayments))
  return { nats, bucket, telegram, nowPayments }
}

const describe = (
  { database, environment }: WorldOptions,
  { nats, bucket, telegram, nowPayments }: Parts,
  keys: Keys,
  folder: string,
  ports: ReadonlyMap<ServiceName, number>,
): Record<string, string> => ({
  ...environmentOf(
    keys,
    {
      databaseUrl: urlOf(database),
      natsUrl: nats.url,
      bucketEndpoint: bucket.endpoint,
      telegramRoot: telegram.url,
      nowPaymentsUrl: nowPayments.url,
      publicPort: ports.get('ipn') ?? 0,
    },
    folder,
  ),
  HOST: '127.0.0.1',
  BOT_URL: `http://127.0.0.1:${ports.get('bot') ?? 0}`,
  DELIVERY_URL: `http://127.0.0.1:${ports.get('delivery') ?? 0}`,
  MEDIA_URL: `http://127.0.0.1:${ports.get('media') ?? 0}`,
  JANITOR_URL: `http://127.0.0.1:${ports.get('janitor') ?? 0}`,
  ...environment,
})

/** The bucket the services are told of, which a story may choose. */
const openStore = (environment: Readonly<Record<string, string>>): ObjectStore =>
  openObjectStore(readEnvironment(environment, storageSettings), quiet)

async function fillShop(options: WorldOptions, db: Database, bucket: ObjectStore, folder: string): Promise<void> {
  const wanted = options.products ?? ['TSBYEX23', 'FACTVRE2']
  const chosen = products.filter(({ code }) => wanted.includes(code))
  await seed({ db, bucket, dataDir: join(folder, 'data'), progress: () => undefined }, chosen)
}

/** The services inside this process, each as its `main.ts` would run it. */
class InProcessFleet {
  readonly #environment: Readonly<Record<string, string>>
  readonly #ports: ReadonlyMap<ServiceName, number>
  readonly #log = worldLog()
  readonly #running = new Map<ServiceName, RunningService>()

  constructor(environment: Readonly<Record<string, string>>, ports: ReadonlyMap<ServiceName, number>) {
    this.#environment = environment
    this.#ports = ports
  }

  async start(name: ServiceName): Promise<void> {
    const environment = { ...this.#environment, PORT: String(this.#ports.get(name) ?? 0) }
    const log = this.#log.child({ service: name })
    const service = await starters[name](environment, log, (cause) => {
      throw new Error(`${name} could not go on`, { cause })
    })
    this.#running.set(name, service)
  }

  async stop(name: ServiceName): Promise<void> {
    const service = this.#running.get(name)
    this.#running.delete(name)
    await service?.stop()
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.stop(name)))
  }
}

const urlOf = ({ user, password = '', host, port, database }: DatabaseConfig): string =>
  `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`

function worldLog(): Logger {
  const path = process.env['WORLD_LOG']
  return path === undefined
    ? pino({ enabled: false })
    : pino({ level: 'debug' }, createWriteStream(path, { flags: 'a' }))
}

async function settle(db: Database, nowPayments: NowPaymentsSimulator): Promise<void> {
  await nowPayments.idle()
  const deadline = AbortSignal.timeout(60_000)
  for (let calm = 0; calm < 3;) {
    if (deadline.aborted) throw new Error(`The world did not settle: ${JSON.stringify(await listWaiting(db))}`)
    calm = Object.values(await listWaiting(db)).every((count) => count === 0) ? calm + 1 : 0
    await pause(50)
  }
}

type Waiting = {
  readonly updates: number
  readonly notifications: number
  readonly events: number
  readonly deliveries: number
}

async function listWaiting(db: Database): Promise<Waiting> {
  const { rows } = await db.query<Waiting>(
    `select (select count(*)::int from telegram_updates where handled_at is null) as updates,
            (select count(*)::int from payment_events where handled_at is null) as notifications,
            (select count(*)::int from outbox where sent_at is null) as events,
            (select count(*)::int from deliveries where state in ('queued', 'sending', 'retry_wait')) as deliveries`,
    [],
  )
  return rows[0] ?? { updates: 0, notifications: 0, events: 0, deliveries: 0 }
}
