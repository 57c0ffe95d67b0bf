import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { type PersonId } from '../../../shared/domain/ids.ts'
import { standardFee } from '../../../shared/domain/fee.ts'
import { cents } from '../../../shared/domain/money.ts'
import { parseDecimal, zero, decimalText } from '../../../shared/domain/decimal.ts'
import { type Order } from '../../../shared/db/orders.ts'
import { listAttempts } from '../../../shared/db/payment-attempts.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { type Created, type PaymentRequest } from '../../../shared/nowpayments/client.ts'
import { aPerson, aProductOnSale, type ProductOnSale } from '../../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { type StartDeps, startPayment } from './start-payment.ts'

type Answer = (request: PaymentRequest) => Created | Promise<Created>

let lastId = 5_000_000_000

const address: Answer = ({ orderId, payCurrency, priceCents }) => ({
  kind: 'created',
  payment: {
    paymentId: String((lastId += 1)),
    parentPaymentId: null,
    status: 'waiting',
    priceCents,
    priceCurrency: 'usd',
    payAmount: decimalText(parseDecimal('21.48')),
    payCurrency,
    actuallyPaid: decimalText(zero),
    outcomeAmount: null,
    outcomeCurrency: null,
    orderId,
    childPaymentIds: [],
    address: 'So1anaAddress',
    memo: null,
    network: 'sol',
    createdAt: null,
    validUntil: null,
  },
})
const refuse =
  (reason: 'below minimum' | 'not authorised' | 'throttled'): Answer =>
  () => ({ kind: 'refused', reason, code: 'SOME_CODE', message: 'no' })
const silence: Answer = () => ({ kind: 'unknown', cause: 'timeout' })

type Checkout = {
  readonly db: Database
  readonly buyer: PersonId
  readonly product: ProductOnSale
  readonly requests: PaymentRequest[]
  answer: Answer
  /** What happens when the line of text is sent. */
  opening: (order: Order) => Promise<void>
  readonly tap: (coin?: 'usdtsol' | 'btc' | 'none', shown?: bigint) => ReturnType<typeof startPayment>
}

async function aCheckout(t: TestContext, price = 1999n): Promise<Checkout> {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db, { price })
  const requests: PaymentRequest[] = []
  const checkout: Checkout = {
    db,
    product,
    requests,
    buyer: await aPerson(db),
    answer: address,
    opening: () => Promise.resolve(),
    tap: (coin = 'usdtsol', shown = price === 0n ? 0n : price + 149n) =>
      startPayment(deps, { buyer: checkout.buyer, product: product.code, coin, shown: cents(shown) }),
  }
  const windowMs = 3_600_000
  const deps: StartDeps = {
    db,
    windowMs,
    log: pino({ enabled: false }),
    callbackUrl: 'https://shop.example/ipn/nowpayments',
    terms: { fee: standardFee, termsVersion: 'v1', windowMs },
    openMessage: (order) => checkout.opening(order),
    payments: {
      createPayment: (request) => {
        requests.push(request)
        return Promise.resolve(checkout.answer(request))
      },
    },
  }
  return checkout
}

async function ordersOf(db: Database): Promise<{ status: string; reason: string | null; total: bigint }[]> {
  const { rows } = await db.query<{ status: string; reason: string | null; total: bigint }>(
    `select status, reason, total_cents as "total" from orders order by created_at`,
  )
  return rows
}

const waitingEvents = async (db: Database) =>
  (await db.query<{ subject: string }>(`select subject from outbox order by position`)).rows.map((row) => row.subject)

test('an answer about another coin or price shows no address, and administrators hear of it', async (t) => {
  const checkout = await aCheckout(t)
  checkout.answer = (request) => address({ ...request, payCurrency: 'btc' })
  const started = await checkout.tap()
  assert.deepEqual('asked' in started && started.asked, { kind: 'unknown' })
  const { rows } = await checkout.db.query(`select address, status from payments`)
  assert.deepEqual(rows, [{ address: null, status: 'unknown' }])
  assert.ok((await waitingEvents(checkout.db)).includes('admin.alert'))
})

test('a tap on a coin leads to an order with an address, an amount and an hour to pay', async (t) => {
  const checkout = await aCheckout(t)
  const started = await checkout.tap()

  assert.equal(started.kind, 'asked')
  assert.deepEqual('asked' in started && started.asked, { kind: 'address' })
  const [request] = checkout.requests
  assert.match(request?.orderId ?? '', /^[0-9A-Z]{10}-1$/)
  assert.equal(request?.priceCents, 2148n)
  assert.match(request.description, /^Comptoir order [0-9A-Z]{10}$/)
  const { rows } = await checkout.db.query(
    `select o.status, p.status as paid, p.address, p.next_poll_at > now() as watched, o.terms_version as terms,
            round(extract(epoch from o.expires_at - now()) / 60)::integer as minutes
       from orders o join payments p on p.order_id = o.id`,
  )
  assert.deepEqual(rows, [
    { status: 'awaiting_payment', paid: 'waiting', address: 'So1anaAddress', watched: true, terms: 'v1', minutes: 60 },
  ])
  assert.deepEqual(await waitingEvents(checkout.db), ['order.changed'])
})

test('two taps at the same moment make one order and ask for one address', async (t) => {
  const checkout = await aCheckout(t)
  const started = await Promise.all([checkout.tap(), checkout.tap(), checkout.tap()])

  assert.equal((await ordersOf(checkout.db)).length, 1)
  assert.equal(checkout.requests.length, 1)
  assert.equal(started.filter((one) => one.kind === 'asked' && one.asked.kind === 'address').length, 1)
})

test('a tap on another coin while an order is open shows that order', async (t) => {
  const checkout = await aCheckout(t)
  await checkout.tap('usdtsol')
  assert.equal((await checkout.tap('btc')).kind, 'open already')
  assert.equal(checkout.requests.length, 1)
})

test('a bot that dies before the message is sent finds the same order again', async (t) => {
  const checkout = await aCheckout(t)
  checkout.opening = () => Promise.reject(new Error('killed'))
  await assert.rejects(checkout.tap(), /killed/)
  checkout.opening = () => Promise.resolve()
  const started = await checkout.tap('btc')

  assert.equal(started.kind, 'asked')
  assert.deepEqual(
    checkout.requests.map(({ payCurrency, orderId }) => [payCurrency, orderId.slice(-2)]),
    [['btc', '-1']],
  )
  assert.equal((await ordersOf(checkout.db)).length, 1)
})

test('a bot that dies while the provider answers never asks for that attempt twice', async (t) => {
  const checkout = await aCheckout(t)
  checkout.answer = () => Promise.reject(new Error('killed'))
  await assert.rejects(checkout.tap(), /killed/)
  assert.equal((await checkout.tap()).kind, 'open already', 'somebody may still be asking')

  await checkout.db.query(`update payments set asked_at = now() - interval '1 minute'`)
  checkout.answer = address
  const started = await checkout.tap()
  assert.deepEqual('asked' in started && started.asked, { kind: 'address' })
  assert.deepEqual(
    checkout.requests.map(({ orderId }) => orderId.slice(-2)),
    ['-1', '-2'],
  )
  const statuses = (await listAttempts(checkout.db, 'order' in started ? started.order.id : assert.fail())).map(
    ({ status }) => status,
  )
  assert.deepEqual(statuses, ['unknown', 'waiting'])
})

test('a refused coin fails the order with its reason, and another coin makes a new one', async (t) => {
  const checkout = await aCheckout(t)
  checkout.answer = refuse('below minimum')
  const started = await checkout.tap('btc')
  assert.deepEqual('asked' in started && started.asked, { kind: 'no address', why: 'below minimum' })

  checkout.answer = address
  await checkout.tap('usdtsol')
  assert.deepEqual(
    (await ordersOf(checkout.db)).map(({ status, reason }) => [status, reason]),
    [
      ['failed', 'below minimum'],
      ['awaiting_payment', null],
    ],
  )
})

test('a provider without an answer keeps the order, so that the buyer can try again', async (t) => {
  const checkout = await aCheckout(t)
  checkout.answer = silence
  const started = await checkout.tap()
  assert.deepEqual('asked' in started && started.asked, { kind: 'unknown' })
  assert.equal((await ordersOf(checkout.db))[0]?.status, 'creating')

  checkout.answer = address
  await checkout.tap('btc')
  assert.deepEqual(
    (await ordersOf(checkout.db)).map(({ status }) => status),
    ['awaiting_payment'],
  )
  assert.deepEqual(
    checkout.requests.map(({ orderId }) => orderId.slice(-2)),
    ['-1', '-2'],
  )
})

test('a busy provider keeps the order as well, and makes no second payment of the same attempt', async (t) => {
  const checkout = await aCheckout(t)
  checkout.answer = refuse('throttled')
  const started = await checkout.tap()
  assert.deepEqual('asked' in started && started.asked, { kind: 'no address', why: 'busy' })
  checkout.answer = address
  await checkout.tap()
  assert.deepEqual(
    (await ordersOf(checkout.db)).map(({ status }) => status),
    ['awaiting_payment'],
  )
})

test('a refused key closes the payments and tells the administrators', async (t) => {
  const checkout = await aCheckout(t)
  checkout.answer = refuse('not authorised')
  await checkout.tap()
  assert.deepEqual(
    (await ordersOf(checkout.db)).map(({ reason }) => reason),
    ['closed'],
  )
  assert.ok((await waitingEvents(checkout.db)).includes('admin.alert'))
})

test('an answer about another coin or order never becomes an address', async (t) => {
  const checkout = await aCheckout(t)
  checkout.answer = (request) => address({ ...request, payCurrency: 'btc' })
  const started = await checkout.tap('usdtsol')
  assert.deepEqual('asked' in started && started.asked, { kind: 'unknown' })
  const { rows } = await checkout.db.query(`select address from payments`)
  assert.deepEqual(rows, [{ address: null }])
})

test('a price that changed after the screen is shown first, and nothing is ordered', async (t) => {
  const checkout = await aCheckout(t)
  await checkout.db.query(`update products set price_cents = 2500`)
  const started = await checkout.tap()
  assert.equal(started.kind, 'price changed')
  assert.deepEqual(await ordersOf(checkout.db), [])

  await checkout.tap('usdtsol', 2649n)
  assert.deepEqual(
    (await ordersOf(checkout.db)).map(({ total }) => total),
    [2649n],
  )
})

test('an interrupted order at an old price gives way to one at the new price', async (t) => {
  const checkout = await aCheckout(t)
  checkout.answer = silence
  await checkout.tap()
  await checkout.db.query(`update products set price_cents = 2500`)
  checkout.answer = address
  await checkout.tap('usdtsol', 2649n)
  assert.deepEqual(
    (await ordersOf(checkout.db)).map(({ status, total }) => [status, total]),
    [
      ['failed', 2148n],
      ['awaiting_payment', 2649n],
    ],
  )
})

test('a product withdrawn after the screen, or the own product, is not ordered', async (t) => {
  const checkout = await aCheckout(t)
  await checkout.db.query(`update products set status = 'inactive'`)
  assert.deepEqual(await checkout.tap(), { kind: 'refused', refusal: { kind: 'not visible' } })
  const ofSeller = { ...checkout, buyer: checkout.product.seller }
  Object.assign(checkout, ofSeller)
  assert.deepEqual(await checkout.tap(), { kind: 'refused', refusal: { kind: 'own' } })
})

test('a sixth address within ten minutes is refused', async (t) => {
  const checkout = await aCheckout(t)
  checkout.answer = refuse('below minimum')
  for (let tap = 1; tap <= 5; tap += 1) await checkout.tap()
  assert.deepEqual(await checkout.tap(), { kind: 'refused', refusal: { kind: 'too many payments' } })
  assert.equal(checkout.requests.length, 5)
})

test('a free product is taken in one tap, once, without the provider', async (t) => {
  const checkout = await aCheckout(t, 0n)
  assert.equal((await checkout.tap('none')).kind, 'free')
  assert.deepEqual(await checkout.tap('none'), { kind: 'refused', refusal: { kind: 'owned' } })

  assert.equal(checkout.requests.length, 0)
  const { rows } = await checkout.db.query(
    `select (select count(*) from entitlements) as owned, (select count(*) from deliveries) as deliveries,
            (select count(*) from ledger_entries) as entries, (select count(*) from payout_items) as items`,
  )
  assert.deepEqual(rows, [{ owned: 1n, deliveries: 1n, entries: 0n, items: 0n }])
  assert.deepEqual(await waitingEvents(checkout.db), ['payment.confirmed'])
})

test('a free product interrupted before it was paid is finished by the next tap', async (t) => {
  const checkout = await aCheckout(t, 0n)
  checkout.opening = () => Promise.reject(new Error('killed'))
  await assert.rejects(checkout.tap('none'), /killed/)
  checkout.opening = () => Promise.resolve()
  assert.equal((await checkout.tap('none')).kind, 'free')
  assert.deepEqual(
    (await ordersOf(checkout.db)).map(({ status }) => status),
    ['paid'],
  )
})
