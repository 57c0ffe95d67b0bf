import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { pino } from 'pino'
import { startNowPaymentsSimulator } from '../../../sandbox/nowpayments/server.ts'
import { askToCompare, countUncompared } from '../../../shared/db/reconciliation.ts'
import { openNowPayments } from '../../../shared/nowpayments/client.ts'
import { startLoop } from '../../../shared/runtime/loop.ts'
import { usualPolicy } from '../../../shared/testing/a-report.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../../../shared/testing/a-shop.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { rereadPayments } from '../../ipn/reread-payments.ts'
import { settlePayment } from '../../ipn/settle-payment.ts'
import { reconcile, reconcileAt } from './reconcile.ts'

const log = pino({ enabled: false })
const db = await createTestDatabase({ after })
const deps = choreDeps(db)
const provider = await startNowPaymentsSimulator({ apiKey: 'the-key', ipnSecret: '', speed: 1, hasLimits: false })
after(() => provider.close())

const fast = { now: () => performance.now() * 100, pauseMs: () => 1 }
const nowPayments = openNowPayments({ apiUrl: provider.url, apiKey: 'the-key', log, ...fast })
const settling = { db, nowPayments, policy: usualPolicy, log, zeroMeansExact: false }
const settle = (providerId: string) => settlePayment(settling, providerId)

type Bought = OpenOrder & { readonly providerId: string }

async function anOrderAtProvider(): Promise<Bought> {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const made = provider.create({
    priceAmount: '21.48',
    priceCurrency: 'usd',
    payCurrency: 'usdtsol',
    orderId: `${order.code}-1`,
  })
  await db.query(
    `update payments set provider_id = $2, pay_amount = $3, address = $4, next_poll_at = null where id = $1`,
    [order.paymentId, made.id, made.payAmount, made.payAddress],
  )
  return { ...order, providerId: made.id }
}

async function aPaidOrder(): Promise<Bought> {
  const order = await anOrderAtProvider()
  provider.act(order.providerId, { action: 'pay' })
  await provider.idle()
  await settle(order.providerId)
  return order
}

/** A day's run, while `ipn` reads what is due. */
async function run(ipn: 'reads' | 'is away' = 'reads') {
  const found: string[] = []
  const reading = startLoop(log, 'polling', () =>
    ipn === 'reads' ? rereadPayments({ db, log, stopping: deps.signal, settle }, 8) : Promise.resolve(0),
  )
  const pace = { spacingMs: 1, patienceMs: ipn === 'reads' ? 30_000 : 50 }
  const report = await reconcileAt(pace, deps, (what) => found.push(what))
  await reading.stop()
  return { report, found }
}

const cases = async () => (await db.query(`select order_id as "order", kind, note from cases order by created_at`)).rows
const alerts = async () =>
  (
    await db.query(
      `select payload -> 'alert' as alert, payload ->> 'ref' as ref from outbox where subject = 'admin.alert'`,
    )
  ).rows

beforeEach(async () => {
  await db.query(`delete from outbox`)
  await db.query(`delete from cases`)
  await db.query(`update orders set updated_at = updated_at`)
  await db.query(
    `update payments set reconciled_at = clock_timestamp(), reconcile_asked_at = null, next_poll_at = null`,
  )
})

test('a day on which all payments are as NOWPayments says leaves nothing to look at, and is not done twice', async () => {
  await aPaidOrder()
  await anOrderAtProvider()
  assert.deepEqual(await run(), { report: { checked: 2, changed: 0, failed: 0 }, found: [] })
  assert.deepEqual([await cases(), await alerts()], [[], []])
  assert.equal((await run()).report.checked, 0)
  const { rows } = await db.query(`select from payments where reconcile_asked_at is not null or next_poll_at is null`)
  assert.equal(rows.length, 1, 'a payment that paid for its order is not watched on')
})

test('a payment everybody missed pays for its order at the daily look, and the administrators hear of it', async () => {
  const order = await anOrderAtProvider()
  await db.query(`update orders set status = 'expired' where id = $1`, [order.id])
  provider.act(order.providerId, { action: 'pay' })
  await provider.idle()
  const { report, found } = await run()
  assert.deepEqual(report, { checked: 1, changed: 1, failed: 0 })
  assert.match(found[0] ?? '', /finished, and not noticed until now/)
  const { rows } = await db.query(`select status from orders where id = $1`, [order.id])
  assert.deepEqual([rows, await cases()], [[{ status: 'paid' }], []])
  assert.match(JSON.stringify(await alerts()), new RegExp(`finished, and not noticed[^]*${order.code}`))
})

test('a payment NOWPayments knows nothing of, or tells of otherwise, goes to a person once', async () => {
  const [unknown, other, back] = [await aPaidOrder(), await aPaidOrder(), await aPaidOrder()]
  await db.query(`update payments set provider_id = '99999' where id = $1`, [unknown.paymentId])
  await db.query(`update payments set pay_amount = '20', address = 'Another' where id = $1`, [other.paymentId])
  await db.query(`update payments set actually_paid = '900' where id = $1`, [back.paymentId])
  const { report, found } = await run()
  assert.deepEqual([report.changed, found.length], [3, 3])
  const opened = await cases()
  assert.ok(opened.every(({ kind }) => kind === 'differs at the provider'))
  const noteOf = (id: string) => opened.find(({ order }) => order === id)?.['note']
  assert.match(String(noteOf(unknown.id)), /payment 99999: not known there/)
  assert.match(String(noteOf(other.id)), /asked 21\.\d+ there, 20 here; the address is another there/)
  assert.match(String(noteOf(back.id)), /received 21\.\d+ there, 900 here/)
  assert.equal((await alerts()).length, 3)

  await db.query(`update cases set state = 'closed'`)
  await db.query(`update payments set reconciled_at = null`)
  assert.equal((await run()).report.changed, 3)
  assert.equal((await cases()).length, 3, 'the same difference is not opened again')
})

test('a refused key is no difference: nothing is opened for a person, and the payments are compared later', async () => {
  const order = await aPaidOrder()
  await askToCompare(db, [order.paymentId], 1)
  const readPayment = () => Promise.resolve({ kind: 'not authorised', message: 'Invalid api key' } as const)
  await settlePayment({ ...settling, nowPayments: { ...nowPayments, readPayment } }, order.providerId)
  assert.deepEqual([await cases(), await countUncompared(db, [order.paymentId])], [[], 1])
  await settle(order.providerId)
  assert.deepEqual([await cases(), await countUncompared(db, [order.paymentId])], [[], 0])
})

test('an order that settled there and was left unpaid here is found', async () => {
  const order = await aPaidOrder()
  await db.query(`update orders set status = 'failed', paid_at = null where id = $1`, [order.id])
  assert.match((await run()).found[0] ?? '', /it is finished there, and its order is failed/)
})

test('while nobody reads, the run ends, says how many it did not come to, and the next one begins with them', async () => {
  await aPaidOrder()
  assert.deepEqual((await run('is away')).report, { checked: 0, changed: 0, failed: 1 })
  assert.match(JSON.stringify(await alerts()), /payments not compared/)
  const promised: string[] = []
  await reconcile.preview(deps, (what) => promised.push(what))
  assert.equal(promised.length, 1)
  assert.deepEqual((await run()).report, { checked: 1, changed: 0, failed: 0 })
})

test('payments of orders nobody touched for more than a week are left alone', async () => {
  const order = await aPaidOrder()
  await db.query(`alter table orders disable trigger orders_touched`)
  await db.query(`update orders set updated_at = now() - interval '9 days' where id = $1`, [order.id])
  await db.query(`alter table orders enable trigger orders_touched`)
  assert.equal((await run()).report.checked, 0)
})
