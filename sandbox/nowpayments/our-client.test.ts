import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { openNowPayments, type PaymentRequest } from '../../shared/nowpayments/client.ts'
import { type SimulatorOptions } from './options.ts'
import { apiKey, playNowPayments, playShop } from './testing/play.ts'

async function aShopAtNowPayments(t: TestContext, options: Partial<SimulatorOptions> = {}) {
  const shop = await playShop(t)
  const simulator = await playNowPayments(t, options)
  const client = openNowPayments({ apiUrl: simulator.url, apiKey, pauseMs: () => 1 })
  const request: PaymentRequest = {
    priceCents: 2148n,
    payCurrency: 'sol',
    orderId: 'K7M2P9QRST-1',
    description: 'Comptoir order K7M2P9QRST',
    callbackUrl: shop.url,
  }
  return { shop, simulator, client, request }
}

test('our shop buys, hears and re-reads a payment to its end', async (t) => {
  const { shop, simulator, client, request } = await aShopAtNowPayments(t)
  const created = await client.createPayment(request)
  assert.ok(created.kind === 'created')
  const { paymentId, payAmount, priceCents, orderId } = created.payment
  assert.deepEqual([priceCents, orderId], [2148n, 'K7M2P9QRST-1'])
  simulator.act(paymentId, { action: 'pay' })
  await simulator.idle()
  const reply = await client.readPayment(paymentId)
  assert.ok(reply.kind === 'found')
  assert.deepEqual([reply.report.status, reply.report.actuallyPaid], ['finished', payAmount])
  assert.equal(shop.statuses().at(-1), 'finished')
})

test('our shop sees what can be paid with, and the least of it', async (t) => {
  const { client } = await aShopAtNowPayments(t, { enabledCoins: ['btc', 'sol'] })
  assert.deepEqual(await client.merchantCoins(), { kind: 'found', value: ['btc', 'sol'] })
  const currencies = await client.fullCurrencies()
  assert.equal(currencies.kind === 'found' && currencies.value.find(({ code }) => code === 'sol')?.decimals, 9)
  const minimum = await client.minAmount('btc', 'usdtsol')
  assert.ok(minimum.kind === 'found')
  assert.ok(Math.abs(Number(minimum.value.usd) - 18.8) < 0.01)
  const estimate = await client.estimate(2148n, 'sol')
  assert.ok(estimate.kind === 'found' && Number(estimate.value) > 0.1)
})

test('an amount given as text is as good as a number', async (t) => {
  const { simulator, client, request } = await aShopAtNowPayments(t)
  simulator.faults.add({ kind: 'string-amounts', times: 2 })
  const created = await client.createPayment(request)
  const estimate = await client.estimate(2148n, 'sol')
  assert.ok(created.kind === 'created' && estimate.kind === 'found')
  assert.match(created.payment.payAmount, /^0\.1\d+$/)
})

test('a creation whose reply is lost is unknown to us, though the payment exists and is told of', async (t) => {
  const { shop, simulator, client, request } = await aShopAtNowPayments(t)
  simulator.faults.add({ kind: 'lost-reply', on: 'create' })
  assert.equal((await client.createPayment(request)).kind, 'unknown')
  assert.equal(simulator.payments().length, 1)
  await simulator.idle()
  const [told] = shop.told
  assert.equal(told?.notification.kind === 'payment' && told.notification.orderId, request.orderId)
})

test('every way a creation can go wrong has its answer, and none makes a second payment', async (t) => {
  const { simulator, client, request } = await aShopAtNowPayments(t)
  simulator.faults.add({ kind: 'throttle', on: 'create', times: null })
  const throttled = await client.createPayment(request)
  simulator.faults.clear()
  simulator.faults.add({ kind: 'coin-unavailable', on: 'create' })
  const unavailable = await client.createPayment(request)
  const small = await client.createPayment({ ...request, priceCents: 50n })
  simulator.faults.add({ kind: 'server-error', on: 'create' })
  const failed = await client.createPayment(request)
  simulator.faults.add({ kind: 'reset', on: 'create' })
  const cut = await client.createPayment(request)
  const stranger = openNowPayments({ apiUrl: simulator.url, apiKey: 'wrong' })
  const shut = await stranger.createPayment(request)
  const answers = [throttled, unavailable, small, failed, cut, shut]
  const seen = answers.map((answer) => (answer.kind === 'refused' ? answer.reason : answer.kind))
  const expected = ['throttled', 'coin unavailable', 'below minimum', 'unknown', 'unknown', 'not authorised']
  assert.deepEqual(seen, expected)
  assert.equal(simulator.payments().length, 0)
})

test('a busy or broken provider delays a re-read, and does not break it', async (t) => {
  const { simulator, client, request } = await aShopAtNowPayments(t)
  const created = await client.createPayment(request)
  assert.ok(created.kind === 'created')
  for (const kind of ['throttle', 'reset', 'server-error'] as const) simulator.faults.add({ kind, on: 'read' })
  assert.equal((await client.readPayment(created.payment.paymentId)).kind, 'found')
  simulator.faults.add({ kind: 'server-error', on: 'read', times: null, httpStatus: 503 })
  const reply = await client.readPayment(created.payment.paymentId)
  assert.deepEqual(reply, { kind: 'unreachable', cause: 'HTTP 503' })
})

test('a payment made with the old key is not found with the new one', async (t) => {
  const { simulator, client, request } = await aShopAtNowPayments(t)
  const created = await client.createPayment(request)
  assert.ok(created.kind === 'created')
  simulator.rotateKey('another')
  assert.equal((await client.readPayment(created.payment.paymentId)).kind, 'not authorised')
  const renewed = openNowPayments({ apiUrl: simulator.url, apiKey: 'another' })
  assert.equal((await renewed.readPayment(created.payment.paymentId)).kind, 'not found')
})

test('our pace stays under the limits of the provider', async (t) => {
  const { simulator, client, request } = await aShopAtNowPayments(t, { hasLimits: true })
  await client.status() // the first call to a server that just started may be late, and its followers on its heels
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => client.createPayment(request)))
  assert.deepEqual(new Set(answers.map(({ kind }) => kind)), new Set(['created']))
  assert.equal(simulator.payments().length, 5)
})

test('a provider that hangs is unreachable, and a creation it swallowed unknown', async (t) => {
  const { simulator, request } = await aShopAtNowPayments(t)
  const deadlines = { get: 40, create: 40 }
  const client = openNowPayments({ apiUrl: simulator.url, apiKey, deadlines, pauseMs: () => 1 })
  simulator.faults.add({ kind: 'timeout', times: null })
  const cause = 'no answer in time'
  assert.deepEqual(await client.merchantCoins(), { kind: 'unreachable', cause })
  assert.deepEqual(await client.createPayment(request), { kind: 'unknown', cause })
})
