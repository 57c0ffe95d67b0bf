import assert from 'node:assert/strict'
import test from 'node:test'
import { aProvider, say } from './testing/scripted-provider.ts'

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
  assert.deepEqual(await client.worth('btc', '0.00012345'), { kind: 'found', value: '13.00982534' })
  const [minimumPath, estimatePath, worthPath] = asked.map(({ url }) => url)
  const rates = 'fiat_equivalent=usd&is_fixed_rate=false&is_fee_paid_by_user=false'
  assert.equal(minimumPath, `/v1/min-amount?currency_from=btc&currency_to=usdtsol&${rates}`)
  assert.equal(estimatePath, '/v1/estimate?amount=19.90&currency_from=usd&currency_to=btc')
  assert.equal(worthPath, '/v1/estimate?amount=0.00012345&currency_from=btc&currency_to=usd')
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
