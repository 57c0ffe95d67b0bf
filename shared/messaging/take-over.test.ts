import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { until } from '../../sandbox/infra/until.ts'
import { claimDelivery } from '../db/deliveries.ts'
import { claimOrderMessage } from '../db/order-messages.ts'
import { type Database } from '../db/pool.ts'
import { startPresence } from '../db/presence.ts'
import { type DeliveryId } from '../domain/ids.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../testing/a-shop.ts'
import { createTestDatabase } from '../testing/database.ts'
import { takeOver } from './take-over.ts'

type Held = { readonly db: Database; readonly order: OpenOrder; readonly delivery: DeliveryId; readonly worker: string }

const longMs = 60_000

/** A delivery and its order's message in the hands of a worker. */
async function somethingInHand(t: TestContext): Promise<Held> {
  const db = await createTestDatabase(t)
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const { rows } = await db.query<{ id: DeliveryId }>(
    `insert into deliveries (order_id, file_id, kind, chat_id) select id, file_id, 'initial', buyer_id from orders returning id`,
  )
  const delivery = rows[0]?.id ?? assert.fail('no delivery')
  await db.query(`update orders set chat_id = buyer_id`)
  assert.ok(await claimDelivery(db, delivery, longMs))
  assert.ok(await claimOrderMessage(db, order.id, longMs))
  const worker = randomUUID()
  await db.query(`update deliveries set held_by = $1`, [worker])
  await db.query(`update orders set message_held_by = $1`, [worker])
  return { db, order, delivery, worker }
}

const untilShown = (db: Database, worker: string): Promise<unknown> =>
  until(async () => (await db.query(`select from processes where id = $1`, [worker])).rowCount === 1 || undefined)

const isOfWorker = `datname = current_database() and application_name like '%' || $1 || '%'`

const asked = async (db: Database): Promise<string[]> =>
  (await db.query<{ subject: string }>(`select subject from outbox order by subject`)).rows.map(
    ({ subject }) => subject,
  )

test('what a dead worker had in hand is asked for at once, and once', async (t) => {
  const { db, order, delivery, worker } = await somethingInHand(t)
  const presence = startPresence(db, worker)
  await untilShown(db, worker)
  assert.equal(await takeOver(db), 0, 'the worker lives')
  await presence.stop()
  assert.equal(await takeOver(db), 0, 'one look is no proof')
  await until(async () => {
    await db.query(`update processes set missing_since = missing_since - interval '4 seconds'`)
    return (await takeOver(db)) === 2 || undefined
  })
  assert.deepEqual(await asked(db), ['delivery.requested', 'order.changed'])
  assert.ok(await claimDelivery(db, delivery, longMs))
  assert.ok(await claimOrderMessage(db, order.id, longMs))
  assert.equal(await takeOver(db), 0)
})

test('a worker that never showed itself keeps what it holds until its time is over', async (t) => {
  const { db, delivery } = await somethingInHand(t)
  assert.equal(await takeOver(db), 0)
  assert.equal(await claimDelivery(db, delivery, longMs), undefined)
  assert.deepEqual(await asked(db), [])
})

test('a worker that lost its connection shows itself again and keeps what it holds', async (t) => {
  const { db, delivery, worker } = await somethingInHand(t)
  const presence = startPresence(db, worker)
  await untilShown(db, worker)
  const { rows } = await db.query<{ pid: number }>(
    `select pid, pg_terminate_backend(pid) from pg_stat_activity where ${isOfWorker}`,
    [worker.slice(0, 8)],
  )
  assert.equal(rows.length, 1)
  await db.query(`update processes set missing_since = now()`) // somebody looked in between
  await until(async () => {
    const again = `select from pg_stat_activity where ${isOfWorker} and pid <> $2`
    return (await db.query(again, [worker.slice(0, 8), rows[0]?.pid])).rowCount === 1 || undefined
  })
  await until(async () => {
    // the machine of a test may take longer over it than a shop waits
    await db.query(`update processes set missing_since = now() where missing_since is not null`)
    await takeOver(db)
    return (await db.query(`select from processes where missing_since is null`)).rowCount === 1 || undefined
  })
  assert.equal(await claimDelivery(db, delivery, longMs), undefined)
  await presence.stop()
})
