import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { cents } from '../../../shared/domain/money.ts'
import { type DecimalText } from '../../../shared/domain/decimal.ts'
import { type Reply } from '../../../shared/nowpayments/client.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { type CoinDeps, findCoins, findKnownCoins } from './offered-coins.ts'

const away = { kind: 'unreachable', cause: 'timeout' } as const
const found = <Value>(value: Value): Reply<Value> => ({ kind: 'found', value })
const usd = (text: string) => found({ amount: '1' as DecimalText, usd: text as DecimalText })

async function aProvider(t: TestContext, minimums: Record<string, string>) {
  const db = await createTestDatabase(t)
  const asked: string[] = []
  const provider = { isAway: false, enabled: Object.keys(minimums), minimums }
  const deps: CoinDeps = {
    db,
    log: pino({ enabled: false }),
    coins: ['usdtsol', 'sol', 'btc'],
    outcomeCoin: 'usdcsol',
    payments: {
      merchantCoins: () => Promise.resolve(provider.isAway ? away : found(provider.enabled)),
      minAmount: (coin, outcome) => {
        asked.push(`${coin}->${outcome}`)
        return Promise.resolve(provider.isAway ? away : usd(provider.minimums[coin] ?? '0'))
      },
      estimate: (price, coin) => {
        asked.push(`${coin} for ${price}`)
        return Promise.resolve(provider.isAway ? away : found('0.5' as DecimalText))
      },
    },
  }
  return { deps, provider, asked, db }
}

const names = (coins: readonly { readonly coin: string }[]) => coins.map(({ coin }) => coin)
const total = cents(2148n)

test('a coin is offered when its minimum with five percent on top is within the total', async (t) => {
  const { deps } = await aProvider(t, { usdtsol: '20.457142', sol: '20.46', btc: '18.80' })
  const { offered, hidden } = await findCoins(deps, total)
  assert.deepEqual(names(offered), ['btc'], 'minimums are rounded up to the cent, against the buyer')
  assert.deepEqual(hidden, [
    { coin: 'usdtsol', minimum: 2046n },
    { coin: 'sol', minimum: 2046n },
  ])
})

test('a coin the merchant account does not have is hidden without a minimum', async (t) => {
  const { deps } = await aProvider(t, { usdtsol: '5', btc: '10' })
  const { offered, hidden } = await findCoins(deps, total)
  assert.deepEqual(names(offered), ['usdtsol', 'btc'])
  assert.deepEqual(hidden, [{ coin: 'sol', minimum: undefined }])
})

test('the provider is asked once in ten minutes, with the coin the account settles in', async (t) => {
  const { deps, asked } = await aProvider(t, { usdtsol: '5', sol: '5', btc: '5' })
  await findCoins(deps, total)
  assert.deepEqual(asked.slice(0, 3).sort(), ['btc->usdcsol', 'sol->usdcsol', 'usdtsol->usdcsol'])
  asked.length = 0
  assert.deepEqual((await findCoins(deps, total)).offered[0], { coin: 'usdtsol', estimate: '0.5' })
  assert.deepEqual(asked, [])
})

test('while the provider is away the last known minimum holds for a day, and then none', async (t) => {
  const { deps, provider, db } = await aProvider(t, { usdtsol: '5', sol: '5', btc: '5' })
  await findCoins(deps, total)
  provider.isAway = true
  await db.query(`update coin_limits set read_at = now() - interval '23 hours'`)
  assert.deepEqual(names((await findCoins(deps, total)).offered), ['usdtsol', 'sol', 'btc'])
  await db.query(`update coin_limits set read_at = now() - interval '25 hours'`)
  assert.deepEqual((await findCoins(deps, total)).offered, [])
})

test('without an estimate the coin is offered all the same', async (t) => {
  const { deps, provider, db } = await aProvider(t, { usdtsol: '5', sol: '5', btc: '5' })
  await findCoins(deps, total)
  await db.query(`delete from coin_estimates`)
  provider.isAway = true
  assert.deepEqual((await findCoins(deps, total)).offered[0], { coin: 'usdtsol', estimate: undefined })
})

test('what is known already is told without asking anybody', async (t) => {
  const { deps, asked } = await aProvider(t, { usdtsol: '5', sol: '5', btc: '5' })
  assert.deepEqual((await findKnownCoins(deps, total)).offered, [])
  assert.deepEqual(asked, [])
})
