import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { pino } from 'pino'
import { freePort } from '../../sandbox/infra/free-port.ts'
import { type Nats, startNats } from '../../sandbox/infra/nats.ts'
import { listOpenDeadLetters } from '../db/dead-letters.ts'
import { countUnsent } from '../db/outbox.ts'
import { type Database } from '../db/pool.ts'
import { type DeliveryId, type ProductId } from '../domain/ids.ts'
import { adminAlert, deliveryRequested, mediaMissing } from '../events/index.ts'
import { createTestDatabase } from '../testing/database.ts'
import { type Bus, openBus } from './bus.ts'
import { replayDeadLetter } from './dead-letter.ts'
import { startOutboxRelay } from './outbox-relay.ts'
import { enqueue } from './outbox.ts'
import { RetryLater } from './retry-later.ts'

const quiet = pino({ enabled: false })
const durable = 'test-delivery-requested'

const aDelivery = (): DeliveryId => randomUUID() as string as DeliveryId

async function aBroker(t: TestContext, port?: number): Promise<Nats> {
  const storeDir = await mkdtemp(join(tmpdir(), 'comptoir-nats-'))
  const nats = await startNats({ storeDir, ...(port === undefined ? {} : { port }) })
  t.after(async () => {
    await nats.stop()
    await rm(storeDir, { recursive: true })
  })
  return nats
}

async function aBus(t: TestContext, url: string): Promise<{ db: Database; bus: Bus }> {
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
class Arrivals {
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

function collect(bus: Bus, options: Partial<Parameters<Bus['subscribe']>[1]> = {}): Arrivals {
  const arrivals = new Arrivals()
  bus.subscribe(deliveryRequested, { durable, ...options }, ({ deliveryId }) => {
    arrivals.add(deliveryId)
    return Promise.resolve()
  })
  return arrivals
}

async function ask(db: Database, deliveryId = aDelivery()): Promise<DeliveryId> {
  await enqueue(db, deliveryRequested, deliveryId, { deliveryId })
  return deliveryId
}

/** Waits until everything is settled at the broker: acknowledged, or given up. */
async function untilNothingWaits(bus: Bus): Promise<void> {
  while ((await bus.countWaiting()) > 0) await pause(10)
}

test('what is announced is handled once it is committed, and never before', async (t) => {
  const { db, bus } = await aBus(t, (await aBroker(t)).url)
  const arrivals = collect(bus)
  const ids = [await ask(db), await ask(db), await ask(db)]
  await arrivals.until((seen) => seen.length >= 3)
  assert.deepEqual(arrivals.ids.sort(), ids.sort())
  await untilNothingWaits(bus)
  while ((await countUnsent(db)) > 0) await pause(10)
})

test('asking again for what still waits changes nothing', async (t) => {
  const db = await createTestDatabase(t)
  const id = aDelivery()
  for (let time = 0; time < 5; time += 1) await ask(db, id)
  assert.equal(await countUnsent(db), 1)
})

test('who asks for the same thing over and over is served ever more slowly', async (t) => {
  const db = await createTestDatabase(t)
  const id = aDelivery()
  for (let time = 0; time < 6; time += 1) {
    await ask(db, id)
    await db.query('update outbox set sent_at = now() where sent_at is null')
  }
  const { rows } = await db.query<{ wait: number }>(
    `select round(extract(epoch from next_try_at - created_at))::integer as wait from outbox order by position`,
  )
  assert.deepEqual(
    rows.map(({ wait }) => wait),
    [0, 0, 0, 0, 2, 4],
  )
})

test('with the broker away sales go on, and everything arrives once it is there', async (t) => {
  const port = await freePort()
  const { db, bus } = await aBus(t, `nats://127.0.0.1:${port}`)
  const arrivals = collect(bus)
  const id = await ask(db)
  assert.equal(bus.isConnected, false)
  assert.equal(await bus.answers(), false)
  await aBroker(t, port)
  await arrivals.until((ids) => ids.includes(id))
})

test('events flow again after the broker was killed', async (t) => {
  const nats = await aBroker(t)
  const { db, bus } = await aBus(t, nats.url)
  const arrivals = collect(bus)
  const before = await ask(db)
  await arrivals.until((ids) => ids.includes(before))
  await nats.kill()
  const after = await ask(db)
  await arrivals.until((ids) => ids.includes(after))
})

test("events flow again after the broker's disk was replaced", async (t) => {
  const nats = await aBroker(t)
  const { db, bus } = await aBus(t, nats.url)
  const arrivals = collect(bus)
  const before = await ask(db)
  await arrivals.until((ids) => ids.includes(before))
  await nats.wipe()
  const after = await ask(db)
  await arrivals.until((ids) => ids.includes(after))
})

test('events flow again after the broker stood still for longer than an acknowledgement may take', async (t) => {
  const nats = await aBroker(t)
  const { db, bus } = await aBus(t, nats.url)
  const arrivals = collect(bus)
  const before = await ask(db)
  await arrivals.until((ids) => ids.includes(before))
  const pid = nats.pid()
  assert.ok(pid !== undefined)
  process.kill(pid, 'SIGSTOP')
  const meanwhile = await ask(db)
  while (await bus.answers(200)) await pause(10)
  process.kill(pid, 'SIGCONT')
  await arrivals.until((ids) => ids.includes(meanwhile))
})

test('a consumer that somebody deleted is made again', async (t) => {
  const nats = await aBroker(t)
  const { db, bus } = await aBus(t, nats.url)
  const arrivals = collect(bus)
  const before = await ask(db)
  await arrivals.until((ids) => ids.includes(before))
  const connection = await connect({ servers: nats.url })
  await (await jetstreamManager(connection)).consumers.delete('ORDERS', durable)
  await connection.close()
  const after = await ask(db)
  await arrivals.until((ids) => ids.includes(after))
})

test('an event that fails is tried again until it works', async (t) => {
  const { db, bus } = await aBus(t, (await aBroker(t)).url)
  const tries = new Arrivals()
  bus.subscribe(deliveryRequested, { durable, backoff: () => 20 }, ({ deliveryId }, { attempt }) => {
    tries.add(`${deliveryId} ${attempt}`)
    return attempt < 3 ? Promise.reject(new Error('not today')) : Promise.resolve()
  })
  const id = await ask(db)
  await tries.until((seen) => seen.length === 3)
  await untilNothingWaits(bus)
  assert.deepEqual(tries.ids, [`${id} 1`, `${id} 2`, `${id} 3`])
  assert.deepEqual(await listOpenDeadLetters(db, 10), [])
})

test('an event that fails for good becomes a dead letter, alerts once, and can be sent again', async (t) => {
  const { db, bus } = await aBus(t, (await aBroker(t)).url)
  const arrivals = new Arrivals()
  let isRepaired = false
  bus.subscribe(deliveryRequested, { durable, maxTries: 3, backoff: () => 10 }, ({ deliveryId }) => {
    arrivals.add(deliveryId)
    return isRepaired ? Promise.resolve() : Promise.reject(new Error('no such file'))
  })
  const alerts = new Arrivals()
  bus.subscribe(adminAlert, { durable: 'test-admin-alert' }, ({ ref }) => {
    alerts.add(ref)
    return Promise.resolve()
  })
  const id = await ask(db)
  await alerts.until((refs) => refs.length === 1)
  const [letter, ...others] = await listOpenDeadLetters(db, 10)
  assert.deepEqual(others, [])
  assert.ok(letter !== undefined)
  assert.deepEqual([letter.kind, letter.ref, letter.reason], [durable, id, 'no such file'])
  assert.equal(arrivals.ids.length, 3)

  isRepaired = true
  assert.equal(await replayDeadLetter(db, letter.id, 'an administrator'), 'sent again')
  await arrivals.until((ids) => ids.length === 4)
  assert.equal(await replayDeadLetter(db, letter.id, 'an administrator'), 'not open')
  assert.deepEqual(await listOpenDeadLetters(db, 10), [])
  await untilNothingWaits(bus)
  assert.deepEqual(alerts.ids, [id])
})

test('who asks to be called later is called then, however often, and it counts as no failure', async (t) => {
  const { db, bus } = await aBus(t, (await aBroker(t)).url)
  const calls: number[] = []
  const attempts = new Arrivals()
  bus.subscribe(deliveryRequested, { durable, maxTries: 1 }, (_payload, { attempt }) => {
    calls.push(performance.now())
    attempts.add(String(attempt))
    return calls.length < 4 ? Promise.reject(new RetryLater(300)) : Promise.resolve()
  })
  await ask(db)
  await attempts.until((seen) => seen.length === 4)
  assert.deepEqual(attempts.ids, ['1', '1', '1', '1'])
  for (const [index, call] of calls.slice(1).entries()) assert.ok(call - (calls[index] ?? 0) >= 299)
})

test('an event that cannot be understood becomes a dead letter at once', async (t) => {
  const { db, bus } = await aBus(t, (await aBroker(t)).url)
  const arrivals = collect(bus)
  const envelope = { subject: 'delivery.requested', key: 'k', enqueuedAt: new Date() }
  await untilConnected(bus)
  await bus.publish({ ...envelope, id: randomUUID(), json: { deliveryId: 'not an id' } })
  await bus.publish({ ...envelope, id: randomUUID(), json: 'text' })
  const good = await ask(db)
  await arrivals.until((ids) => ids.includes(good))
  await untilNothingWaits(bus)
  assert.deepEqual(arrivals.ids, [good])
  const letters = await listOpenDeadLetters(db, 10)
  assert.equal(letters.length, 1)
  assert.match(letters[0]?.reason ?? '', /Invalid/)
  assert.equal(await replayDeadLetter(db, letters[0]?.id ?? '', 'x'), 'not an event')
})

test('an event that hangs is let go and does not hold up the others', async (t) => {
  const { db, bus } = await aBus(t, (await aBroker(t)).url)
  const arrivals = new Arrivals()
  const options = { durable, concurrency: 1, deadlineMs: 100, backoff: () => 10 }
  const stuck = aDelivery()
  const aborted = Promise.withResolvers<undefined>()
  bus.subscribe(deliveryRequested, options, async ({ deliveryId }, { attempt, signal }) => {
    if (deliveryId === stuck && attempt === 1) {
      signal.addEventListener('abort', () => {
        aborted.resolve(undefined)
      })
      await new Promise(() => undefined)
    }
    arrivals.add(deliveryId)
  })
  await ask(db, stuck)
  const other = await ask(db)
  await aborted.promise
  await arrivals.until((ids) => ids.includes(other) && ids.includes(stuck))
})

test('no more events are handled at once than agreed', async (t) => {
  const { db, bus } = await aBus(t, (await aBroker(t)).url)
  let working = 0
  let most = 0
  const arrivals = new Arrivals()
  bus.subscribe(deliveryRequested, { durable, concurrency: 2 }, async ({ deliveryId }) => {
    working += 1
    most = Math.max(most, working)
    await db.query('select pg_sleep(0.02)')
    working -= 1
    arrivals.add(deliveryId)
  })
  for (let index = 0; index < 12; index += 1) await ask(db)
  await arrivals.until((ids) => ids.length === 12)
  assert.equal(most, 2)
})

test('a service that stops finishes what it has in hand and leaves the rest for the next one', async (t) => {
  const nats = await aBroker(t)
  const { db, bus } = await aBus(t, nats.url)
  const begun = Promise.withResolvers<undefined>()
  const goOn = Promise.withResolvers<undefined>()
  const finished = new Arrivals()
  bus.subscribe(deliveryRequested, { durable, concurrency: 1 }, async ({ deliveryId }) => {
    begun.resolve(undefined)
    await goOn.promise
    finished.add(deliveryId)
  })
  for (let index = 0; index < 3; index += 1) await ask(db)
  await begun.promise
  while ((await bus.countWaiting()) < 3) await pause(10)
  const closed = bus.close()
  goOn.resolve(undefined)
  await closed
  assert.equal(finished.ids.length, 1)

  const next = await aBus(t, nats.url)
  const arrivals = collect(next.bus)
  // older brokers may give one of them twice, but none is missing and what was finished does not come again
  await arrivals.until((ids) => new Set(ids).size === 2)
  assert.deepEqual(
    arrivals.ids.filter((id) => finished.ids.includes(id)),
    [],
  )
})

test('two services that listen to the same event both hear it, and pictures travel apart from orders', async (t) => {
  const { db, bus } = await aBus(t, (await aBroker(t)).url)
  const first = collect(bus, { durable: 'first' })
  const second = collect(bus, { durable: 'second' })
  const pictures = new Arrivals()
  bus.subscribe(mediaMissing, { durable: 'third' }, ({ productId }) => {
    pictures.add(productId)
    return Promise.resolve()
  })
  const id = await ask(db)
  const productId = randomUUID() as string as ProductId
  await enqueue(db, mediaMissing, productId, { productId })
  await Promise.all([first, second, pictures].map((arrivals) => arrivals.until((ids) => ids.length === 1)))
  assert.deepEqual([first.ids, second.ids, pictures.ids], [[id], [id], [productId]])
})

async function untilConnected(bus: Bus): Promise<void> {
  while (!(await bus.answers())) await pause(10)
}
