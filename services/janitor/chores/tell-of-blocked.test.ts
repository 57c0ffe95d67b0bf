import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { claimDelivery, markDeliveryFailed } from '../../../shared/db/deliveries.ts'
import { payOrder } from '../../../shared/db/pay-order.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { resumeDeliveries } from '../../../shared/db/requeue-deliveries.ts'
import { type DeliveryId } from '../../../shared/domain/ids.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../../../shared/testing/a-shop.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { tellOfBlocked } from './tell-of-blocked.ts'

const db = await createTestDatabase({ after })
const deps = choreDeps(db)

async function run(): Promise<readonly string[]> {
  const found: string[] = []
  await tellOfBlocked.run(deps, (what) => found.push(what))
  return found
}

async function fail(id: DeliveryId): Promise<void> {
  const held = (await claimDelivery(db, id, 20_000)) ?? assert.fail('free')
  const failed = { method: 'document', outcome: 'blocked', error: 'Forbidden', pauseMs: 0, tries: 1 } as const
  assert.ok(await inTransaction(db, (tx) => markDeliveryFailed(tx, held, failed)))
}

async function aBlockedOrder(): Promise<OpenOrder & { readonly deliveryId: DeliveryId }> {
  const order = await anOpenOrder(db, await aProductOnSale(db), { messageId: 7 })
  const paid = await inTransaction(db, (tx) =>
    payOrder(tx, order.id, { late: false, overpaid: false, escrowHours: 24 }),
  )
  const deliveryId = paid?.deliveryId ?? assert.fail('not paid')
  await fail(deliveryId)
  return { ...order, deliveryId }
}

const aDayPasses = () => db.query(`update delivery_attempts set at = at - interval '25 hours'`)

test('administrators hear once, after a day, of a file whose buyer blocked the bot', async () => {
  const order = await aBlockedOrder()
  assert.deepEqual(await run(), [])
  await aDayPasses()
  const promised: string[] = []
  assert.equal((await tellOfBlocked.preview(deps, (what) => promised.push(what))).checked, 1)
  assert.deepEqual(await run(), promised)
  assert.deepEqual(await run(), [])
  const { rows } = await db.query(`select payload->>'ref' as ref from outbox where subject = 'admin.alert'`)
  assert.deepEqual(rows, [{ ref: order.code }])
})

test('a buyer who came back and blocked the bot again is told of again, a day later', async () => {
  const order = await aBlockedOrder()
  await aDayPasses()
  assert.equal((await run()).length, 1)
  assert.deepEqual(await resumeDeliveries(db, 0n), [])
  await db.query(`update deliveries set chat_id = 5 where id = $1`, [order.deliveryId])
  assert.deepEqual(await resumeDeliveries(db, 5n), [order.deliveryId])
  assert.deepEqual(await run(), [])
  await fail(order.deliveryId)
  await db.query(`delete from outbox where subject = 'admin.alert'`)
  assert.deepEqual(await run(), [])
  await aDayPasses()
  assert.deepEqual(await run(), [`order ${order.code}`])
})
