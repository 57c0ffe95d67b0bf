import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '../../../sandbox/telegram/random.ts'
import { services } from '../processes.ts'
import { type Stage } from './stage.ts'

/** Something that goes wrong, how often among the others, and whom it strikes: nobody is struck twice at once. */
type Blow = {
  readonly name: string
  readonly weight: number
  readonly victim: string
  readonly strike: (stage: Stage) => Promise<void>
}

const kills: readonly Blow[] = services.map((name) => ({
  name: `kill ${name}`,
  weight: name === 'delivery' || name === 'ipn' ? 3 : 1.5,
  victim: name,
  strike: async ({ processes }) => {
    await processes.kill(name)
    await processes.ready(name)
  },
}))

const blows: readonly Blow[] = [
  ...kills,
  { name: 'kill PostgreSQL', weight: 1, victim: 'PostgreSQL', strike: ({ postgres }) => postgres.kill() },
  {
    name: 'cut every connection to PostgreSQL',
    weight: 3,
    victim: 'connections',
    strike: ({ world }) => cutAll(world),
  },
  { name: 'kill nats-server', weight: 2, victim: 'nats-server', strike: ({ world }) => world.nats.kill() },
  { name: 'wipe nats-server', weight: 1, victim: 'nats-server', strike: ({ world }) => world.nats.wipe() },
  {
    name: 'stop delivery for five seconds', // longer than its lease is G18
    weight: 1,
    victim: 'delivery',
    strike: ({ processes }) => processes.whilePaused(['delivery'], () => pause(5_000)),
  },
  {
    name: 'stop ipn for two seconds',
    weight: 2,
    victim: 'ipn',
    strike: ({ processes }) => processes.whilePaused(['ipn'], () => pause(2_000)),
  },
  { name: 'the bucket fails', weight: 3, victim: 'bucket', strike: ({ world }) => whileBucketFails(world) },
  { name: 'known files are forgotten', weight: 3, victim: 'cache', strike: ({ world }) => forgetFiles(world) },
  { name: 'Telegram fails', weight: 3, victim: 'Telegram', strike: ({ world }) => whileTelegramFails(world) },
  {
    name: 'notifications are lost',
    weight: 2,
    victim: 'notifications',
    strike: ({ world }) => whileNotificationsAreLost(world),
  },
  {
    name: 'NOWPayments cannot be asked',
    weight: 2,
    victim: 'NOWPayments',
    strike: ({ world }) => whileNowPaymentsIsAway(world),
  },
]

type World = Stage['world']

/** Whatever the services have under way with the database: a statement, a transaction, a lock. */
async function cutAll({ db }: World): Promise<void> {
  await db.query(`select pg_terminate_backend(pid) from pg_stat_activity
                   where datname = current_database() and pid <> pg_backend_pid() and application_name like 'comptoir _%'`)
}

async function whileBucketFails({ bucket }: World): Promise<void> {
  const stops = (['error', 'truncate', 'reset'] as const).map((kind) =>
    bucket.faults.inject({ kind, on: 'get', chance: 0.5 }),
  )
  await pause(1_500)
  for (const stop of stops) stop()
}

/** What Telegram holds is only a cache: without it files come from the bucket again. */
export async function forgetFiles({ db }: Pick<World, 'db'>): Promise<void> {
  await db.query(`delete from telegram_files where kind = 'document'`)
}

async function whileTelegramFails({ telegram }: World): Promise<void> {
  const { id } = telegram.faults.add({ kind: 'error', status: 502, probability: 0.7 })
  await pause(2_000)
  telegram.faults.remove(id)
}

async function whileNotificationsAreLost({ nowPayments }: World): Promise<void> {
  const { id } = nowPayments.faults.add({ kind: 'drop', times: null })
  await pause(1_000)
  nowPayments.faults.remove(id)
}

async function whileNowPaymentsIsAway({ nowPayments }: World): Promise<void> {
  const { id } = nowPayments.faults.add({ kind: 'server-error', on: 'read', times: null })
  await pause(2_000)
  nowPayments.faults.remove(id)
}

export type Nemesis = {
  /** Ends when all blows are over; how often each struck. */
  stop(): Promise<ReadonlyMap<string, number>>
}

/**
 * Strikes every 0.3 to 1.2 s until stopped, in an order that follows from the seed alone, whether earlier blows are over
 * or not. Where the victim still suffers from another, the next one is taken; one that fails, such as a query while
 * PostgreSQL starts, is counted apart.
 */
export function startNemesis(stage: Stage, seed: number): Nemesis {
  const random = seededRandom(seed)
  const struck = new Map<string, number>()
  const underWay = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  const endWeather = startWeather(stage, seed)
  const running = run()

  const note = (name: string): void => void struck.set(name, (struck.get(name) ?? 0) + 1)

  function strike({ name, victim, strike: hit }: Blow): void {
    const blow = hit(stage)
      .then(
        () => {
          note(name)
        },
        () => {
          note(`${name} (missed)`)
        },
      )
      .finally(() => underWay.delete(victim))
    underWay.set(victim, blow)
  }

  async function run(): Promise<void> {
    for (;;) {
      const isTime = await pause(300 + random() * 900, true, { signal: stopping.signal }).catch(() => false)
      if (!isTime) return
      const blow = findFree(() => choose(random()), underWay)
      if (blow !== undefined) strike(blow)
    }
  }

  return {
    stop: async () => {
      stopping.abort()
      await running
      await Promise.all(underWay.values())
      endWeather()
      return struck
    },
  }
}

/** Telegram is a little unwell all the time. */
function startWeather({ world: { telegram } }: Stage, seed: number): () => void {
  telegram.faults.seed(seed)
  const weather = [
    telegram.faults.add({ kind: 'retry_after', seconds: 1, probability: 0.03 }),
    telegram.faults.add({ kind: 'error', status: 500, probability: 0.02 }),
    telegram.faults.add({ kind: 'drop', after: true, probability: 0.02 }),
  ]
  return () => {
    for (const { id } of weather) telegram.faults.remove(id)
  }
}

const mostTries = 10

function findFree(next: () => Blow, underWay: ReadonlyMap<string, unknown>): Blow | undefined {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const blow = next()
    if (!underWay.has(blow.victim)) return blow
  }
  return undefined
}

function choose(luck: number): Blow {
  let left = luck * blows.reduce((sum, { weight }) => sum + weight, 0)
  for (const blow of blows) {
    left -= blow.weight
    if (left < 0) return blow
  }
  throw new Error(`Expected a number from 0 up to 1, got ${luck}`)
}
