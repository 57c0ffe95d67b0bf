import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { type Coin } from '../../../shared/domain/coin.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { type CreatedPayment, type PaymentRequest } from '../../../shared/nowpayments/client.ts'
import { anOpenOrder, aPerson, aProductOnSale, type OpenOrder } from '../../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { type AskDeps } from './ask-address.ts'
import { askAnother } from './ask-another.ts'
import { askForDifference } from './ask-for-difference.ts'
import { askForRefund } from './ask-for-refund.ts'
import { askToCancel, cancelOrder } from './cancel-order.ts'
import { countDown } from './count-down.ts'
import { refreshOrder } from './refresh-order.ts'

async function anOrder(t: TestContext): Promise<{ readonly db: Database; readonly order: OpenOrder }> {
  const db = await createTestDatabase(t)
  return { db, order: await anOpenOrder(db, await aProductOnSale(db)) }
}

const statusOf = async (db: Database) =>
  (await db.query<{ status: string }>(`select status from orders`)).rows[0]?.status

test('refreshing has the payment read again at once, and only every 15 seconds', async (t) => {
  const { db, order } = await anOrder(t)
  const due = async () =>
    (await db.query(`select from payments where next_poll_at <= clock_timestamp()`)).rows.length === 1
  assert.equal(await due(), false)
  assert.equal((await refreshOrder(db, order.buyer, order.code))?.asked, true)
  assert.equal(await due(), true)
  assert.equal((await refreshOrder(db, order.buyer, order.code))?.asked, false)
  await db.query(`update orders set refreshed_at = now() - interval '16 seconds'`)
  assert.equal((await refreshOrder(db, order.buyer, order.code))?.asked, true)
})

test("nobody can refresh, cancel or change somebody else's order", async (t) => {
  const { db, order } = await anOrder(t)
  const stranger = await aPerson(db)
  assert.equal(await refreshOrder(db, stranger, order.code), undefined)
  assert.equal(await askToCancel(db, stranger, order.code), 'not found')
  assert.equal(await cancelOrder(db, stranger, order.code), 'not found')
  const another = { buyer: stranger, order: order.code, coin: 'btc', kind: 'main' } as const
  assert.deepEqual(await askAnother(aProvider(db).deps, another), { kind: 'not found' })
  assert.equal(await statusOf(db), 'awaiting_payment')
})

test('a deposit seen at the same moment wins over the cancel button', async (t) => {
  const { db, order } = await anOrder(t)
  await db.query(`update orders set seen_at = now()`)
  assert.equal(await cancelOrder(db, order.buyer, order.code), 'too late')
  assert.equal(await statusOf(db), 'awaiting_payment')
})

test('cancelling twice is cancelling once, and the address stays watched', async (t) => {
  const { db, order } = await anOrder(t)
  assert.equal(await cancelOrder(db, order.buyer, order.code), 'done')
  assert.equal(await cancelOrder(db, order.buyer, order.code), 'done')
  const { rows } = await db.query(`select from payments where next_poll_at is not null`)
  assert.equal(rows.length, 1)
})

test('the countdown redraws at 15 and at 5 minutes left, once each, however many bots there are', async (t) => {
  const { db } = await anOrder(t)
  const together = async () => {
    const counts = await Promise.all([countDown(db), countDown(db), countDown(db)])
    return counts.reduce((sum, count) => sum + count, 0)
  }
  const redraws: number[] = []
  for (const minutes of [16, 14, 13, 4, 3, 0]) {
    await db.query(`update orders set expires_at = now() + $1 * interval '1 minute'`, [minutes])
    redraws.push(await together())
  }
  assert.deepEqual(redraws, [0, 1, 0, 1, 0, 0])
})

function aProvider(db: Database): { readonly deps: AskDeps; readonly requests: PaymentRequest[] } {
  const requests: PaymentRequest[] = []
  const createPayment: AskDeps['payments']['createPayment'] = (request) => {
    requests.push(request)
    const payment = { ...request, paymentId: String(7_000_000 + requests.length), payAmount: '1.5' }
    const rest = { priceCurrency: 'usd', address: 'Another', memo: null, network: null, validUntil: null }
    return Promise.resolve({ kind: 'created', payment: { ...payment, ...rest } as unknown as CreatedPayment })
  }
  const settings = { callbackUrl: 'https://shop.example/ipn/nowpayments', windowMs: 3_600_000 }
  return { requests, deps: { db, log: pino({ enabled: false }), payments: { createPayment }, ...settings } }
}

const topup = (order: OpenOrder, coin: Coin) =>
  ({ buyer: order.buyer, order: order.code, coin, kind: 'topup' }) as const

test('the rest of an underpaid order is asked for to the cent, once per coin', async (t) => {
  const { db, order } = await anOrder(t)
  await db.query(`update orders set status = 'underpaid', seen_at = now()`)
  await db.query(`update payments set status = 'partially_paid', rank = 5, covered_cents = 1001, actually_paid = '10'`)
  const { deps, requests } = aProvider(db)
  const asked = await askAnother(deps, topup(order, 'usdcsol'))
  assert.deepEqual('asked' in asked && asked.asked, { kind: 'address' })
  assert.equal(requests[0]?.priceCents, 2148n - 1001n)
  assert.equal(requests[0].orderId, `${order.code}-2`)
  assert.equal((await askAnother(deps, topup(order, 'usdcsol'))).kind, 'shown already')
  assert.equal(requests.length, 1)
  assert.equal(await statusOf(db), 'underpaid')
})

test('no second address is made for a rest that was seen on the network', async (t) => {
  const { db, order } = await anOrder(t)
  await db.query(`update orders set status = 'underpaid', seen_at = now()`)
  const { deps, requests } = aProvider(db)
  await askAnother(deps, topup(order, 'usdcsol'))
  await db.query(`update payments set status = 'confirming', rank = 2 where kind = 'topup'`)
  assert.equal((await askAnother(deps, topup(order, 'sol'))).kind, 'too late')
  assert.equal(requests.length, 1)
})

test('no money is asked for any more once the product is banned', async (t) => {
  const { db, order } = await anOrder(t)
  await db.query(`update products set moderation = 'banned'`)
  const { deps, requests } = aProvider(db)
  const wish = { buyer: order.buyer, order: order.code, coin: 'sol', kind: 'main' } as const
  assert.equal((await askAnother(deps, wish)).kind, 'not visible')
  assert.equal(requests.length, 0)
})

test('an order that is not underpaid takes no rest', async (t) => {
  const { db, order } = await anOrder(t)
  const { deps, requests } = aProvider(db)
  assert.equal((await askAnother(deps, topup(order, 'sol'))).kind, 'too late')
  assert.equal(requests.length, 0)
})

test('another coin asked for twice at once makes one more address, and the window begins again', async (t) => {
  const { db, order } = await anOrder(t)
  await db.query(`update orders set expires_at = now() + interval '3 minutes', countdown = 5`)
  const { deps, requests } = aProvider(db)
  const wish = { buyer: order.buyer, order: order.code, coin: 'sol', kind: 'main' } as const
  await Promise.all([askAnother(deps, wish), askAnother(deps, wish)])
  assert.equal(requests.length, 1)
  const { rows } = await db.query(
    `select countdown, round(extract(epoch from expires_at - now()) / 60)::integer as minutes from orders`,
  )
  assert.deepEqual(rows, [{ countdown: null, minutes: 60 }])
})

test('nobody asks for the difference of somebody else, of an order that is not paid, or where there is none', async (t) => {
  const { db, order } = await anOrder(t)
  const nothing = (status: string) => ({ kind: 'nothing owed', status })
  await db.query(`update payments set actually_paid = '50'`)
  assert.deepEqual(await askForDifference(db, order.buyer, order.code), nothing('awaiting_payment'))
  await db.query(`update payments set accepted_at = now(), status = 'finished'`)
  await db.query(`update orders set status = 'delivered'`)
  assert.equal(await askForDifference(db, await aPerson(db), order.code), undefined)
  const twice = await Promise.all([1, 2].map(() => askForDifference(db, order.buyer, order.code)))
  assert.deepEqual(twice, [{ kind: 'asked' }, { kind: 'asked' }])
  assert.equal((await db.query(`select from cases`)).rows.length, 1)

  await db.query(`update payments set actually_paid = '21.5'`)
  assert.deepEqual(await askForDifference(db, order.buyer, order.code), nothing('delivered'))
})

test('asking for the money back opens one case for the administrators', async (t) => {
  const { db, order } = await anOrder(t)
  assert.equal(await askForRefund(db, order.buyer, order.code), false)
  await db.query(`update orders set status = 'underpaid'`)
  assert.equal(await askForRefund(db, order.buyer, order.code), true)
  assert.equal(await askForRefund(db, order.buyer, order.code), true)
  const { rows } = await db.query(`select kind, state from cases`)
  assert.deepEqual(rows, [{ kind: 'refund asked', state: 'open' }])
})
