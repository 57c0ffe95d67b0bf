import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { amountToPay, type Coin, coinFacts, coins } from '../../../shared/domain/coin.ts'
import { compareDecimals, parseDecimal } from '../../../shared/domain/decimal.ts'
import { type PaymentTarget, qrText } from './qr-text.ts'

const addresses: Record<Coin, string> = {
  btc: 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
  eth: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  sol: 'mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN',
  usdtsol: 'mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN',
  usdcsol: 'mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN',
}

const target = (coin: Coin, amount: string, other: Partial<PaymentTarget> = {}): PaymentTarget => ({
  coin,
  amount: amountToPay(amount, coin),
  address: addresses[coin],
  memo: null,
  network: coinFacts[coin].network,
  ...other,
})

test('writes the payment link that wallets of each coin understand', () => {
  assert.equal(qrText(target('btc', '0.00120000')), `bitcoin:${addresses.btc}?amount=0.0012`)
  assert.equal(qrText(target('eth', '0.0031')), `ethereum:${addresses.eth}@1?value=3100000000000000`)
  assert.equal(qrText(target('sol', '1e-1')), `solana:${addresses.sol}?amount=0.1`)
  assert.equal(
    qrText(target('usdtsol', '11.48')),
    `solana:${addresses.sol}?amount=11.48&spl-token=Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB`,
  )
  assert.equal(
    qrText(target('usdcsol', '11.48')),
    `solana:${addresses.sol}?amount=11.48&spl-token=EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v`,
  )
})

test('shows the bare address when a link could lead the money astray', () => {
  assert.equal(qrText(target('sol', '1', { memo: '12345' })), addresses.sol)
  assert.equal(qrText(target('eth', '1', { network: 'bsc' })), addresses.eth)
  assert.equal(qrText({ ...target('btc', '1'), coin: 'doge' }), addresses.btc)
  assert.equal(qrText(target('btc', '1', { address: 'bc1q?amount=9' })), 'bc1q?amount=9')
})

test('takes an unnamed network and an empty memo for what they are: nothing', () => {
  assert.equal(qrText(target('btc', '1', { network: null, memo: '' })), `bitcoin:${addresses.btc}?amount=1`)
})

test('asks in the code for exactly what the message asks for', () => {
  fc.assert(
    fc.property(fc.constantFrom(...coins), fc.bigInt(1n, 10n ** 24n), (coin, units) => {
      const asked = target(coin, `${units}e-18`)
      const { searchParams } = new URL(qrText(asked))
      const wei = searchParams.get('value')
      const amount = wei === null ? parseDecimal(searchParams.get('amount') ?? '') : { digits: BigInt(wei), scale: 18 }
      assert.equal(compareDecimals(amount, parseDecimal(asked.amount)), 0)
    }),
  )
})
