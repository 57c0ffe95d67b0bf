import assert from 'node:assert/strict'
import test from 'node:test'
import { apiKey, aProvider, created, html, request, say, type Script } from './testing/scripted-provider.ts'

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
  ]
  for (const [script, reason] of cases) {
    const { client, asked } = await aProvider(t, script)
    const answer = await client.createPayment(request)
    assert.equal(answer.kind === 'refused' && answer.reason, reason)
    assert.equal(asked.length, 1)
  }
})

test('what the limiter turned away is asked again for a while, and then given up without a doubt', async (t) => {
  const busy = [say(429, html), say(403, html), say(429, '{"message":"Too Many Requests"}')]
  const patient = await aProvider(t, ...busy, say(201, created))
  assert.equal((await patient.client.createPayment(request)).kind, 'created')
  assert.equal(patient.asked.length, 4)

  const { client, asked } = await aProvider(t, say(429, html))
  const answer = await client.createPayment(request)
  assert.equal(answer.kind === 'refused' && answer.reason, 'throttled')
  assert.equal(asked.length, 4)
})

test('a creation is never asked again after a doubt, also not when the limiter had turned it away first', async (t) => {
  const { client, asked } = await aProvider(t, say(429, html), say(502, html), say(201, created))
  assert.equal((await client.createPayment(request)).kind, 'unknown')
  assert.equal(asked.length, 2)
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
