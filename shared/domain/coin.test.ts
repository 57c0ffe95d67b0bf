import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { amountToPay, coinFacts, coins, isCoin, networkNameOf, symbolOf } from './coin.ts'
import { compareDecimals, parseDecimal } from './decimal.ts'

test('asks for the amount in plain digits', () => {
  assert.equal(amountToPay('1e-8', 'btc'), '0.00000001')
  assert.equal(amountToPay('0.00012000', 'btc'), '0.00012')
  assert.equal(amountToPay('21', 'usdtsol'), '21')
  assert.equal(amountToPay('1.5E+2', 'sol'), '150')
})

test('rounds up, so that nobody pays too little by paying what was asked', () => {
  assert.equal(amountToPay('11.4800001', 'usdcsol'), '11.480001')
  assert.equal(amountToPay('0.000000001', 'btc'), '0.00000001')
  fc.assert(
    fc.property(
      fc.constantFrom(...coins),
      fc.bigInt(1n, 10n ** 30n),
      fc.integer({ min: 0, max: 24 }),
      (coin, n, scale) => {
        const amount = `${n}e-${scale}`
        const asked = amountToPay(amount, coin)
        assert.ok(compareDecimals(parseDecimal(asked), parseDecimal(amount)) >= 0)
        assert.ok((asked.split('.')[1] ?? '').length <= coinFacts[coin].decimals)
        assert.match(asked, /^\d+(\.\d*[1-9])?$/)
      },
    ),
  )
})

test('asks for nothing when the provider names no amount', () => {
  for (const amount of ['0', '-1', 'NaN', '', '1,5']) assert.throws(() => amountToPay(amount, 'eth'), RangeError)
})

test('names coins as people know them, also the ones we do not take', () => {
  assert.equal(symbolOf('usdtsol'), 'USDT')
  assert.equal(symbolOf('doge'), 'DOGE')
  assert.equal(isCoin('doge'), false)
  assert.equal(isCoin('toString'), false)
})

test('names the network the provider names, so that nobody sends on another', () => {
  assert.equal(networkNameOf('usdtsol', 'sol'), 'Solana')
  assert.equal(networkNameOf('usdtsol', null), 'Solana')
  assert.equal(networkNameOf('eth', 'arbitrum'), 'ARBITRUM')
  assert.equal(networkNameOf('doge', null), 'DOGE')
})
