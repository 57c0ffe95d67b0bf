import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dollars, cents } from './money.ts'
import { type PriceFault, readPrice } from './price.ts'

const range = { least: 999n, most: 500_000n }
const read = (text: string) => readPrice(text, range)

test('a price is read however people of either language write it', () => {
  const spellings: Record<string, bigint> = {
    '12': 1200n,
    '12.5': 1250n,
    '12,50': 1250n,
    '$12.50': 1250n,
    '$ 12.50': 1250n,
    '12,50 $': 1250n,
    '12,50\u00a0$': 1250n,
    '12,50\u202f$': 1250n,
    ' 12.50\n': 1250n,
    '1\u202f234,56 $': 123_456n,
    '009,99': 999n,
    '9,99': 999n,
    '5000.00': 500_000n,
    '0': 0n,
    '0,00 $': 0n,
  }
  for (const [text, amount] of Object.entries(spellings)) {
    assert.deepEqual(read(text), { kind: 'price', price: amount }, text)
  }
})

test('whatever is no price is refused, and says why', () => {
  const faults: Record<PriceFault, readonly string[]> = {
    'not a number': [
      ...[
        '',
        ' ',
        'NaN',
        'Infinity',
        '-Infinity',
        '1e3',
        '1E3',
        '0x10',
        'twelve',
        '12 USD',
        '12 €',
        '$12$',
        '$',
        '12.',
        '.5',
      ],
      ...['1,234.56', '1 2', '12 5000', '12.5.0', '1_000', '٣٠', '１２', '12\u202e', '12%', '+12', '9'.repeat(101)],
    ],
    negative: ['-5', '−5', '-9.99', '$-5', '-$5', '- 5 $', '-0', '-1e3'],
    'too many decimals': ['9,989', '12.500', '12.000', '0.001', '1.999999999999'],
    'too low': ['0.01', '9.98', '1', '5,5'],
    'too high': ['5000.01', '5001', '9'.repeat(60)],
  }
  for (const [fault, texts] of Object.entries(faults)) {
    for (const text of texts) assert.deepEqual(read(text), { kind: 'refused', fault }, JSON.stringify(text))
  }
})

test('every price the shop shows can be typed back', () => {
  fc.assert(
    fc.property(fc.bigInt(999n, 500_000n), fc.constantFrom('.', ','), (amount, point) => {
      const text = dollars(cents(amount)).replace('.', point)
      assert.deepEqual(read(text), { kind: 'price', price: amount })
    }),
  )
})

test('no text at all makes a price outside of the range', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[-$]?[\d ,.e$\u00a0]{0,12}$/), (text) => {
      const result = read(text)
      if (result.kind === 'price') assert.ok(result.price === 0n || (result.price >= 999n && result.price <= 500_000n))
    }),
  )
})
