import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { type Nats, startNats } from '../../sandbox/infra/nats.ts'
import { type Database } from '../db/pool.ts'
import { type DeliveryId } from '../domain/ids.ts'
import { deliveryRequested } from '../events/index.ts'
import { type Bus, openBus } from '../messaging/bus.ts'
import { startOutboxRelay } from '../messaging/outbox-relay.ts'
import { enqueue } from '../messaging/outbox.ts'
import { createTestDatabase } from './database.ts'

const quiet = pino({ enabled: false })
export const durable = 'test-delivery-requested'

export const aDelivery = (): DeliveryId => randomUUID() as string as DeliveryId

/** A real nats-server with an empty folder of its own. */
export async function aBroker(t: TestContext, port?: number): Promise<Nats> {
  const storeDir = await mkdtemp(join(tmpdir(), 'comptoir-nats-'))
  const nats = await startNats({ storeDir, ...(port === undefined ? {} : { port }) })
  t.after(async () => {
    await nats.stop()
    await rm(storeDir, { recursive: true })
  })
  return nats
}

/** A bus and a relay on a database of their own; the broker need not be there. */
export async function aBus(t: TestContext, url: string): Promise<{ db: Database; bus: Bus }> {
  const db = await createTestDatabase({ after: () => undefined })
  const bus = openBus({ servers: [url], name: 'test', db, log: quiet })
  const relay = startOutboxRelay(db, bus, quiet)
  t.after(async () => {
    await relay.stop()
    await bus.close()
    await db.end()
  })
  return { db, bus }
}

/** Collects what a consumer is given, and waits for it. */
export class Arrivals {
  readonly ids: string[] = []
  readonly #bell = new EventEmitter()

  add(id: string): void {
    this.ids.push(id)
    this.#bell.emit('arrival')
  }

  async until(isEnough: (ids: readonly string[]) => boolean): Promise<void> {
    while (!isEnough(this.ids)) await once(this.#bell, 'arrival')
  }
}

/** Handles every delivery by noting its id. */
export function collect(bus: Bus, options: Partial<Parameters<Bus['subscribe']>[1]> = {}): Arrivals {
  const arrivals = new Arrivals()
  bus.subscribe(deliveryRequested, { durable, ...options }, ({ deliveryId }) => {
    arrivals.add(deliveryId)
    return Promise.resolve()
  })
  return arrivals
}

/** Announces one delivery. */
export async function ask(db: Database, deliveryId = aDelivery()): Promise<DeliveryId> {
  await enqueue(db, deliveryRequested, deliveryId, { deliveryId })
  return deliveryId
}

/** Waits until everything is settled at the broker: acknowledged, or given up. */
export async function untilNothingWaits(bus: Bus): Promise<void> {
  while ((await bus.countWaiting()) > 0) await pause(10)
}

export async function untilConnected(bus: Bus): Promise<void> {
  while (!(await bus.answers())) await pause(10)
}
