import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { startNowPaymentsSimulator } from '../../sandbox/nowpayments/server.ts'
import { decimalText, parseDecimal } from '../../shared/domain/decimal.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
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

type Bought = OpenOrder & { readonly providerId: string; readonly asked: string }

/** An order whose payment exists at the provider; `unanswered` leaves our side without its number. */
async function anOrderAtProvider({ unanswered = false } = {}): Promise<Bought> {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const made = provider.create({
    priceAmount: '21.48',
    priceCurrency: 'usd',
    payCurrency: 'usdtsol',
    orderId: `${order.code}-1`,
  })
  await db.query(
    `update payments
        set provider_id = $2, pay_amount = $3, address = $4, rank = case when $5 then -1 else 0 end,
            status = case when $5 then 'unknown' else 'waiting' end
      where id = $1`,
    unanswered
      ? [order.paymentId, null, null, null, true]
      : [order.paymentId, made.id, made.payAmount, made.payAddress, false],
  )
  return { ...order, providerId: made.id, asked: made.payAmount }
}

async function statusOf({ id }: OpenOrder): Promise<string | undefined> {
  const { rows } = await db.query<{ status: string }>(`select status from orders where id = $1`, [id])
  return rows[0]?.status
}

const settle = (providerId: string) => settlePayment(deps, providerId)

test('what the provider itself says makes an order paid', async () => {
  const order = await anOrderAtProvider()
  provider.act(order.providerId, { action: 'pay' })
  await provider.idle()
  assert.deepEqual(await settle(order.providerId), { kind: 'settled', paymentId: order.paymentId, result: 'pay' })
  assert.equal(await statusOf(order), 'paid')
})

test('a creation whose answer was lost is found again by its reference, coin and price', async () => {
  const order = await anOrderAtProvider({ unanswered: true })
  provider.act(order.providerId, { action: 'pay' })
  await provider.idle()
  const told = await Promise.all([settle(order.providerId), settle(order.providerId)])
  assert.ok(told.every(({ kind }) => kind === 'settled'))
  assert.equal(await statusOf(order), 'paid')
})

test('an address that comes by a notification instead of an answer is shown to the buyer by itself', async () => {
  const order = await anOrderAtProvider({ unanswered: true })
  await db.query(`update orders set status = 'creating' where id = $1`, [order.id])
  await settle(order.providerId)
  assert.equal(await statusOf(order), 'awaiting_payment')
  const { rows } = await db.query(
    `select abs(extract(epoch from p.valid_until - o.expires_at)) < 1 and o.expires_at > now() + interval '59 minutes' as "hasWindow",
            exists (select from outbox where subject = 'order.changed' and dedupe_key = o.id::text) as "isDrawn"
       from orders o join payments p on p.order_id = o.id where o.id = $1`,
    [order.id],
  )
  assert.deepEqual(rows, [{ hasWindow: true, isDrawn: true }])
})

test('an address that turns up late changes nothing for an order that is over, but is watched', async () => {
  const order = await anOrderAtProvider({ unanswered: true })
  await db.query(`update orders set status = 'failed' where id = $1`, [order.id])
  await settle(order.providerId)
  assert.equal(await statusOf(order), 'failed')
  const { rows } = await db.query(`select from payments where id = $1 and next_poll_at is not null`, [order.paymentId])
  assert.equal(rows.length, 1)
})

test('a payment whose number is written down while the provider is asked is ours', async () => {
  const order = await anOrderAtProvider({ unanswered: true })
  const meanwhile: SettlePaymentDeps = {
    ...deps,
    nowPayments: {
      ...nowPayments,
      readPayment: async (id) => {
        const reply = await nowPayments.readPayment(id)
        await db.query(`update payments set provider_id = $2, pay_amount = $3, rank = 0 where id = $1`, [
          order.paymentId,
          id,
          order.asked,
        ])
        return reply
      },
    },
  }
  assert.equal((await settlePayment(meanwhile, order.providerId)).kind, 'settled')
})

test('a payment of another price or coin is not taken for a creation of ours', async () => {
  const order = await anOrderAtProvider({ unanswered: true })
  await db.query(`update payments set pay_currency = 'sol' where id = $1`, [order.paymentId])
  assert.deepEqual(await settle(order.providerId), { kind: 'unknown' })
  await db.query(`update payments set pay_currency = 'usdtsol', price_cents = 2000 where id = $1`, [order.paymentId])
  assert.deepEqual(await settle(order.providerId), { kind: 'unknown' })
})

/** Where a payment stands, and that it will be read again within a minute. */
async function standing({ paymentId }: OpenOrder) {
  const { rows } = await db.query(
    `select status, rank, actually_paid, next_poll_at between now() and now() + interval '61 s' as "isDueSoon"
       from payments where id = $1`,
    [paymentId],
  )
  return rows[0]
}

test('while the provider is away the payment keeps its state and its turn', async () => {
  const order = await anOrderAtProvider()
  const before = await standing(order)
  provider.faults.add({ kind: 'server-error', on: 'read', times: null })
  const settled = await settle(order.providerId)
  provider.faults.clear()
  assert.equal(settled.kind, 'later')
  assert.deepEqual(await standing(order), before)
  assert.equal(before?.['isDueSoon'], true)
})

test('that the provider cannot be asked, and that it can again, is drawn once each into the order message', async () => {
  const order = await anOrderAtProvider()
  const redraws = async () => {
    const { rowCount } = await db.query(
      `update outbox set sent_at = now() where subject = 'order.changed' and dedupe_key = $1 and sent_at is null`,
      [order.id],
    )
    return rowCount
  }
  provider.faults.add({ kind: 'server-error', on: 'read', times: null })
  await settle(order.providerId)
  assert.equal(await redraws(), 1)
  await settle(order.providerId)
  assert.equal(await redraws(), 0)
  provider.faults.clear()
  await settle(order.providerId)
  assert.equal(await redraws(), 1)
  await settle(order.providerId)
  assert.equal(await redraws(), 0)
})

const refusing: SettlePaymentDeps = {
  ...deps,
  nowPayments: {
    ...nowPayments,
    readPayment: () => Promise.resolve({ kind: 'not authorised', message: 'Invalid api key' }),
  },
}

const unreadableFor = (id: PaymentId, ago: string) =>
  db.query(`update payments set unreadable_since = now() - $2::interval where id = $1`, [id, ago])

test('a payment that may not be read for a day is looked at by a person, who is told once', async () => {
  const order = await anOrderAtProvider()
  await db.query(`update orders set status = 'confirming', seen_at = now() where id = $1`, [order.id])
  await settlePayment(refusing, order.providerId)
  assert.equal(await statusOf(order), 'confirming')
  await unreadableFor(order.paymentId, '25 hours')
  for (let time = 0; time < 3; time += 1) await settlePayment(refusing, order.providerId)
  assert.equal(await statusOf(order), 'review')
  const { rows } = await db.query(
    `select c.kind, (select count(*)::int from outbox where dedupe_key = 'unreadable:' || c.order_id) as alerts
       from cases c where c.order_id = $1`,
    [order.id],
  )
  assert.deepEqual(rows, [{ kind: 'refused re-read', alerts: 1 }])
})

test('an expired order nobody paid is not dragged into a review by a changed key', async () => {
  const order = await anOrderAtProvider()
  await db.query(`update orders set status = 'expired' where id = $1`, [order.id])
  await settlePayment(refusing, order.providerId)
  await unreadableFor(order.paymentId, '25 hours')
  await settlePayment(refusing, order.providerId)
  assert.equal(await statusOf(order), 'expired')
})

test('a payment that can be read again is forgotten to have been unreadable', async () => {
  const order = await anOrderAtProvider()
  await settlePayment(refusing, order.providerId)
  await settle(order.providerId)
  const { rows } = await db.query(`select unreadable_since from payments where id = $1`, [order.paymentId])
  assert.deepEqual(rows, [{ unreadable_since: null }])
})

async function redepositsOf({ id }: OpenOrder) {
  const { rows } = await db.query(
    `select kind, parent_id as "parent", covered_cents::int as "covered" from payments
      where order_id = $1 and kind = 'redeposit'`,
    [id],
  )
  return rows
}

test('a second deposit that completes the first one makes the order paid', async () => {
  const order = await anOrderAtProvider()
  provider.act(order.providerId, { action: 'pay-less' })
  await provider.idle()
  await settle(order.providerId)
  assert.equal(await statusOf(order), 'underpaid')
  provider.faults.add({ kind: 'child-without-order-id' })
  provider.act(order.providerId, { action: 'second-deposit', amount: order.asked })
  await provider.idle()
  const [child = ''] = provider.payment(order.providerId).childIds
  assert.equal((await settle(child)).kind, 'settled')
  assert.equal(await statusOf(order), 'paid')
  const [redeposit] = await redepositsOf(order)
  assert.equal(redeposit?.['parent'], order.providerId)
})

test('a second deposit is found through its parent, and judged after it, when nobody told of either', async () => {
  const order = await anOrderAtProvider()
  provider.act(order.providerId, { action: 'pay-less' })
  await provider.idle()
  provider.act(order.providerId, { action: 'second-deposit', amount: order.asked })
  await provider.idle()
  await settle(order.providerId)
  assert.equal(await statusOf(order), 'paid')
})

test('a second deposit told first waits for nothing: its parent is read before it', async () => {
  const order = await anOrderAtProvider()
  provider.act(order.providerId, { action: 'pay-less' })
  await provider.idle()
  provider.act(order.providerId, { action: 'second-deposit', amount: order.asked })
  await provider.idle()
  await settle(provider.payment(order.providerId).childIds[0] ?? '')
  assert.equal(await statusOf(order), 'paid')
})

test('a second deposit that is too small leaves the order underpaid, with both counted', async () => {
  const order = await anOrderAtProvider()
  provider.act(order.providerId, { action: 'pay-less' })
  await provider.idle()
  provider.act(order.providerId, { action: 'second-deposit', amount: '5' })
  await provider.idle()
  await settle(order.providerId)
  assert.equal(await statusOf(order), 'underpaid')
  assert.ok(Number((await redepositsOf(order))[0]?.['covered']) > 0)
})

test('a second deposit in another coin is for a person, whatever its worth', async () => {
  const order = await anOrderAtProvider()
  provider.act(order.providerId, { action: 'pay-less' })
  await provider.idle()
  await settle(order.providerId)
  provider.act(order.providerId, { action: 'wrong-coin', coin: 'usdcsol', amount: '100' })
  await provider.idle()
  await settle(order.providerId)
  assert.equal(await statusOf(order), 'review')
})

test('a second deposit after a full payment is owed back, and the sale stays one', async () => {
  const order = await anOrderAtProvider()
  provider.act(order.providerId, { action: 'pay' })
  await provider.idle()
  await settle(order.providerId)
  provider.act(order.providerId, { action: 'second-deposit' })
  await provider.idle()
  await settle(provider.payment(order.providerId).childIds[0] ?? '')
  assert.equal(await statusOf(order), 'paid')
  const { rows } = await db.query(`select kind from cases where order_id = $1`, [order.id])
  assert.deepEqual(rows, [{ kind: 'paid twice' }])
})

test("in the provider's own sandbox, and only there, finished with nothing paid counts as exact", async () => {
  const order = await anOrderAtProvider()
  provider.act(order.providerId, { action: 'pay' })
  await provider.idle()
  const zero: SettlePaymentDeps['nowPayments'] = {
    ...nowPayments,
    readPayment: async (id) => {
      const reply = await nowPayments.readPayment(id)
      return reply.kind === 'found'
        ? { ...reply, report: { ...reply.report, actuallyPaid: '0' as typeof reply.report.actuallyPaid } }
        : reply
    },
  }
  await settlePayment({ ...deps, nowPayments: zero }, order.providerId)
  assert.equal(await statusOf(order), 'underpaid')
  const another = await anOrderAtProvider()
  provider.act(another.providerId, { action: 'pay' })
  await provider.idle()
  await settlePayment({ ...deps, nowPayments: zero, zeroMeansExact: true }, another.providerId)
  assert.equal(await statusOf(another), 'paid')
})

/** An order in bitcoin whose window ended long ago, and whose money came only now. */
async function aLateOrder(lateBy: string): Promise<Bought> {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const made = provider.create({
    priceAmount: '21.48',
    priceCurrency: 'usd',
    payCurrency: 'btc',
    orderId: `${order.code}-1`,
  })
  await db.query(
    `update payments set provider_id = $2, pay_amount = $3, address = $4, pay_currency = 'btc' where id = $1`,
    [order.paymentId, made.id, made.payAmount, made.payAddress],
  )
  await db.query(`update orders set status = 'expired', expires_at = now() - $2::interval where id = $1`, [
    order.id,
    lateBy,
  ])
  provider.act(made.id, { action: 'pay' })
  await provider.idle()
  return { ...order, providerId: made.id, asked: made.payAmount }
}

/** The provider, saying that coins are worth so many dollars now, or (null) not saying. */
const estimating = (dollars: string | null): SettlePaymentDeps => ({
  ...deps,
  nowPayments: {
    ...nowPayments,
    worth: () =>
      Promise.resolve(
        dollars === null
          ? { kind: 'unreachable', cause: 'HTTP 502' }
          : { kind: 'found', value: decimalText(parseDecimal(dollars)) },
      ),
  },
})

test('late bitcoins that are still worth nine tenths of the total are honoured, by the rate of the provider', async () => {
  const order = await aLateOrder('3 days')
  await settle(order.providerId)
  assert.equal(await statusOf(order), 'paid')
  const { rows } = await db.query(`select late from orders where id = $1`, [order.id])
  assert.deepEqual(rows, [{ late: true }])
})

test('the limit of late coins is nine tenths of the total, to the cent', async () => {
  const [enough, short] = [await aLateOrder('3 days'), await aLateOrder('3 days')]
  await settlePayment(estimating('19.34'), enough.providerId)
  await settlePayment(estimating('19.3399'), short.providerId)
  assert.deepEqual([await statusOf(enough), await statusOf(short)], ['paid', 'review'])
  const { rows } = await db.query(`select kind from cases where order_id = $1`, [short.id])
  assert.deepEqual(rows, [{ kind: 'too late' }])
})

test('late coins whose rate nobody says are kept, asked about again, and after a day shown to a person', async () => {
  const order = await aLateOrder('3 days')
  const settled = await settlePayment(estimating(null), order.providerId)
  assert.equal(settled.kind === 'settled' && settled.result, 'appraise')
  assert.equal(await statusOf(order), 'confirming')
  assert.equal((await standing(order))?.['isDueSoon'], true)
  await settlePayment(estimating(null), order.providerId)
  assert.equal(await statusOf(order), 'confirming')

  await db.query(`update payments set rate_wanted_since = now() - interval '25 hours' where id = $1`, [order.paymentId])
  await settlePayment(estimating(null), order.providerId)
  assert.equal(await statusOf(order), 'review')
})

test('late coins whose rate comes at the second asking are honoured', async () => {
  const order = await aLateOrder('3 days')
  await settlePayment(estimating(null), order.providerId)
  await settlePayment(estimating('25'), order.providerId)
  assert.equal(await statusOf(order), 'paid')
})

test('coins within a day after expiry are honoured without asking for a rate', async () => {
  const order = await aLateOrder('23 hours')
  await settlePayment(estimating(null), order.providerId)
  assert.equal(await statusOf(order), 'paid')
})

test('late coins that were seen confirming before they settled are late all the same', async () => {
  const order = await aLateOrder('3 days')
  const confirming: SettlePaymentDeps = {
    ...deps,
    nowPayments: {
      ...nowPayments,
      readPayment: async (id) => {
        const reply = await nowPayments.readPayment(id)
        return reply.kind === 'found' ? { ...reply, report: { ...reply.report, status: 'confirming' } } : reply
      },
    },
  }
  await settlePayment(confirming, order.providerId)
  assert.equal(await statusOf(order), 'confirming')
  await settlePayment(estimating('10'), order.providerId)
  assert.equal(await statusOf(order), 'review')
})

test('a deposit seen in time is honoured however long the network takes to confirm it', async () => {
  const order = await aLateOrder('3 days')
  await db.query(`update orders set status = 'confirming', seen_at = expires_at - interval '1 minute' where id = $1`, [
    order.id,
  ])
  await settlePayment(estimating(null), order.providerId)
  assert.equal(await statusOf(order), 'paid')
})
