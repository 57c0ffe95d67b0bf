import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { startNowPaymentsSimulator } from '../../sandbox/nowpayments/server.ts'
import { openNowPayments } from '../../shared/nowpayments/client.ts'
import { usualPolicy } from '../../shared/testing/a-report.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { settlePayment, type SettlePaymentDeps } from './settle-payment.ts'

const log = pino({ enabled: false })
const db = await createTestDatabase({ after })
const provider = await startNowPaymentsSimulator({ apiKey: 'the-key', ipnSecret: '', speed: 1, hasLimits: false })
after(() => provider.close())

const fast = { now: () => performance.now() * 100, pauseMs: () => 1 }
const nowPayments = openNowPayments({ apiUrl: provider.url, apiKey: 'the-key', log, ...fast })
const deps: SettlePaymentDeps = { db, nowPayments, policy: usualPolicy, log, zeroMeansExact: false }
const settle = (providerId: string) => settlePayment(deps, providerId)

type Made = { readonly orderId: string; readonly priceAmount?: string; readonly payCurrency?: string }

/** A payment that NOWPayments has and we have forgotten, as after a restore. */
const make = ({ orderId, priceAmount = '21.48', payCurrency = 'usdtsol' }: Made): string =>
  provider.create({ priceAmount, priceCurrency: 'usd', payCurrency, orderId }).id

/** An order whose first payment NOWPayments has under this number too. */
async function anOrder(): Promise<OpenOrder & { readonly providerId: string }> {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const providerId = make({ orderId: `${order.code}-1` })
  const { payAmount, payAddress } = provider.payment(providerId)
  await db.query(`update payments set provider_id = $2, pay_amount = $3, address = $4 where id = $1`, [
    order.paymentId,
    providerId,
    payAmount,
    payAddress,
  ])
  return { ...order, providerId }
}

async function pay(id: string, action: 'pay' | 'pay-less' = 'pay'): Promise<void> {
  provider.act(id, { action })
  await provider.idle()
}

const statusOf = async ({ id }: OpenOrder): Promise<unknown> =>
  (await db.query(`select status from orders where id = $1`, [id])).rows[0]?.['status']

const alertsAbout = async (what: string): Promise<number | null> =>
  (await db.query(`select from outbox where subject = 'admin.alert' and payload::text like $1`, [`%${what}%`])).rowCount

test('money that came to an address given after the backup, in another coin, pays for its order', async () => {
  const order = await anOrder()
  const forgotten = make({ orderId: `${order.code}-2`, payCurrency: 'sol' })
  await pay(forgotten)
  assert.equal((await settle(forgotten)).kind, 'settled')
  assert.equal(await statusOf(order), 'paid')
  assert.equal(await alertsAbout(forgotten), 1, 'administrators hear of it')
  const { rows } = await db.query(
    `select kind, attempt, pay_currency as coin from payments where order_id = $1 order by attempt`,
    [order.id],
  )
  assert.deepEqual(rows, [
    { kind: 'main', attempt: 1, coin: 'usdtsol' },
    { kind: 'main', attempt: 2, coin: 'sol' },
  ])
})

test('the rest of an underpaid order, asked for and paid after the backup, completes it', async () => {
  const order = await anOrder()
  await pay(order.providerId, 'pay-less')
  await settle(order.providerId)
  const { rows } = await db.query<{ missing: string }>(
    `select trim_scale((o.total_cents - p.covered_cents) / 100.0)::text as missing
       from orders o join payments p on p.order_id = o.id where o.id = $1`,
    [order.id],
  )
  const rest = make({ orderId: `${order.code}-2`, priceAmount: rows[0]?.missing ?? '' })
  await pay(rest)
  await settle(rest)
  assert.equal(await statusOf(order), 'paid')
})

test('a number that was given again after the restore does not hide the payment that had it before', async () => {
  const order = await anOrder()
  const before = make({ orderId: `${order.code}-2`, payCurrency: 'sol' })
  await db.query(
    `insert into payments (order_id, attempt, provider_id, status, rank, price_cents, pay_currency, pay_amount, address, asked_at)
     values ($1, 2, (random() * 1e12)::bigint::text, 'waiting', 0, 2148, 'usdcsol', '21.48', 'So2', now())`,
    [order.id],
  )
  await pay(before)
  await Promise.all([settle(before), settle(before)])
  assert.equal(await statusOf(order), 'paid')
  const { rows } = await db.query(`select attempt, reference_attempt as named from payments where provider_id = $1`, [
    before,
  ])
  assert.deepEqual(rows, [{ attempt: 3, named: 2 }])
})

test('an address of an order that closed before the backup was made is adopted and watched all the same', async () => {
  const order = await anOrder()
  await db.query(`update orders set status = 'cancelled' where id = $1`, [order.id])
  const forgotten = make({ orderId: `${order.code}-7` })
  await settle(forgotten)
  assert.equal(await statusOf(order), 'cancelled')
  const { rows } = await db.query(`select next_poll_at is not null as watched from payments where provider_id = $1`, [
    forgotten,
  ])
  assert.deepEqual(rows, [{ watched: true }])
})

test('a payment for more than its order costs, or for an order that is not ours, is nobody’s', async () => {
  const order = await anOrder()
  assert.deepEqual(await settle(make({ orderId: `${order.code}-2`, priceAmount: '21.49' })), { kind: 'unknown' })
  assert.deepEqual(await settle(make({ orderId: 'ZZZZZZZZZZ-1' })), { kind: 'unknown' })
  assert.deepEqual(await settle(make({ orderId: 'something else' })), { kind: 'unknown' })
})
