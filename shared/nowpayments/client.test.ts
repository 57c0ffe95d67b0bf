import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import test, { type TestContext } from 'node:test'
import { pino } from 'pino'
import { openNowPayments, type PaymentRequest } from './client.ts'

type Asked = { method: string; url: string; key: string; body: string }
type Script = (asked: Asked, response: ServerResponse) => void

const apiKey = 'AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD'
const html = '<html><head><title>429 Too Many Requests</title></head></html>'

const say = (status: number, body: string) => (_asked: Asked, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' }).end(body)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** A provider that answers by a script: one step per request, the last one for ever. */
async function aProvider(t: TestContext, ...script: Script[]) {
  const asked: Asked[] = []
  const logged: string[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const key = String(request.headers['x-api-key'])
    const call = { method: request.method ?? '', url: request.url ?? '', key, body: await readBody(request) }
    asked.push(call)
    script[Math.min(asked.length, script.length) - 1]?.(call, response)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`
  const log = pino({}, { write: (line) => logged.push(line) })
  return { client: openNowPayments({ apiUrl, apiKey, log, pauseMs: () => 1 }), asked, logged }
}

const request: PaymentRequest = {
  priceCents: 1990n,
  payCurrency: 'usdtsol',
  orderId: 'K7M2P9QRST-1',
  description: 'Comptoir order K7M2P9QRST',
  callbackUrl: 'https://shop.example/ipn/nowpayments',
}

const created = `{"payment_id":"5745459419","payment_status":"waiting","pay_address":"7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q",
  "price_amount":19.9,"price_currency":"usd","pay_amount":19.90123456,"pay_currency":"usdtsol","order_id":"K7M2P9QRST-1",
  "purchase_id":"5837122679","amount_received":null,"payin_extra_id":null,"network":"sol","network_precision":"6",
  "created_at":"2026-10-06T10:00:00.000Z","valid_until":"2026-10-13T10:00:00.000Z"}`

test('a payment is asked for once, with its exact price and our key', async (t) => {
  const { client, asked } = await aProvider(t, say(201, created))
  const answer = await client.createPayment(request)
  assert.ok(answer.kind === 'created')
  assert.equal(answer.payment.address, '7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q')
  assert.equal(answer.payment.priceCents, 1990n)
  assert.equal(answer.payment.payAmount, '19.90123456')
  assert.equal(answer.payment.actuallyPaid, '0')
  assert.deepEqual(answer.payment.validUntil, new Date('2026-10-13T10:00:00.000Z'))
  assert.equal(asked.length, 1)
  assert.equal(asked[0]?.key, apiKey)
  assert.equal(asked[0].url, '/v1/payment')
  assert.match(asked[0].body, /^\{"price_amount":19\.90,"price_currency":"usd","pay_currency":"usdtsol",/)
})

test('a clear no at creation says why', async (t) => {
  const no = (status: number, code: string, message: string) =>
    say(status, JSON.stringify({ status: false, statusCode: status, code, message }))
  const cases: [Script, string][] = [
    [no(400, 'AMOUNT_MINIMAL_ERROR', 'amountTo is too small'), 'below minimum'],
    [no(500, 'CURRENCY_UNAVAILABLE', 'This currency is currently unavailable. Try it in 2 hours'), 'coin unavailable'],
    [say(500, '{"message":"This currency is currently unavailable. Try it in 2 hours"}'), 'coin unavailable'],
    [no(404, '', 'Currency cup not found'), 'coin unavailable'],
    [no(403, 'INVALID_API_KEY', 'Invalid api key'), 'not authorised'],
    [no(400, 'INVALID_REQUEST_PARAMS', 'order_id must be a string'), 'invalid'],
    [say(400, '{"errors":[{"message":"price_amount is required"}]}'), 'invalid'],
    [say(429, html), 'throttled'],
    [say(403, html), 'throttled'],
  ]
  for (const [script, reason] of cases) {
    const { client, asked } = await aProvider(t, script)
    const answer = await client.createPayment(request)
    assert.equal(answer.kind === 'refused' && answer.reason, reason)
    assert.equal(asked.length, 1)
  }
})

test('a creation whose answer is lost or unclear is unknown, and never repeated', async (t) => {
  const cases: Script[] = [
    (_asked, response) => response.destroy(),
    say(502, html),
    say(500, '{"message":"Internal server error"}'),
    say(201, html),
    say(201, created.replace('5745459419', '')),
    say(201, created.replace(/"pay_address":"\w+"/, '"pay_address":null')),
    say(302, html),
  ]
  for (const script of cases) {
    const { client, asked } = await aProvider(t, script)
    assert.equal((await client.createPayment(request)).kind, 'unknown')
    assert.equal(asked.length, 1)
  }
})

const found = `{"payment_id":5745459419,"invoice_id":null,"payment_status":"finished","pay_address":"7v91","payin_extra_id":null,
  "price_amount":19.9,"price_currency":"usd","pay_amount":1e-7,"actually_paid":0.00000010,"pay_currency":"btc","order_id":"K-1",
  "purchase_id":5837122679,"outcome_amount":19.5,"outcome_currency":"usdtsol","burning_percent":"null","type":"crypto2crypto",
  "created_at":"2026-10-06T10:00:00.000Z","payment_extra_ids":[5745460001],"parent_payment_id":"null"}`

test('a payment is re-read with exact ids and amounts', async (t) => {
  const { client, asked } = await aProvider(t, say(200, found))
  const answer = await client.readPayment('5745459419')
  assert.ok(answer.kind === 'found')
  const { report } = answer
  assert.equal(report.paymentId, '5745459419')
  assert.deepEqual([report.payAmount, report.actuallyPaid], ['0.0000001', '0.0000001'])
  assert.deepEqual([report.parentPaymentId, report.childPaymentIds], [null, ['5745460001']])
  assert.equal(asked[0]?.url, '/v1/payment/5745459419')
})

test('a re-read is tried again while the provider is busy, and then found', async (t) => {
  const lost: Script = (_asked, response) => response.destroy()
  const { client, asked } = await aProvider(t, say(429, html), lost, say(502, html), say(200, found))
  assert.equal((await client.readPayment('5745459419')).kind, 'found')
  assert.equal(asked.length, 4)
})

test('a provider that stays away is unreachable, after four tries', async (t) => {
  const { client, asked } = await aProvider(t, say(503, html))
  assert.deepEqual(await client.readPayment('5745459419'), { kind: 'unreachable', cause: 'HTTP 503' })
  assert.equal(asked.length, 4)
})

test('a missing payment and a refused key are told apart, and not asked for again', async (t) => {
  const gone = await aProvider(t, say(404, '{"code":"NOT_FOUND","message":"Payment not found"}'))
  assert.deepEqual(await gone.client.readPayment('1'), { kind: 'not found', message: 'Payment not found' })
  const shut = await aProvider(t, say(403, '{"code":"INVALID_API_KEY","message":"Invalid api key"}'))
  assert.deepEqual(await shut.client.readPayment('1'), { kind: 'not authorised', message: 'Invalid api key' })
  assert.deepEqual([gone.asked.length, shut.asked.length], [1, 1])
})

test('an answer about another payment, or with an amount that is none, is not believed', async (t) => {
  const untrue = [
    found.replace('5745459419', '5745459418'),
    found.replace('1e-7', '"much"'),
    '[]',
    '"null"',
    found.slice(1),
  ]
  for (const body of untrue) {
    const { client } = await aProvider(t, say(200, body))
    assert.equal((await client.readPayment('5745459419')).kind, 'unreachable', body)
  }
})

test('without an id nothing is asked, because the provider would list every payment', async (t) => {
  const { client, asked } = await aProvider(t, say(200, found))
  for (const id of ['', ' ', '1/../2', '5745459419 ', '?limit=1']) {
    await assert.rejects(client.readPayment(id), /Expected a payment id of digits/)
  }
  assert.equal(asked.length, 0)
})

test('a redirect is not followed with our key', async (t) => {
  const away: Script = (_asked, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()
  const { client, asked } = await aProvider(t, away)
  assert.deepEqual(await client.readPayment('5'), { kind: 'unreachable', cause: 'HTTP 307' })
  assert.equal(asked.length, 1)
})

test('the coins of the account are read in both shapes, in lower case', async (t) => {
  const { client } = await aProvider(
    t,
    say(200, '{"selectedCurrencies":["BTC","USDTSOL"]}'),
    say(200, '{"currencies":["eth", 7, null, "a coin?"]}'),
    say(200, '{"coins":[]}'),
  )
  assert.deepEqual(await client.merchantCoins(), { kind: 'found', value: ['btc', 'usdtsol'] })
  assert.deepEqual(await client.merchantCoins(), { kind: 'found', value: ['eth', '7'] })
  assert.equal((await client.merchantCoins()).kind, 'unreachable')
})

test('decimals of a coin come as text or number, and one odd coin hides no other', async (t) => {
  const coin = (code: string, more: object) => ({ code, name: code, enable: true, network: 'sol', ...more })
  const currencies = [
    coin('USDTSOL', { network_precision: '6', available_for_payment: true, extra_id_exists: false }),
    coin('XRP', { network_precision: 6, extra_id_exists: true, available_for_payment: false }),
    coin('BTC', { network_precision: null }),
    { code: 'NO NAME' },
  ]
  const { client } = await aProvider(t, say(200, JSON.stringify({ currencies })))
  const reply = await client.fullCurrencies()
  assert.ok(reply.kind === 'found')
  const seen = reply.value.map(({ code, decimals, isPayable, hasMemo }) => [code, decimals, isPayable, hasMemo])
  assert.deepEqual(seen, [
    ['usdtsol', 6, true, false],
    ['xrp', 6, false, true],
    ['btc', null, true, false],
  ])
})

test('minimum and estimate are exact, and asked as the payment will be', async (t) => {
  const { client, asked } = await aProvider(
    t,
    say(200, '{"currency_from":"btc","currency_to":"usdtsol","min_amount":0.00002496,"fiat_equivalent":18.8}'),
    say(200, '{"currency_from":"usd","amount_from":19.9,"currency_to":"btc","estimated_amount":"13.00982534"}'),
  )
  const minimum = await client.minAmount('btc', 'usdtsol')
  assert.deepEqual(minimum, { kind: 'found', value: { amount: '0.00002496', usd: '18.8' } })
  assert.deepEqual(await client.estimate(1990n, 'btc'), { kind: 'found', value: '13.00982534' })
  const [minimumPath, estimatePath] = asked.map(({ url }) => url)
  const rates = 'fiat_equivalent=usd&is_fixed_rate=false&is_fee_paid_by_user=false'
  assert.equal(minimumPath, `/v1/min-amount?currency_from=btc&currency_to=usdtsol&${rates}`)
  assert.equal(estimatePath, '/v1/estimate?amount=19.90&currency_from=usd&currency_to=btc')
})

test('a coin that is switched off for an hour is a refusal, not an outage', async (t) => {
  const { client, asked } = await aProvider(
    t,
    say(500, '{"code":"CURRENCY_UNAVAILABLE","message":"Try it in 2 hours"}'),
  )
  const reply = await client.estimate(1990n, 'btc')
  assert.deepEqual(reply, { kind: 'refused', code: 'CURRENCY_UNAVAILABLE', message: 'Try it in 2 hours' })
  assert.equal(asked.length, 1)
})

test('the log says what was asked and what came, without key or address', async (t) => {
  const { client, logged } = await aProvider(t, say(201, created), say(200, found), say(200, '{"message":"OK"}'))
  await client.createPayment(request)
  await client.readPayment('5745459419')
  assert.deepEqual(await client.status(), { kind: 'found', value: 'OK' })
  const lines = logged.map((line) => JSON.parse(line) as { call: string; status: number })
  const facts = lines.map(({ call, status }) => [call, status])
  assert.deepEqual(facts, [
    ['create payment', 201],
    ['payment', 200],
    ['status', 200],
  ])
  assert.doesNotMatch(logged.join(''), /AAAAAAA|7v91/)
})

test('a provider that is not there at all is an answer, not an exception', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  const client = openNowPayments({ apiUrl: `http://127.0.0.1:${port}/v1`, apiKey, pauseMs: () => 1 })
  const reply = await client.readPayment('5')
  assert.deepEqual(reply, { kind: 'unreachable', cause: 'fetch failed (ECONNREFUSED)' })
  assert.deepEqual(await client.createPayment(request), { kind: 'unknown', cause: 'fetch failed (ECONNREFUSED)' })
})
