import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { AckPolicy, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { freePort } from '../../sandbox/infra/free-port.ts'
import { aBroker, aBus, ask, collect, durable } from '../testing/messaging.ts'
import { ensureStreams } from './streams.ts'

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

test('events flow again after the broker stood still and answered nobody', async (t) => {
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

test('a consumer that an older release made takes over what this one wants of it', async (t) => {
  const nats = await aBroker(t)
  const connection = await connect({ servers: nats.url })
  const manager = await jetstreamManager(connection)
  await ensureStreams(manager)
  await manager.consumers.add('ORDERS', {
    durable_name: durable,
    filter_subject: 'delivery.requested',
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: 4,
  })
  const { db, bus } = await aBus(t, nats.url)
  const arrivals = collect(bus)
  const id = await ask(db)
  await arrivals.until((ids) => ids.includes(id))
  assert.ok(((await manager.consumers.info('ORDERS', durable)).config.max_ack_pending ?? 0) >= 1_000)
  await connection.close()
})
