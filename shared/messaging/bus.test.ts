import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { startNats } from '../../sandbox/infra/nats.ts'
import { openPool } from '../db/pool.ts'
import { deliveryRequested, paymentConfirmed } from '../events/index.ts'
import { createTestDatabase } from '../testing/database.ts'
import { openBus } from './bus.ts'
import { enqueue } from './outbox.ts'
import { startOutboxRelay } from './outbox-relay.ts'
import { randomUUID } from 'node:crypto'
import { once, EventEmitter } from 'node:events'

test('x', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'n-'))
  const nats = await startNats({ storeDir: dir })
  const db = await createTestDatabase(t)
  const log = pino({ level: 'debug' })
  const bus = openBus({ servers: [nats.url], name: 'x', db, log })
  const relay = startOutboxRelay(db, bus, log)
  const seen = new EventEmitter()
  bus.subscribe(deliveryRequested, { durable: 'x-delivery-requested' }, async ({ deliveryId }, meta) => {
    seen.emit('x', deliveryId)
  })
  for (const step of ['none', 'kill', 'wipe', 'none']) {
    const b = performance.now()
    if (step === 'kill') await nats.kill()
    if (step === 'wipe') await nats.wipe()
    const got = once(seen, 'x')
    await enqueue(db, deliveryRequested, 'k', { deliveryId: randomUUID() as never })
    console.log(step, (await got)[0], performance.now() - b)
  }
  console.log(await bus.countWaiting())
  await relay.stop()
  console.log('relay')
  await bus.close()
  console.log('bus')
  await nats.stop()
  await rm(dir, { recursive: true })
})
