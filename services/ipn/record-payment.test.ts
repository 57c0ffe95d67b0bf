import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { openCase } from '../../shared/db/cases.ts'
import { inTransaction } from '../../shared/db/pool.ts'
import { findReceived, findShortfall } from '../../shared/db/refund-order.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { cents } from '../../shared/domain/money.ts'
import { makePaid } from '../../shared/messaging/make-paid.ts'
import { aReport, usualPolicy } from '../../shared/testing/a-report.ts'
import {
  anOpenOrder,
  anOwnedOrder,
  aProductOnSale,
  type OpenOrder,
  type ProductOnSale,
} from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { type FullReport } from './keep-report.ts'
import { recordPayment } from './record-payment.ts'

const db = await createTestDatabase({ after })

async function anOrder(): Promise<OpenOrder & { product: ProductOnSale }> {
  const product = await aProductOnSale(db)
  return { ...(await anOpenOrder(db, product, { messageId: 5 })), product }
}

async function record(id: PaymentId, said: Partial<FullReport> = {}): Promise<string | undefined> {
  const decision = await recordPayment(db, id, await aReport(db, id, said), usualPolicy)
  return decision?.kind === 'review' ? decision.doubt : decision?.kind
}

/** Everything that becoming paid may leave behind, counted. */
async function traces({ id, buyer, product }: OpenOrder & { product: ProductOnSale }) {
  const { rows } = await db.query(
    `select o.status, (select count(*)::int from entitlements where order_id = o.id and ended_at is null) as entitled,
            (select count(*)::int from ledger_entries where order_id = o.id) as entries,
            (select count(*)::int from payout_items where order_id = o.id and kind = 'share') as shares,
            (select count(*)::int from deliveries where order_id = o.id) as deliveries,
            (select sales::int from products where id = o.product_id) as sales,
            (select count(*)::int from outbox where subject = 'payment.confirmed' and dedupe_key = o.id::text) as events
       from orders o
      where o.id = $1 and o.buyer_id = $2 and o.product_id = $3`,
    [id, buyer, product.id],
  )
  return rows[0]
}

const untouched = { entitled: 0, entries: 0, shares: 0, deliveries: 0, sales: 0, events: 0 }
const paidOnce = { status: 'paid', entitled: 1, entries: 1, shares: 1, deliveries: 1, sales: 1, events: 1 }

async function casesOf(order: OpenOrder): Promise<string[]> {
  const { rows } = await db.query<{ kind: string }>(`select kind from cases where order_id = $1 order by kind`, [
    order.id,
  ])
  return rows.map(({ kind }) => kind)
}

/** Another address for the same order. */
async function anotherPayment(order: OpenOrder, priceCents: bigint, payAmount: string): Promise<PaymentId> {
  const { rows } = await db.query<{ id: PaymentId }>(
    `insert into payments (order_id, attempt, kind, provider_id, status, rank, price_cents, pay_currency, pay_amount,
                           address, valid_until)
     select order_id, max(attempt) + 1, 'topup', (random() * 1e12)::bigint::text, 'waiting', 0, $2, 'usdtsol', $3, 'So1',
            now() + interval '1 hour'
       from payments where order_id = $1 group by order_id
  returning id`,
    [order.id, priceCents, payAmount],
  )
  return rows[0]?.id ?? assert.fail('no payment')
}

test('an order is paid once however often and at the same time its payment is told', async () => {
  const order = await anOrder()
  const told = await Promise.all(Array.from({ length: 8 }, () => record(order.paymentId)))
  assert.equal(told.filter((kind) => kind === 'pay').length, 1)
  assert.equal(await record(order.paymentId), 'ignore')
  assert.deepEqual(await traces(order), paidOnce)
})

test('four statuses three times each, in any order, end in one sale', async () => {
  const statuses = ['waiting', 'confirming', 'sending', 'finished'] as const
  const told = statuses.flatMap((status) => [status, status, status])
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(told, { minLength: told.length }), async (sequence) => {
      const order = await anOrder()
      for (const status of sequence) {
        await record(order.paymentId, { status, actuallyPaid: status === 'waiting' ? '0' : '21.48' })
      }
      assert.deepEqual(await traces(order), paidOnce)
    }),
    { numRuns: 12 },
  )
})

test('confirming, confirmed and sending never release anything', async () => {
  const order = await anOrder()
  for (const status of ['confirming', 'confirmed', 'sending']) await record(order.paymentId, { status })
  assert.deepEqual(await traces(order), { ...untouched, status: 'confirming' })
})

const strange: readonly (readonly [what: string, said: Partial<FullReport>, doubt: string])[] = [
  ['another coin', { payCurrency: 'sol' }, 'wrong coin'],
  ['another price', { priceCents: 1n }, 'price differs'],
  ['another currency of the price', { priceCurrency: 'eur' }, 'price differs'],
  ['the reference of another order', { reference: 'ZZZZZZZZZZ-1' }, 'another order'],
  ['no reference', { reference: null }, 'another order'],
  ['a parent', { parentId: '4' }, 'second deposit'],
  ['a wrong asset', { status: 'wrong_asset_confirmed' }, 'wrong coin'],
]

for (const [what, said, doubt] of strange) {
  test(`a payment with ${what} waits for a person, and releases nothing`, async () => {
    const order = await anOrder()
    assert.equal(await record(order.paymentId, said), doubt)
    assert.deepEqual(await traces(order), { ...untouched, status: 'review' })
    assert.deepEqual(await casesOf(order), [doubt])
  })
}

test('who pays short within the tolerance has paid, and who pays shorter has not', async () => {
  const [enough, short] = [await anOrder(), await anOrder()]
  assert.equal(await record(enough.paymentId, { actuallyPaid: '21.3726' }), 'pay')
  assert.equal(await record(short.paymentId, { actuallyPaid: '21.3725' }), 'underpaid')
  assert.deepEqual(await traces(short), { ...untouched, status: 'underpaid' })
})

test('what was settled counts, not what had been seen on the network; and when it is put right, the order is paid', async () => {
  const order = await anOrder()
  await record(order.paymentId, { status: 'confirming', actuallyPaid: '21.48' })
  assert.equal(await record(order.paymentId, { actuallyPaid: '10' }), 'underpaid')
  const { rows } = await db.query(`select actually_paid from payments where id = $1`, [order.paymentId])
  assert.deepEqual(rows, [{ actually_paid: '10' }])
  assert.equal(await record(order.paymentId, { actuallyPaid: '21.48' }), 'pay')
})

test('a top-up for the missing part makes the order paid, by both payments', async () => {
  const order = await anOrder()
  assert.equal(await record(order.paymentId, { status: 'partially_paid', actuallyPaid: '10.74' }), 'underpaid')
  const rest = await anotherPayment(order, 1074n, '10.74')
  assert.equal(await record(rest), 'pay')
  assert.deepEqual(await traces(order), paidOnce)
  const { rows } = await db.query(`select count(accepted_at)::int as count from payments where order_id = $1`, [
    order.id,
  ])
  assert.deepEqual(rows, [{ count: 2 }])
})

test('the rest of an underpaid order is drawn when it is seen, and releases nothing before it is settled', async () => {
  const order = await anOrder()
  await record(order.paymentId, { status: 'partially_paid', actuallyPaid: '10.74' })
  const rest = await anotherPayment(order, 1074n, '10.74')
  await db.query(`delete from outbox`)
  assert.equal(await record(rest, { status: 'confirming' }), 'confirming')
  assert.deepEqual(await isOverpaid(order), { overpaid: false, redraws: 1 })
  assert.deepEqual(await traces(order), { ...untouched, status: 'underpaid' })
})

test('paying a second time opens a case and is not a second sale', async () => {
  const order = await anOrder()
  const second = await anotherPayment(order, 2148n, '21.48')
  assert.equal(await record(order.paymentId), 'pay')
  assert.equal(await record(second), 'paid twice')
  assert.deepEqual(await traces(order), paidOnce)
  assert.deepEqual(await casesOf(order), ['paid twice'])
})

test('the refund of a second payment does not take the file away', async () => {
  const order = await anOrder()
  const second = await anotherPayment(order, 2148n, '21.48')
  await record(order.paymentId)
  await record(second)
  assert.equal(await record(second, { status: 'refunded' }), 'record')
  assert.deepEqual(await traces(order), paidOnce)
})

test('the refund of one part of the money is for a person to judge', async () => {
  const order = await anOrder()
  await record(order.paymentId, { status: 'partially_paid', actuallyPaid: '10.74' })
  const rest = await anotherPayment(order, 1074n, '10.74')
  await record(rest)
  assert.equal(await record(rest, { status: 'refunded' }), 'refunded in part')
  assert.deepEqual(await traces(order), paidOnce)
})

test('the refund of the payment takes back the access and the share, and the books balance', async () => {
  const order = await anOrder()
  await record(order.paymentId)
  assert.equal(await record(order.paymentId, { status: 'refunded' }), 'refund')
  assert.equal(await record(order.paymentId, { status: 'refunded' }), 'ignore')
  assert.deepEqual(await traces(order), { ...paidOnce, status: 'refunded', entitled: 0, entries: 3, sales: 0 })
  const { rows } = await db.query(
    `select i.state, (select sum(amount_cents)::int from ledger_lines l join ledger_entries e on e.id = l.entry_id
                       where e.order_id = i.order_id and l.account = 'held:' || i.seller_id) as held
       from payout_items i where i.order_id = $1`,
    [order.id],
  )
  assert.deepEqual(rows, [{ state: 'reversed', held: 0 }])
})

test('more money on the payment that paid is noted, and is no second payment', async () => {
  const order = await anOrder()
  await record(order.paymentId)
  assert.equal(await record(order.paymentId, { actuallyPaid: '30' }), 'record')
  assert.deepEqual(await traces(order), paidOnce)
  assert.deepEqual(await casesOf(order), [])
})

async function isOverpaid({ id }: OpenOrder): Promise<{ overpaid: boolean; redraws: number } | undefined> {
  const { rows } = await db.query<{ overpaid: boolean; redraws: number }>(
    `select overpaid, (select count(*)::int from outbox where subject = 'order.changed' and dedupe_key = o.id::text)
              as redraws
       from orders o where id = $1`,
    [id],
  )
  return rows[0]
}

test('too much money is marked and told, in one payment, in several together, and when more comes later', async () => {
  const [exact, once, several, later] = [await anOrder(), await anOrder(), await anOrder(), await anOrder()]
  await record(exact.paymentId, { actuallyPaid: '21.69' })
  assert.deepEqual(await isOverpaid(exact), { overpaid: false, redraws: 1 })

  await record(once.paymentId, { actuallyPaid: '21.70' })
  assert.deepEqual(await isOverpaid(once), { overpaid: true, redraws: 1 })

  await record(several.paymentId, { status: 'partially_paid', actuallyPaid: '15' })
  await db.query(`delete from outbox`)
  await record(await anotherPayment(several, 2148n, '21.48'), { actuallyPaid: '15' })
  assert.deepEqual(await isOverpaid(several), { overpaid: true, redraws: 1 })

  await record(later.paymentId)
  await record(later.paymentId, { actuallyPaid: '30' })
  assert.deepEqual(await isOverpaid(later), { overpaid: true, redraws: 1 })
})

test('who owns the product already is owed this payment', async () => {
  const product = await aProductOnSale(db)
  const owned = await anOwnedOrder(db, product)
  const order = { ...(await anOpenOrder(db, product, { buyer: owned.buyer })), product }
  assert.equal(await record(order.paymentId), 'paid twice')
  const { rows } = await db.query(`select count(*)::int as count from ledger_entries where order_id = $1`, [order.id])
  assert.deepEqual(rows, [{ count: 0 }])
})

test('a late payment is honoured, and a very late one waits for a person', async () => {
  const [late, tooLate] = [await anOrder(), await anOrder()]
  const expire = (order: OpenOrder, ago: string) =>
    db.query(`update orders set status = 'expired', expires_at = now() - $2::interval where id = $1`, [order.id, ago])
  await expire(late, '5 days')
  await expire(tooLate, '8 days')
  assert.equal(await record(late.paymentId), 'pay')
  assert.equal(await record(tooLate.paymentId), 'too late')
  const { rows } = await db.query(`select late from orders where id = $1`, [late.id])
  assert.deepEqual(rows, [{ late: true }])
})

test('an address that runs out does not end an order that has another open one', async () => {
  const order = await anOrder()
  await anotherPayment(order, 2148n, '21.48')
  assert.equal(await record(order.paymentId, { status: 'expired', actuallyPaid: '0' }), 'record')
  assert.deepEqual(await traces(order), { ...untouched, status: 'awaiting_payment' })
})

test('a deposit that the provider could not process fails the order and is shown to a person', async () => {
  const order = await anOrder()
  assert.equal(await record(order.paymentId, { status: 'failed', actuallyPaid: '0.1' }), 'fail')
  assert.deepEqual(await traces(order), { ...untouched, status: 'failed' })
  assert.deepEqual(await casesOf(order), ['failed after a deposit'])
})

test('a status nobody knows changes nothing, and is told once however often it is read', async () => {
  const order = await anOrder()
  for (let time = 0; time < 3; time += 1)
    assert.equal(await record(order.paymentId, { status: 'levitating' }), 'ignore')
  assert.deepEqual(await traces(order), { ...untouched, status: 'awaiting_payment' })
  const { rows } = await db.query(
    `select (select count(*)::int from payment_events where payment_id = $1) as events,
            (select count(*)::int from outbox where subject = 'admin.alert' and dedupe_key like '%' || $1) as alerts`,
    [order.paymentId],
  )
  assert.deepEqual(rows, [{ events: 1, alerts: 1 }])
})

test('a product banned meanwhile is not delivered; the money waits for its way back', async () => {
  const order = await anOrder()
  await db.query(`update products set moderation = 'banned' where id = $1`, [order.product.id])
  assert.equal(await record(order.paymentId), 'withdrawn product')
  assert.deepEqual(await traces(order), { ...untouched, status: 'review' })
})

test('buying a product cancels the other unpaid order for it', async () => {
  const order = await anOrder()
  await db.query(`update orders set status = 'confirming', seen_at = now() where id = $1`, [order.id])
  const twin = await anOpenOrder(db, order.product, { buyer: order.buyer })
  await record(order.paymentId)
  const { rows } = await db.query(`select status, reason from orders where id = $1`, [twin.id])
  assert.deepEqual(rows, [{ status: 'cancelled', reason: 'bought otherwise' }])
})

/** What the books say the platform bears of an order, what came for it, and which cases of it are open. */
async function booked({ id }: OpenOrder) {
  const [shortfall, received] = [await findShortfall(db, id), await findReceived(db, id)]
  const { rows } = await db.query<{ kind: string }>(`select kind from cases where order_id = $1 and state = 'open'`, [
    id,
  ])
  return { shortfall, received, cases: rows.map(({ kind }) => kind) }
}

/** Ten of 21.48 came, and an administrator accepted that. */
async function anOrderAcceptedShort(): Promise<OpenOrder & { product: ProductOnSale }> {
  const order = await anOrder()
  await record(order.paymentId, { status: 'partially_paid', actuallyPaid: '10' })
  const paying = { late: false, overpaid: false, escrowHours: 24, received: cents(1000n) }
  await inTransaction(db, (tx) => makePaid(tx, { orderId: order.id, paymentId: order.paymentId }, paying))
  assert.deepEqual(await booked(order), { shortfall: 1148n, received: 1000n, cases: [] })
  return order
}

test('what the platform bore of an order is its own again when the rest comes after all, to the same address', async () => {
  const order = await anOrderAcceptedShort()
  assert.equal(await record(order.paymentId, { status: 'partially_paid', actuallyPaid: '15' }), 'rest')
  assert.deepEqual(await booked(order), { shortfall: 648n, received: 1500n, cases: [] })
  assert.equal(await record(order.paymentId, { status: 'finished', actuallyPaid: '21.48' }), 'rest')
  assert.equal(await record(order.paymentId, { status: 'finished', actuallyPaid: '21.48' }), 'ignore')
  assert.deepEqual(await booked(order), { shortfall: 0n, received: 2148n, cases: [] })
})

test('the rest that comes by its own address is no second payment, and one that is more than the rest is', async () => {
  const order = await anOrderAcceptedShort()
  const rest = await anotherPayment(order, 1148n, '11.48')
  const whole = await anotherPayment(order, 2148n, '21.48')
  assert.equal(await record(whole), 'paid twice')
  assert.equal(await record(rest), 'rest')
  assert.deepEqual(await booked(order), { shortfall: 0n, received: 2148n, cases: ['paid twice'] })
})

test('the rest that comes while the order is on its way back is not in the refund, and a person is asked', async () => {
  const order = await anOrderAcceptedShort()
  await db.query(`insert into refunds (order_id, kind, amount_cents, by) values ($1, 'order', 1000, '1')`, [order.id])
  assert.equal(await record(await anotherPayment(order, 1148n, '11.48')), 'refund opened')
  assert.deepEqual(await booked(order), { shortfall: 1148n, received: 1000n, cases: ['refund opened'] })
})

test('a case that only waited for the rest is settled by it, and what a buyer asked for is not', async () => {
  const order = await anOrder()
  await record(order.paymentId, { status: 'partially_paid', actuallyPaid: '10' })
  for (const kind of ['rest too small', 'refund asked', 'wrong coin']) await openCase(db, order.id, kind, 'as it is')
  assert.equal(await record(await anotherPayment(order, 1148n, '11.48')), 'pay')
  assert.deepEqual((await booked(order)).cases.toSorted(), ['refund asked', 'wrong coin'])
})
