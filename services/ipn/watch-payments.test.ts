import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { pino } from 'pino'
import { type Database } from '../../shared/db/pool.ts'
import { parseDecimal, decimalText } from '../../shared/domain/decimal.ts'
import { type PaymentReport, type ReadPayment } from '../../shared/nowpayments/client.ts'
import { usualPolicy } from '../../shared/testing/a-report.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { keepRedeposit } from './keep-redeposit.ts'
import { readInTurn } from './read-in-turn.ts'
import { rereadPayments } from './reread-payments.ts'
import { settlePayment } from './settle-payment.ts'

const log = pino({ enabled: false })
const db = await createTestDatabase({ after })

beforeEach(() => db.query(`update payments set next_poll_at = null`))

type Said = Partial<PaymentReport> | 'nothing'
type Watched = OpenOrder & { readonly providerId: string; says: Said }

async function aWatchedPayment(dueAgo = '0 s'): Promise<Watched> {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const { rows } = await db.query<{ providerId: string }>(
    `update payments set next_poll_at = clock_timestamp() - $2::interval where id = $1
  returning provider_id as "providerId"`,
    [order.paymentId, dueAgo],
  )
  return { ...order, providerId: rows[0]?.providerId ?? '', says: {} }
}

const plain = (text: string) => decimalText(parseDecimal(text))

/** What NOWPayments would answer about it: still waiting, unless told otherwise. */
function answer({ code, providerId, says }: Watched): ReadPayment {
  if (says === 'nothing') return { kind: 'unreachable', cause: 'HTTP 502' }
  const report: PaymentReport = {
    paymentId: providerId,
    parentPaymentId: null,
    status: 'waiting',
    priceCents: 2148n,
    priceCurrency: 'usd',
    payAmount: plain('21.48'),
    payCurrency: 'usdtsol',
    actuallyPaid: plain(says.status === undefined ? '0' : '21.48'),
    outcomeAmount: null,
    outcomeCurrency: null,
    orderId: `${code}-1`,
    childPaymentIds: [],
    address: 'So1anaAddress',
    memo: null,
    network: 'sol',
    createdAt: null,
    validUntil: null,
    ...says,
  }
  return { kind: 'found', report }
}

/** Reads whatever is due as the service does; returns which payments were asked about, and when. */
async function turn(limit: number, ...payments: Watched[]): Promise<{ readonly of: Watched; readonly at: number }[]> {
  const asked: { of: Watched; at: number }[] = []
  const readPayment = (id: string): Promise<ReadPayment> => {
    const of = payments.find(({ providerId }) => providerId === id) ?? assert.fail(`nobody's payment ${id}`)
    asked.push({ of, at: performance.now() })
    return Promise.resolve(answer(of))
  }
  const worth = () => Promise.resolve({ kind: 'unreachable', cause: 'not asked for' } as const)
  const nowPayments = { readPayment: readInTurn(db, { readPayment }, 1), worth }
  const deps = { db, nowPayments, policy: usualPolicy, log, zeroMeansExact: false }
  const settle = (id: string) => settlePayment(deps, id)
  await rereadPayments({ db, log, stopping: new AbortController().signal, settle }, limit)
  return asked
}

/** As if everything that was written so far had been written that much earlier. */
async function pass(time: string, database: Database = db): Promise<void> {
  await database.query(
    `update payments
        set created_at = created_at - $1::interval, valid_until = valid_until - $1::interval,
            next_poll_at = next_poll_at - $1::interval, seen_at = seen_at - $1::interval,
            unread_since = unread_since - $1::interval`,
    [time],
  )
  await database.query(`update orders set expires_at = expires_at - $1::interval, seen_at = seen_at - $1::interval`, [
    time,
  ])
  await database.query(`update rate_buckets set updated_at = updated_at - $1::interval`, [time])
}

/** Lets time pass in steps, and tells after which one the payment was read. */
async function readAfter(payment: Watched, ...steps: string[]): Promise<string | undefined> {
  for (const step of steps) {
    await pass(step)
    if ((await turn(20, payment)).length > 0) return step
  }
  return undefined
}

async function orderOf({ id }: OpenOrder): Promise<string | undefined> {
  const { rows } = await db.query<{ status: string }>(`select status from orders where id = $1`, [id])
  return rows[0]?.status
}

test('a purchase with every notification lost is followed by reading alone, twice a minute once money is seen', async () => {
  const payment = await aWatchedPayment()
  await turn(20, payment)
  assert.equal(await readAfter(payment, '50 s', '11 s'), '11 s', 'every minute while open')

  payment.says = { status: 'confirming' }
  assert.equal(await readAfter(payment, '50 s', '12 s'), '12 s')
  assert.equal(await orderOf(payment), 'confirming')
  assert.equal(await readAfter(payment, '25 s', '6 s'), '6 s', '30 s after it was learnt')

  payment.says = { status: 'finished' }
  assert.equal(await readAfter(payment, '25 s', '7 s'), '7 s')
  assert.equal(await orderOf(payment), 'paid')
  assert.equal(await readAfter(payment, '1 minute', '1 hour', '1 day'), undefined)
})

test('what is on its way for long is read every two minutes', async () => {
  const payment = await aWatchedPayment()
  payment.says = { status: 'confirming' }
  await turn(20, payment)
  await pass('31 minutes')
  await turn(20, payment)
  assert.equal(await readAfter(payment, '110 s', '11 s'), '11 s')
})

test('an address nobody paid is read ever more rarely for a week, and one late deposit brings it back', async () => {
  const payment = await aWatchedPayment()
  payment.says = { status: 'expired' }
  await pass('75 minutes')
  await turn(20, payment)
  assert.equal(await orderOf(payment), 'expired')
  assert.equal(await readAfter(payment, '9 minutes', '2 minutes'), '2 minutes')
  await pass('3 hours')
  await turn(20, payment)
  assert.equal(await readAfter(payment, '55 minutes', '6 minutes'), '6 minutes')
  await pass('2 days')
  await turn(20, payment)
  assert.equal(await readAfter(payment, '5 hours', '1 hour 1 minute'), '1 hour 1 minute')
  payment.says = { status: 'confirming' }
  assert.equal(await readAfter(payment, '6 hours 1 minute'), '6 hours 1 minute')
  payment.says = { status: 'finished' }
  assert.equal(await readAfter(payment, '31 s'), '31 s')
  assert.equal(await orderOf(payment), 'paid')
})

test('after seven days and six hours nobody asks any more', async () => {
  const payment = await aWatchedPayment()
  payment.says = { status: 'expired' }
  await pass('7 days 5 hours')
  assert.equal((await turn(20, payment)).length, 1)
  assert.equal(await readAfter(payment, '6 hours 1 minute'), '6 hours 1 minute', 'a last time')
  assert.equal(await readAfter(payment, '1 day', '7 days'), undefined)
})

test('an order that got some money and never the rest goes to a person when its watch ends', async () => {
  const payment = await aWatchedPayment()
  payment.says = { status: 'partially_paid', actuallyPaid: plain('10') }
  await turn(20, payment)
  assert.equal(await orderOf(payment), 'underpaid')
  await pass('7 days 7 hours')
  await turn(20, payment)
  assert.equal(await orderOf(payment), 'review')
  const { rows } = await db.query(`select kind from cases where order_id = $1`, [payment.id])
  assert.deepEqual(rows, [{ kind: 'never completed' }])
})

/** Another payment of the same order, unpaid and due now: for the rest of it, or after a change of coin. */
async function anotherOf(
  order: Watched,
  kind: 'main' | 'topup',
  priceCents: bigint,
  status: 'waiting' | 'expired',
): Promise<Watched> {
  const { rows } = await db.query<{ providerId: string; attempt: number }>(
    `insert into payments (order_id, attempt, kind, provider_id, status, rank, price_cents, pay_currency, pay_amount, address,
                           valid_until, asked_at, next_poll_at)
     select order_id, max(attempt) + 1, $2, (random() * 1e12)::bigint::text, 'waiting', 0, $3, 'usdtsol', $4, 'So2',
            now() + interval '1 hour', now(), clock_timestamp()
       from payments where order_id = $1 group by order_id
  returning provider_id as "providerId", attempt`,
    [order.id, kind, priceCents, `${Number(priceCents) / 100}`],
  )
  const { providerId = '', attempt = 0 } = rows[0] ?? {}
  const says = { status, orderId: `${order.code}-${attempt}`, priceCents, actuallyPaid: plain('0') }
  return { ...order, providerId, says }
}

test('the watch of an order ends with that of its last payment, not with that of its first', async () => {
  const first = await aWatchedPayment()
  first.says = { status: 'partially_paid', actuallyPaid: plain('10') }
  await turn(20, first)
  await pass('4 days')
  const rest = await anotherOf(first, 'topup', 1148n, 'waiting')
  await turn(20, first, rest)
  await pass('3 days 7 hours')
  await turn(20, first, rest)
  assert.equal(await orderOf(first), 'underpaid', 'the rest may still come')
  await pass('4 days')
  await turn(20, first, rest)
  assert.equal(await orderOf(first), 'review')
})

test('whoever changed the coin, paid a part to the old address and let the new one pass, is seen to in the end', async () => {
  const first = await aWatchedPayment()
  const second = await anotherOf(first, 'main', 2148n, 'expired')
  first.says = { status: 'partially_paid', actuallyPaid: plain('10') }
  await turn(20, first, second)
  assert.equal(await orderOf(first), 'underpaid')
  await pass('7 days 7 hours')
  await turn(20, first, second)
  assert.equal(await orderOf(first), 'review')
})

test('an order goes to a person as well when its last payment is read no more because it was given back', async () => {
  const first = await aWatchedPayment()
  first.says = { status: 'partially_paid', actuallyPaid: plain('10') }
  await turn(20, first)
  await pass('4 days')
  const providerId = String(Math.floor(Math.random() * 1e12))
  await keepRedeposit(db, first.providerId, providerId)
  const said = { parentPaymentId: first.providerId, orderId: null, actuallyPaid: plain('5') }
  const again: Watched = { ...first, providerId, says: { ...said, status: 'partially_paid' } }
  await pass('2 minutes')
  await turn(20, first, again)
  await pass('3 days 7 hours')
  await turn(20, first, again)
  assert.equal(await orderOf(first), 'underpaid')
  again.says = { ...said, status: 'refunded' }
  await pass('7 hours')
  await turn(20, first, again)
  assert.equal(await orderOf(first), 'review')
})

test('what was first seen in the last hours of its watch is followed until it settles', async () => {
  const payment = await aWatchedPayment()
  payment.says = { status: 'expired' }
  await turn(20, payment)
  await pass('6 days 23 hours')
  payment.says = { status: 'confirming' }
  await turn(20, payment)
  await pass('8 hours')
  await turn(20, payment)
  assert.equal(await orderOf(payment), 'confirming', 'too old to be watched, and not given up')
  payment.says = { status: 'finished' }
  assert.equal(await readAfter(payment, '121 s'), '121 s')
  assert.equal(await orderOf(payment), 'paid')
})

test('a watch that would end while NOWPayments cannot be asked ends with what they say afterwards', async () => {
  const payment = await aWatchedPayment()
  payment.says = { status: 'expired' }
  await turn(20, payment)
  await pass('7 days 7 hours')
  payment.says = 'nothing'
  assert.equal((await turn(20, payment)).length, 1)
  payment.says = { status: 'partially_paid', actuallyPaid: plain('10') }
  assert.equal(await readAfter(payment, '55 minutes', '6 minutes'), '6 minutes')
  assert.equal(await orderOf(payment), 'review')
})

test('a case that could not be opened at the end of a watch is opened by the next read', async () => {
  const payment = await aWatchedPayment()
  payment.says = { status: 'partially_paid', actuallyPaid: plain('10') }
  await turn(20, payment)
  await pass('7 days 7 hours')
  await db.query(`alter table cases add constraint no_room check (kind <> 'never completed') not valid`)
  await turn(20, payment)
  assert.equal(await orderOf(payment), 'underpaid')
  await db.query(`alter table cases drop constraint no_room`)
  assert.equal(await readAfter(payment, '61 s'), '61 s')
  assert.equal(await orderOf(payment), 'review')
})

test('a read that failed is tried again soon, also where reading had become rare', async () => {
  const payment = await aWatchedPayment()
  payment.says = 'nothing'
  await pass('4 days')
  await turn(20, payment)
  assert.equal(await readAfter(payment, '9 minutes', '2 minutes'), '2 minutes')
})

const aQueue = (...dueAgo: string[]): Promise<Watched[]> => Promise.all(dueAgo.map((ago) => aWatchedPayment(ago)))

test('of many due payments the longest due is read first', async () => {
  const payments = await aQueue('3 s', '1 s', '2 s')
  const asked = await turn(20, ...payments)
  assert.deepEqual(
    asked.map(({ of }) => payments.indexOf(of)),
    [0, 2, 1],
  )
})

test('all copies of the service together read two payments a second at most', async () => {
  const payments = await aQueue('6 s', '5 s', '4 s', '3 s', '2 s', '1 s')
  const began = performance.now()
  const asked = (await Promise.all([turn(3, ...payments), turn(3, ...payments)])).flat()
  assert.equal(new Set(asked.map(({ of }) => of)).size, payments.length)
  const times = asked.map(({ at }) => at).toSorted((one, other) => one - other)
  // a machine may come late to a read, and never too early
  for (const [place, at] of times.entries()) {
    assert.ok(at - began > place * 500 - 10, `${place + 1} reads within ${at - began} ms`)
  }
})
