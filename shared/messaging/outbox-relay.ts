import { type Logger } from 'pino'
import { startListening } from '../db/listen.ts'
import { claimEvents, markSent, type OutboxRow, releaseEvents } from '../db/outbox.ts'
import { type Database } from '../db/pool.ts'
import { failpoint } from '../runtime/failpoint.ts'
import { startLoop } from '../runtime/loop.ts'
import { type Monitor } from '../runtime/monitor.ts'
import { type Bus } from './bus.ts'

const firstPauseMs = 1_000
const batchSize = 100
const leaseMs = 10_000
const longestPauseMs = 30_000

export type OutboxRelay = {
  /** Publishes what is due now; returns how many events that were. */
  drain(): Promise<number>
  stop(): Promise<void>
}

type RelayDeps = { readonly db: Database; readonly bus: Bus }

/** Publishes what was announced, once it is committed: on a hint from PostgreSQL, and by looking every second. */
export function startOutboxRelay(db: Database, bus: Bus, log: Logger): OutboxRelay {
  const drain = (): Promise<number> => relayAll({ db, bus })
  const loop = startLoop(log, 'relay', drain)
  const listener = startListening(db, 'outbox', loop.ring)
  return {
    drain,
    stop: async () => {
      await listener.stop()
      await loop.stop()
      await drain().catch((err: unknown) => {
        log.warn({ err }, 'what was announced while stopping is left to another relay')
      })
    },
  }
}

/** An operator may have what waits sent at once, and sees how many events went. */
export function offerDrain(monitor: Monitor, relay: Pick<OutboxRelay, 'drain'>): void {
  monitor.offer('drain', async () => ({ sent: await relay.drain() }))
}

/** While the broker is away nothing is claimed: claimed rows would have to wait out their lease afterwards. */
async function relayAll(deps: RelayDeps): Promise<number> {
  let sent = 0
  while (deps.bus.isConnected) {
    const rows = await claimEvents(deps.db, batchSize, leaseMs)
    if (rows.length === 0) break
    await failpoint('relay.claimed')
    sent += await publishAll(deps, rows)
  }
  return sent
}

async function publishAll({ db, bus }: RelayDeps, rows: readonly OutboxRow[]): Promise<number> {
  const results = await Promise.allSettled(rows.map((row) => publish(bus, row)))
  await failpoint('relay.published')
  const sent = rows.filter((_, index) => results[index]?.status === 'fulfilled')
  await markSent(
    db,
    sent.map(({ position }) => position),
  )
  await failpoint('relay.marked-sent')
  const unsent = rows.filter((row) => !sent.includes(row))
  for (const { position, tries } of unsent) {
    await releaseEvents(db, [position], Math.min(longestPauseMs, firstPauseMs * tries))
  }
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw new Error(`${unsent.length} events were not taken by NATS`, { cause: failed.reason })
  return sent.length
}

const publish = (bus: Bus, { id, subject, dedupeKey: key, createdAt: enqueuedAt, payload: json }: OutboxRow) =>
  bus.publish({ id, subject, key, enqueuedAt, json })
