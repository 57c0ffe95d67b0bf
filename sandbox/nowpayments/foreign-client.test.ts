import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request as forward } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo } from 'node:net'
import test, { type TestContext } from 'node:test'
import { apiKey, playNowPayments } from './testing/play.ts'

type TheirClient = Record<
  | 'status'
  | 'getCurrencies'
  | 'getMinimumPaymentAmount'
  | 'getEstimatePrice'
  | 'createPayment'
  | 'getPaymentStatus'
  | 'createInvoice'
  | 'getListPayments',
  (wish?: object) => Promise<unknown>
>

// Required, not imported: the package ships sources in place of declarations, and they do not pass our compiler.
const NOWPaymentsApi = createRequire(import.meta.url)('@nowpaymentsio/nowpayments-api-js') as new (options: {
  apiKey: string
}) => TheirClient

/**
 * The official client has its host built in, but honours a proxy, and then asks in plain HTTP for the full address. So a
 * proxy that puts our host in the place of theirs makes the unchanged client talk to the simulator.
 */
async function theirClient(t: TestContext, apiUrl: string, key = apiKey): Promise<TheirClient> {
  const proxy = createServer((request, response) => {
    const path = (request.url ?? '').replace('https://api.nowpayments.io', '')
    const { method, headers } = request
    const onward = forward(new URL(path, apiUrl), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const saved = { ...process.env }
  for (const name of ['no_proxy', 'NO_PROXY']) Reflect.deleteProperty(process.env, name)
  process.env['https_proxy'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  t.after(() => {
    process.env = saved
    proxy.closeAllConnections()
    proxy.close()
  })
  return new NOWPaymentsApi({ apiKey: key })
}

test('the official client finds the simulator indistinguishable where it looks', async (t) => {
  const simulator = await playNowPayments(t)
  const client = await theirClient(t, simulator.url)
  assert.deepEqual(await client.status(), { message: 'OK' })
  const { currencies } = (await client.getCurrencies()) as { currencies: string[] }
  assert.ok(currencies.includes('btc'))
  const pair = { currency_from: 'eth', currency_to: 'trx' }
  const minimum = (await client.getMinimumPaymentAmount(pair)) as { min_amount: number }
  assert.ok(minimum.min_amount > 0)
  const wish = { amount: 100, currency_from: 'usd', currency_to: 'btc' }
  const estimate = (await client.getEstimatePrice(wish)) as { estimated_amount: number }
  assert.ok(estimate.estimated_amount > 0.0001)
})

test('the official client creates and follows a payment', async (t) => {
  const simulator = await playNowPayments(t)
  const client = await theirClient(t, simulator.url)
  const wish = { price_amount: 25, price_currency: 'usd', pay_currency: 'ltc', order_id: 'O-1' }
  const created = (await client.createPayment(wish)) as { payment_id: string; payment_status: string }
  assert.equal(created.payment_status, 'waiting')
  simulator.act(created.payment_id, { action: 'pay' })
  await simulator.idle()
  const read = (await client.getPaymentStatus({ payment_id: created.payment_id })) as { payment_status: string }
  assert.equal(read.payment_status, 'finished')
  const invoice = (await client.createInvoice({ price_amount: 10, price_currency: 'usd' })) as { invoice_url: string }
  assert.match(invoice.invoice_url, /\?iid=\d+$/)
})

test('the official client gets the errors it knows', async (t) => {
  const simulator = await playNowPayments(t)
  const client = await theirClient(t, simulator.url)
  const list = (await client.getListPayments({ limit: 5 })) as { message: string }
  assert.equal(list.message, 'Authorization header is empty (Bearer JWTtoken is required)')
  const stranger = await theirClient(t, simulator.url, 'wrong')
  const refused = (await stranger.getCurrencies()) as { message: string }
  assert.equal(refused.message, 'Invalid api key')
})
