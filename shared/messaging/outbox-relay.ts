import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'
import { startListening } from '../db/listen.ts'
import { claimEvents, markSent, type OutboxRow, releaseEvents } from '../db/outbox.ts'
import { type Database } from '../db/pool.ts'
import { Complaint } from '../runtime/complaint.ts'
import { failpoint } from '../runtime/failpoint.ts'
import { type Bus } from './bus.ts'

const pollMs = 1_000
const batchSize = 100
const leaseMs = 10_000
const longestPauseMs = 30_000

export type OutboxRelay = {
  /** Publishes what is due now; returns how many events that were. */
  drain(): Promise<number>
  stop(): Promise<void>
}

type RelayDeps = { readonly db: Database; readonly bus: Bus; readonly complaint: Complaint }

/** Publishes what was announced, once it is committed: on a hint from PostgreSQL, and by looking every second. */
export function startOutboxRelay(db: Database, bus: Bus, log: Logger): OutboxRelay {
  const complaint = new Complaint(log.child({ module: 'relay' }))
  const deps = { db, bus, complaint }
  const stopping = new AbortController()
  const bell = new Bell()
  const listener = startListening(db, 'outbox', () => {
    bell.ring()
  })
  const running = keepRelaying(deps, bell, stopping.signal)
  return {
    drain: () => relayAll(deps),
    stop: async () => {
      stopping.abort()
      bell.ring()
      await listener.stop()
      await running
      await tryRelay(deps) // what was announced while stopping
    },
  }
}

async function keepRelaying(deps: RelayDeps, bell: Bell, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    await tryRelay(deps)
    await bell.next(pollMs)
  }
}

async function tryRelay(deps: RelayDeps): Promise<void> {
  try {
    await relayAll(deps)
    if (deps.bus.isConnected) deps.complaint.over('the outbox is being sent again')
  } catch (error) {
    deps.complaint.about(error, 'the outbox could not be sent')
  }
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
    await releaseEvents(db, [position], Math.min(longestPauseMs, pollMs * tries))
  }
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw new Error(`${unsent.length} events were not taken by NATS`, { cause: failed.reason })
  return sent.length
}

const publish = (bus: Bus, { id, subject, dedupeKey: key, createdAt: enqueuedAt, payload: json }: OutboxRow) =>
  bus.publish({ id, subject, key, enqueuedAt, json })

/** A hint that something is due; one that rings while nobody waits is heard at the next wait. */
class Bell {
  #hasRung = false
  #wake: (() => void) | undefined

  ring(): void {
    this.#hasRung = true
    this.#wake?.()
  }

  async next(withinMs: number): Promise<void> {
    if (!this.#hasRung) {
      const done = new AbortController()
      const rung = new Promise<void>((resolve) => (this.#wake = resolve))
      await Promise.race([rung, pause(withinMs, undefined, { signal: done.signal }).catch(() => undefined)])
      done.abort()
    }
    this.#hasRung = false
  }
}
