import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { listOpenDeadLetters } from '../db/dead-letters.ts'
import { countUnsent } from '../db/outbox.ts'
import { type ProductId } from '../domain/ids.ts'
import { adminAlert, deliveryRequested, mediaMissing } from '../events/index.ts'
import {
  aBroker,
  aBus,
  aDelivery,
  Arrivals,
  ask,
  collect,
  durable,
  untilConnected,
  untilNothingWaits,
} from '../testing/messaging.ts'
import { sendDeadEvent } from './dead-letter.ts'
import { enqueue } from './outbox.ts'
import { RetryLater } from './retry-later.ts'

test('what is announced is handled once it is committed, and never before', async (t) => {
  const { db, bus } = await aBus(t, (await aBroker(t)).url)
  const arrivals = collect(bus)
  const ids = [await ask(db), await ask(db), await ask(db)]
  await arrivals.until((seen) => seen.length >= 3)
  assert.deepEqual(arrivals.ids.sort(), ids.sort())
  await untilNothingWaits(bus)
  while ((await countUnsent(db)) > 0) await pause(10)
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
  assert.deepEqual(await listOpenDeadLetters(db, { limit: 10 }), [])
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
  const [letter, ...others] = await listOpenDeadLetters(db, { limit: 10 })
  assert.deepEqual(others, [])
  assert.ok(letter !== undefined)
  assert.deepEqual([letter.kind, letter.ref, letter.reason], [durable, id, 'no such file'])
  assert.equal(arrivals.ids.length, 3)

  isRepaired = true
  assert.equal(await sendDeadEvent(db, letter), true)
  await arrivals.until((ids) => ids.length === 4)
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

test('events that wait for long hold up none of those that come after them', async (t) => {
  const { db, bus } = await aBus(t, (await aBroker(t)).url)
  const waiting = new Set(Array.from({ length: 12 }, aDelivery))
  const postponed = new Arrivals()
  const arrivals = new Arrivals()
  bus.subscribe(deliveryRequested, { durable, concurrency: 1 }, ({ deliveryId }) => {
    if (!waiting.has(deliveryId)) arrivals.add(deliveryId)
    else postponed.add(deliveryId)
    return waiting.has(deliveryId) ? Promise.reject(new RetryLater(3_600_000)) : Promise.resolve()
  })
  for (const id of waiting) await ask(db, id)
  await postponed.until((ids) => ids.length >= waiting.size)
  const prompt = await ask(db)
  await arrivals.until((ids) => ids.includes(prompt))
  assert.equal(postponed.ids.length, waiting.size)
})

test('what nobody could keep, such as a zero character, is no reason to come back for ever', async (t) => {
  const { db, bus } = await aBus(t, (await aBroker(t)).url)
  const arrivals = collect(bus)
  await untilConnected(bus)
  const json = { deliveryId: 'a\u0000b\ud800' }
  await bus.publish({ subject: 'delivery.requested', key: 'k\u0000', enqueuedAt: new Date(), id: randomUUID(), json })
  const good = await ask(db)
  await arrivals.until((ids) => ids.includes(good))
  await untilNothingWaits(bus)
  const [letter] = await listOpenDeadLetters(db, { limit: 10 })
  assert.deepEqual(letter?.ref, 'k\ufffd')
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
  const letters = await listOpenDeadLetters(db, { limit: 10 })
  assert.equal(letters.length, 1)
  assert.match(letters[0]?.reason ?? '', /Invalid/)
  assert.equal(await sendDeadEvent(db, { payload: letters[0]?.payload }), false)
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
  const two = Promise.withResolvers<undefined>()
  const arrivals = new Arrivals()
  bus.subscribe(deliveryRequested, { durable, concurrency: 2 }, async ({ deliveryId }) => {
    working += 1
    most = Math.max(most, working)
    if (working === 2) two.resolve(undefined)
    await two.promise
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
