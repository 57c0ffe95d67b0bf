import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import test from 'node:test'
import { openNowPayments } from './client.ts'
import { apiKey, aProvider, created, html, request, say, type Script } from './testing/scripted-provider.ts'

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
