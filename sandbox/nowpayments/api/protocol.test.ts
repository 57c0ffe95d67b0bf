import assert from 'node:assert/strict'
import test from 'node:test'
import { decimalText, parseDecimal } from '../../../shared/domain/decimal.ts'
import { call, playNowPayments } from '../testing/play.ts'

const wanted = { price_amount: 19.9, price_currency: 'usd', pay_currency: 'usdtsol', order_id: 'K7M2P9QRST-1' }
const typesOf = (body: object) => Object.fromEntries(Object.entries(body).map(([name, value]) => [name, typeof value]))
const credentials = { email: 'owner@shop.example', password: 'simulated' }

test('a wrong key is refused before anything else is looked at, but the status answers anybody', async (t) => {
  const { url } = await playNowPayments(t)
  for (const path of ['/payment/1', '/payment/', '/merchant/coins', '/nowhere', '/estimate']) {
    const { status, body } = await call(url, path, { key: 'wrong' })
    assert.equal(status, 403)
    assert.deepEqual(body, { status: false, statusCode: 403, code: 'INVALID_API_KEY', message: 'Invalid api key' })
  }
  assert.deepEqual((await call(url, '/status', { key: 'wrong' })).body, { message: 'OK' })
  assert.equal((await call(url, '/payment', { key: '', json: {} })).status, 403)
})

test('a created payment answers 201, with its ids as text', async (t) => {
  const { url } = await playNowPayments(t)
  const { status, body } = await call(url, '/payment', { json: wanted })
  assert.equal(status, 201)
  assert.match(String(body['payment_id']), /^[456]\d{9}$/)
  const { payment_id: id, purchase_id: purchase, price_amount: price, pay_amount: amount } = typesOf(body)
  assert.deepEqual([id, purchase, price, amount], ['string', 'string', 'number', 'number'])
  const { payment_status, network, network_precision, amount_received, payin_extra_id, type } = body
  const said = [payment_status, network, network_precision, amount_received, payin_extra_id, type]
  assert.deepEqual(said, ['waiting', 'sol', 6, null, null, 'crypto2crypto'])
  const window = Date.parse(String(body['valid_until'])) - Date.parse(String(body['created_at']))
  assert.equal(window, 7 * 24 * 3_600_000)
})

test('a re-read answers the same ids as numbers, and one null as text', async (t) => {
  const { url } = await playNowPayments(t)
  const created = await call(url, '/payment', { json: wanted })
  const { status, body } = await call(url, `/payment/${String(created.body['payment_id'])}`)
  assert.equal(status, 200)
  assert.equal(body['payment_id'], Number(created.body['payment_id']))
  assert.equal(typeof body['purchase_id'], 'number')
  assert.deepEqual([body['burning_percent'], body['invoice_id'], body['actually_paid']], ['null', null, 0])
  assert.deepEqual(body['payment_extra_ids'], [])
})

test('a fixed rate lasts twenty minutes, and costs a higher minimum', async (t) => {
  const { url } = await playNowPayments(t)
  const { body } = await call(url, '/payment', { json: { ...wanted, is_fee_paid_by_user: true } })
  assert.equal(body['is_fixed_rate'], true)
  const window = Date.parse(String(body['valid_until'])) - Date.parse(String(body['created_at']))
  assert.equal(window, 20 * 60_000)
  const path = '/min-amount?currency_from=usdttrc20&currency_to=usdttrc20&fiat_equivalent=usd&is_fixed_rate='
  const floating = await call(url, `${path}false`)
  const fixed = await call(url, `${path}true`)
  assert.ok(Number(fixed.body['min_amount']) > 2 * Number(floating.body['min_amount']))
  assert.ok(Math.abs(Number(floating.body['fiat_equivalent']) - 9) < 0.001)
})

test('coins with a memo give one', async (t) => {
  const { url } = await playNowPayments(t)
  const { body } = await call(url, '/payment', { json: { ...wanted, pay_currency: 'xrp' } })
  assert.match(String(body['payin_extra_id']), /^\d+$/)
})

test('what cannot be created is refused in the words of the provider', async (t) => {
  const { url } = await playNowPayments(t)
  const cases: [object, number, string, RegExp][] = [
    [{ ...wanted, price_amount: 0.5 }, 400, 'AMOUNT_MINIMAL_ERROR', /too small/],
    [{ ...wanted, pay_currency: 'btc' }, 201, '', /^$/],
    [{ ...wanted, price_amount: 18, pay_currency: 'btc' }, 400, 'AMOUNT_MINIMAL_ERROR', /too small/],
    [{ ...wanted, pay_currency: 'cup' }, 404, 'NOT_FOUND', /Currency cup not found/],
    [{ ...wanted, price_currency: 'xyz' }, 404, 'NOT_FOUND', /Currency xyz not found/],
    [{ ...wanted, price_amount: -1 }, 400, 'INVALID_REQUEST_PARAMS', /price_amount/],
    [{ ...wanted, price_amount: undefined }, 400, 'INVALID_REQUEST_PARAMS', /price_amount/],
    [{ ...wanted, ipn_callback_url: 'ftp://x' }, 400, 'INVALID_REQUEST_PARAMS', /ipn_callback_url/],
    [{ ...wanted, payout_address: 'x' }, 400, 'INVALID_REQUEST_PARAMS', /payout_currency/],
    [[], 400, 'INVALID_REQUEST_PARAMS', /body/],
  ]
  for (const [json, expected, code, message] of cases) {
    const { status, body } = await call(url, '/payment', { json })
    assert.deepEqual([status, body['code'] ?? ''], [expected, code], JSON.stringify(json))
    assert.match(typeof body['message'] === 'string' ? body['message'] : '', message)
  }
})

test('a payment that is not there, or was made with another key, is not found', async (t) => {
  const simulator = await playNowPayments(t)
  const { body } = await call(simulator.url, '/payment', { json: wanted })
  const id = String(body['payment_id'])
  assert.equal((await call(simulator.url, '/payment/123')).status, 404)
  assert.equal((await call(simulator.url, '/payment/abc')).status, 400)
  simulator.rotateKey('NEW0001-NEW0002-NEW0003-NEW0004')
  assert.equal((await call(simulator.url, `/payment/${id}`)).status, 403)
  assert.equal((await call(simulator.url, `/payment/${id}`, { key: 'NEW0001-NEW0002-NEW0003-NEW0004' })).status, 404)
})

test('the list of payments asks for a login, which lasts five minutes', async (t) => {
  let now = Date.parse('2026-10-01T00:00:00Z')
  const { url } = await playNowPayments(t, { clock: () => now })
  const refused = await call(url, '/payment/')
  assert.deepEqual([refused.status, refused.body['code']], [401, 'AUTH_REQUIRED'])
  assert.equal((await call(url, '/auth', { json: { ...credentials, password: 'x' } })).status, 403)
  const token = String((await call(url, '/auth', { key: '', json: credentials })).body['token'])

  for (const price_amount of [30, 10, 20]) await call(url, '/payment', { json: { ...wanted, price_amount } })
  const listed = await call(url, '/payment/?limit=2&page=0&sortBy=price_amount&orderBy=desc', { token })
  const { data, ...rest } = listed.body as { data: { price_amount: number }[] }
  assert.deepEqual(
    data.map(({ price_amount }) => price_amount),
    [30, 20],
  )
  assert.deepEqual(rest, { limit: 2, page: 0, pagesCount: 2, total: 3 })
  assert.equal((await call(url, '/payment/?dateFrom=2026-10-02', { token })).body['total'], 0)
  assert.equal((await call(url, '/payment/?limit=501', { token })).status, 400)
  assert.equal((await call(url, '/payment/?orderBy=price_amount', { token })).status, 500)

  now += 300_001
  assert.equal((await call(url, '/payment/', { token })).status, 401)
  assert.equal((await call(url, '/payment/', { token: 'a.b.c' })).status, 401)
})

test('the fourth creation and the eighth estimate in a second get a page without JSON, whatever the key', async (t) => {
  let now = Date.parse('2026-10-01T00:00:00Z')
  const { url } = await playNowPayments(t, { hasLimits: true, clock: () => now })
  const creations = await Promise.all([1, 2, 3, 4].map(() => call(url, '/payment', { key: 'wrong', json: wanted })))
  assert.deepEqual(creations.map(({ status }) => status).sort(), [403, 403, 403, 429])
  assert.match(creations.find(({ status }) => status === 429)?.text ?? '', /^<html>/)
  const path = '/estimate?amount=10&currency_from=usd&currency_to=btc'
  const estimates = await Promise.all(Array.from({ length: 8 }, () => call(url, path)))
  assert.equal(estimates.filter(({ status }) => status === 429).length, 1)

  now += 1000
  assert.equal((await call(url, '/payment', { json: wanted })).status, 201, 'the second is over')
})

test('coins are listed in the cases and types of the provider', async (t) => {
  const { url } = await playNowPayments(t, { enabledCoins: ['btc', 'usdtsol'] })
  assert.deepEqual((await call(url, '/merchant/coins')).body, { selectedCurrencies: ['BTC', 'USDTSOL'] })
  const { currencies } = (await call(url, '/currencies')).body as { currencies: string[] }
  assert.ok(currencies.includes('usdtsol'))
  const full = (await call(url, '/full-currencies')).body as {
    currencies: { code: string; network_precision: unknown }[]
  }
  assert.equal(full.currencies.find(({ code }) => code === 'USDTSOL')?.network_precision, '6')
})

test('an estimate works both ways, and an unknown coin is not found', async (t) => {
  const { url } = await playNowPayments(t)
  const there = await call(url, '/estimate?amount=100&currency_from=usd&currency_to=btc')
  const coins = decimalText(parseDecimal(String(there.body['estimated_amount'])))
  const back = await call(url, `/estimate?amount=${coins}&currency_from=btc&currency_to=usd`)
  assert.ok(Math.abs(Number(back.body['estimated_amount']) - 100) < 1)
  const unknown = await call(url, '/estimate?amount=1&currency_from=usd&currency_to=cup')
  assert.deepEqual([unknown.status, unknown.body['message']], [404, 'Currency cup not found'])
  assert.equal((await call(url, '/estimate?currency_from=usd&currency_to=btc')).status, 400)
})

test('one invoice can have several payments, and its price is text', async (t) => {
  const { url, payments } = await playNowPayments(t)
  const json = { price_amount: 25, price_currency: 'usd', order_id: 'I-1', success_url: 'https://shop.example/ok' }
  const invoice = await call(url, '/invoice', { json })
  assert.equal(invoice.status, 201)
  assert.deepEqual([invoice.body['price_amount'], typeof invoice.body['id']], ['25', 'string'])
  assert.equal('payment_status' in invoice.body, false)
  for (const pay_currency of ['sol', 'eth']) {
    const paid = await call(url, '/invoice-payment', { json: { iid: invoice.body['id'], pay_currency } })
    assert.deepEqual([paid.status, paid.body['order_id']], [201, 'I-1'])
  }
  assert.deepEqual(
    payments().map(({ invoiceId }) => invoiceId),
    [invoice.body['id'], invoice.body['id']],
  )
  assert.equal((await call(url, '/invoice-payment', { json: { iid: '1', pay_currency: 'sol' } })).status, 404)
})

test('a merchant estimate keeps its amount until its date', async (t) => {
  const { url } = await playNowPayments(t)
  const created = await call(url, '/payment', { json: wanted })
  const path = `/payment/${String(created.body['payment_id'])}/update-merchant-estimate`
  const { body } = await call(url, path, { json: {} })
  assert.deepEqual([body['id'], body['pay_amount']], [created.body['payment_id'], created.body['pay_amount']])
})

test('the case of a sandbox payment plays itself out', async (t) => {
  const simulator = await playNowPayments(t)
  const ends = { success: 'finished', failed: 'failed', partially_paid: 'partially_paid', common: 'waiting' }
  for (const [name, end] of Object.entries(ends)) {
    const { body } = await call(simulator.url, '/payment', { json: { ...wanted, case: name } })
    assert.equal(body['payment_status'], 'waiting')
    await simulator.idle()
    assert.equal(simulator.payment(String(body['payment_id'])).status, end)
  }
})
