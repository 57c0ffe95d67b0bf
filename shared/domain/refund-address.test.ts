import assert from 'node:assert/strict'
import { test } from 'node:test'
import bs58 from 'bs58'
import fc from 'fast-check'
import { readBitcoinAddress } from './bitcoin-address.ts'
import { readEthereumAddress } from './ethereum-address.ts'
import { readRefundAddress } from './refund-address.ts'
import { readTransactionHash } from './transaction-hash.ts'

// the examples of BIP-173, BIP-350 and EIP-55
const bitcoin = [
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
  '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
  'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
  'bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3',
  'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
  'bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y',
]
const notBitcoin = {
  checksum: [
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5',
    'bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4',
    'BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7KV8F3T4',
  ],
  'other network': [
    'tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy',
    'mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn',
  ],
  'not an address': ['', 'bc', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 'bc1pw5dgrnzv', '1'.repeat(30)],
}

test('an address of Bitcoin is taken in every spelling there is, and not with one wrong sign', () => {
  for (const address of bitcoin) assert.equal(readBitcoinAddress(address), 'address', address)
  for (const [fault, addresses] of Object.entries(notBitcoin))
    for (const address of addresses) assert.equal(readBitcoinAddress(address), fault, address)
})

test('whatever single sign of a Bitcoin address is mistyped, it is not taken', () => {
  const signs = '023456789acdefghjklmnpqrstuvwxyz'
  const good = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'
  fc.assert(
    fc.property(fc.integer({ min: 4, max: good.length - 1 }), fc.constantFrom(...Array.from(signs)), (place, sign) => {
      fc.pre(good[place] !== sign)
      assert.notEqual(readBitcoinAddress(good.slice(0, place) + sign + good.slice(place + 1)), 'address')
    }),
  )
})

test('an address of Ethereum is written with its checksum, and refused when its checksum is wrong', () => {
  for (const address of [
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ]) {
    assert.deepEqual(readEthereumAddress(address), { kind: 'address', address })
    assert.deepEqual(readEthereumAddress(address.toLowerCase()), { kind: 'address', address })
  }
  assert.equal(readEthereumAddress('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAEd').kind, 'checksum')
  for (const text of ['', '0x', `0x${'0'.repeat(40)}`, '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'])
    assert.equal(readEthereumAddress(text).kind, 'not an address', text)
})

test('a refund goes to an address of its own coin, as people paste it', () => {
  const solana = 'DRpbCBMxVnDK7maPM5tGv6MvB3v1sRMC86PZ8okm21hy'
  assert.deepEqual(readRefundAddress('usdtsol', ` ${solana}\n`), { kind: 'address', address: solana, isOrdinary: true })
  assert.equal(readRefundAddress('btc', `bitcoin:${bitcoin[0] ?? ''}?amount=1`).kind, 'address')
  assert.equal(readRefundAddress('eth', 'ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed@1').kind, 'address')
  assert.equal(readRefundAddress('btc', solana).kind, 'refused')
  assert.equal(readRefundAddress('eth', bitcoin[0] ?? '').kind, 'refused')
  assert.equal(readRefundAddress('sol', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed').kind, 'refused')
})

test('a transaction is called by what its network calls transactions', () => {
  const signature = bs58.encode(Uint8Array.from({ length: 64 }, (_, index) => index + 1))
  const digits = 'aB'.repeat(32)
  assert.equal(readTransactionHash('usdcsol', ` ${signature} `), signature)
  assert.equal(readTransactionHash('btc', digits), digits.toLowerCase())
  assert.equal(readTransactionHash('eth', `0x${digits}`), `0x${digits.toLowerCase()}`)
  for (const bytes of [63, 65])
    assert.equal(readTransactionHash('sol', bs58.encode(new Uint8Array(bytes).fill(7))), undefined)
  assert.equal(readTransactionHash('sol', digits), undefined)
  assert.equal(readTransactionHash('btc', signature), undefined)
  assert.equal(readTransactionHash('btc', `0x${digits}`), undefined)
  assert.equal(readTransactionHash('eth', digits), undefined)
  assert.equal(readTransactionHash('eth', ''), undefined)
})
