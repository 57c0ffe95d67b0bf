import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { newAddress } from './addresses.ts'
import { type SimulatorOptions } from './options.ts'
import { call, type Json, playNowPayments, playShop } from './testing/play.ts'

const credentials = { email: 'owner@shop.example', password: 'simulated' }

async function aTreasury(t: TestContext, options: Partial<SimulatorOptions> = {}) {
  const shop = await playShop(t)
  const simulator = await playNowPayments(t, { funds: { usdtsol: '100' }, ...options })
  const token = String((await call(simulator.url, '/auth', { json: credentials })).body['token'])
  const withdrawal = { address: newAddress('solana'), currency: 'usdtsol', amount: 40, unique_external_id: 'payout-1' }
  const pay = (changes: object = {}, batch: object = {}) => {
    const json = { ipn_callback_url: shop.url, withdrawals: [{ ...withdrawal, ...changes }], ...batch }
    return call(simulator.url, '/payout', { token, json })
  }
  const verify = (id: unknown, code = '123456') =>
    call(simulator.url, `/payout/${String(id)}/verify`, { token, json: { verification_code: code } })
  const read = async (id: unknown) => {
    const { text } = await call(simulator.url, `/payout/${String(id)}`)
    return JSON.parse(text) as Json[]
  }
  return { shop, simulator, token, pay, verify, read }
}

test('a payout runs once it is confirmed, and the shop is told each step', async (t) => {
  const { shop, simulator, pay, verify, read } = await aTreasury(t)
  const { status, body } = await pay()
  assert.equal(status, 200)
  const [created] = body['withdrawals'] as Json[]
  assert.deepEqual([created?.['status'], created?.['amount'], typeof created?.['id']], ['CREATING', '40', 'string'])
  assert.equal((await verify(body['id'])).text, 'OK')
  await simulator.idle()
  const [done] = await read(body['id'])
  assert.equal(done?.['status'], 'FINISHED')
  assert.match(String(done['hash']), /^[0-9a-f]{64}$/)
  assert.deepEqual(shop.statuses(), ['CREATING', 'WAITING', 'PROCESSING', 'SENDING', 'FINISHED'])
  assert.ok(shop.told.every(({ notification }) => notification.kind === 'payout'))
  assert.deepEqual((await call(simulator.url, '/balance')).body, { usdtsol: { amount: 60, pendingAmount: 0 } })
})

test('a payout that was named before is refused, for good', async (t) => {
  const { pay } = await aTreasury(t)
  await pay()
  const { status, body } = await pay()
  assert.deepEqual([status, body['message']], [400, 'unique_external_id already exists'])
})

test('a payout to an address of another network, or finer than six decimals, is refused', async (t) => {
  const { pay, simulator } = await aTreasury(t)
  const wrong = await pay({ address: newAddress('ethereum') })
  assert.deepEqual([wrong.status, wrong.body['code']], [400, 'BAD_CREATE_WITHDRAWAL_REQUEST'])
  assert.equal((await pay({ amount: 0.0000001 })).status, 400)
  const check = (json: object) => call(simulator.url, '/payout/validate-address', { json })
  assert.equal((await check({ address: newAddress('solana'), currency: 'usdcsol' })).text, 'OK')
  assert.equal((await check({ address: 'nowhere', currency: 'usdcsol' })).status, 400)
})

test('ten wrong codes reject a payout', async (t) => {
  const { simulator, pay, verify, read } = await aTreasury(t)
  const { body } = await pay()
  for (let tries = 1; tries <= 10; tries += 1) assert.equal((await verify(body['id'], '000000')).status, 400)
  assert.equal((await verify(body['id'])).status, 400)
  await simulator.idle()
  assert.equal((await read(body['id']))[0]?.['status'], 'REJECTED')
})

test('an hour without confirmation rejects a payout', async (t) => {
  let now = Date.parse('2026-10-01T00:00:00Z')
  const { simulator, pay, read } = await aTreasury(t, { clock: () => now })
  const { body } = await pay()
  now += 3_600_000
  simulator.tick()
  assert.equal((await read(body['id']))[0]?.['status'], 'REJECTED')
})

test('more than there is fails, and a scheduled payout waits and can be cancelled', async (t) => {
  const { simulator, pay, verify, read, token } = await aTreasury(t)
  const { body } = await pay({ amount: 500 })
  await verify(body['id'])
  await simulator.idle()
  assert.equal((await read(body['id']))[0]?.['status'], 'FAILED')

  const later = await pay({ unique_external_id: 'payout-2' }, { execute_at: '2100-01-01T00:00:00Z' })
  await verify(later.body['id'])
  await simulator.idle()
  const [waiting] = await read(later.body['id'])
  const cancelled = await call(simulator.url, `/payout/${String(waiting?.['id'])}/cancel`, { token, json: {} })
  assert.deepEqual([waiting?.['status'], cancelled.body['status']], ['CREATING', 'CANCELLED'])
})

test('money moves only for known addresses, with a login', async (t) => {
  const { simulator, pay } = await aTreasury(t, { allowedIps: ['203.0.113.7'] })
  const stranger = await pay()
  assert.deepEqual([stranger.status, stranger.body['code']], [403, 'ENDPOINT_NOT_ALLOWED'])
  assert.match(String(stranger.body['message']), /^Access denied \| Invalid IP - /)
  assert.equal((await call(simulator.url, '/balance')).status, 403)
  assert.equal((await call(simulator.url, '/payout-withdrawal/min-amount/usdtsol')).status, 403)
  assert.equal((await call(simulator.url, '/payout', { json: { withdrawals: [] } })).status, 401)
})

test('fee and minimum of a payout are numbers', async (t) => {
  const { url } = await playNowPayments(t)
  const fee = await call(url, '/payout/fee?currency=usdtsol&amount=10')
  assert.equal(typeof fee.body['fee'], 'number')
  const minimum = await call(url, '/payout-withdrawal/min-amount/btc')
  assert.deepEqual([minimum.body['success'], typeof minimum.body['result']], [true, 'number'])
  const { body } = await call(url, '/payout?status=finished')
  assert.deepEqual(body, { payouts: [] })
})
