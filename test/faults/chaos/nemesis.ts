import { setTimeout as pause } from 'node:timers/promises'
import { seededRandom } from '../../../sandbox/telegram/random.ts'
import { services } from '../processes.ts'
import { type Stage } from './stage.ts'

/** Something that goes wrong, and how often among the others. */
type Blow = { readonly name: string; readonly weight: number; readonly strike: (stage: Stage) => Promise<void> }

const stoppedLongerThanALeaseMs = 25_000

const kills: readonly Blow[] = services.map((name) => ({
  name: `kill ${name}`,
  weight: name === 'delivery' || name === 'ipn' ? 6 : 3,
  strike: ({ processes }) => processes.kill(name),
}))

const blows: readonly Blow[] = [
  ...kills,
  { name: 'kill PostgreSQL', weight: 2, strike: ({ postgres }) => postgres.kill() },
  { name: 'kill nats-server', weight: 3, strike: ({ world }) => world.nats.kill() },
  { name: 'wipe nats-server', weight: 2, strike: ({ world }) => world.nats.wipe() },
  {
    name: 'stop delivery for longer than its lease',
    weight: 1,
    strike: ({ processes }) => processes.whilePaused(['delivery'], () => pause(stoppedLongerThanALeaseMs)),
  },
  {
    name: 'stop ipn for two seconds',
    weight: 2,
    strike: ({ processes }) => processes.whilePaused(['ipn'], () => pause(2_000)),
  },
  { name: 'the bucket fails', weight: 3, strike: ({ world }) => whileBucketFails(world) },
  { name: 'known files are forgotten', weight: 3, strike: ({ world }) => forgetFiles(world) },
  { name: 'Telegram fails', weight: 3, strike: ({ world }) => whileTelegramFails(world) },
  { name: 'notifications are lost', weight: 2, strike: ({ world }) => whileNotificationsAreLost(world) },
  { name: 'NOWPayments cannot be asked', weight: 2, strike: ({ world }) => whileNowPaymentsIsAway(world) },
]

type World = Stage['world']

async function whileBucketFails({ bucket }: World): Promise<void> {
  const stops = (['error', 'truncate', 'reset'] as const).map((kind) =>
    bucket.faults.inject({ kind, on: 'get', chance: 0.5 }),
  )
  await pause(1_500)
  for (const stop of stops) stop()
}

/** What Telegram holds is only a cache: without it files come from the bucket again. */
async function forgetFiles({ db }: World): Promise<void> {
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
  /** Ends when the blow in hand is over; how often each struck. */
  stop(): Promise<ReadonlyMap<string, number>>
}

/**
 * Strikes every 0.3 to 1.2 s until stopped, in an order that follows from the seed alone. A blow that cannot be struck,
 * such as a query while PostgreSQL starts, is only counted.
 */
export function startNemesis(stage: Stage, seed: number): Nemesis {
  const random = seededRandom(seed)
  const struck = new Map<string, number>()
  const stopping = new AbortController()
  const { telegram } = stage.world
  telegram.faults.seed(seed)
  const weather = [
    telegram.faults.add({ kind: 'retry_after', seconds: 1, probability: 0.03 }),
    telegram.faults.add({ kind: 'error', status: 500, probability: 0.02 }),
    telegram.faults.add({ kind: 'drop', after: true, probability: 0.02 }),
  ]
  const running = run()

  async function run(): Promise<void> {
    for (;;) {
      const isTime = await pause(300 + random() * 900, true, { signal: stopping.signal }).catch(() => false)
      if (!isTime) return
      const blow = choose(random())
      const name = await blow.strike(stage).then(
        () => blow.name,
        () => `${blow.name} (missed)`,
      )
      struck.set(name, (struck.get(name) ?? 0) + 1)
    }
  }

  return {
    stop: async () => {
      stopping.abort()
      await running
      for (const { id } of weather) telegram.faults.remove(id)
      return struck
    },
  }
}

function choose(luck: number): Blow {
  let left = luck * blows.reduce((sum, { weight }) => sum + weight, 0)
  for (const blow of blows) {
    left -= blow.weight
    if (left < 0) return blow
  }
  throw new Error(`Expected a number from 0 up to 1, got ${luck}`)
}
