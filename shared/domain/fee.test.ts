import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { breakdown, describeFeeRule, feeFor, standardFee } from './fee.ts'
import { cents, dollars } from './money.ts'

test('the fee of every example in the price list is right to the cent', () => {
  const totals: [bigint, bigint][] = [
    [0n, 0n],
    [999n, 1148n],
    [4799n, 4948n],
    [4800n, 4951n],
    [10_000n, 10_314n],
    [500_000n, 515_700n],
  ]
  for (const [price, total] of totals) assert.equal(breakdown(cents(price), standardFee).total, total)
})

test('the total is always the price plus the fee, and a dearer product never costs less in all', () => {
  const price = fc.bigInt({ min: 0n, max: 10_000_000n })
  fc.assert(
    fc.property(price, price, (a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a]
      const cheap = breakdown(cents(low), standardFee)
      const dear = breakdown(cents(high), standardFee)
      assert.equal(cheap.total, cheap.price + cheap.fee)
      assert.ok(cheap.total <= dear.total)
    }),
  )
})

test('from the threshold on the fee is within half a cent of its share', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 4800n, max: 10_000_000n }), (price) => {
      const error = feeFor(cents(price), standardFee) * 10_000n - price * standardFee.share
      assert.ok(error > -5000n && error <= 5000n)
    }),
  )
})

test('an order remembers by which rule its fee was made', () => {
  assert.equal(describeFeeRule(standardFee), '149/4800/314')
})

test('dollars are written with two decimals and without rounding', () => {
  assert.deepEqual([0n, 5n, 99n, 100n, 123_456n, -250n].map(dollars), [
    '0.00',
    '0.05',
    '0.99',
    '1.00',
    '1234.56',
    '-2.50',
  ])
})

test('there is no negative price', () => {
  assert.throws(() => cents(-1n), /non-negative amount, got -1/)
})
