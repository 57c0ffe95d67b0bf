import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { breakdown, standardFee } from './fee.ts'
import { personId } from './ids.ts'
import { refundEntry, releaseEntry, saleEntry, sumOf } from './ledger.ts'
import { cents } from './money.ts'

const seller = personId(7)
const anyPrice = fc.bigInt({ min: 1n, max: 1_000_000n }).map(cents)

test('a sale, its release and its refund never create or lose a cent', () => {
  fc.assert(
    fc.property(anyPrice, fc.constantFrom('held', 'available'), (price, share) => {
      const parts = breakdown(price, standardFee)
      assert.equal(sumOf(saleEntry('order', seller, parts)), 0n)
      assert.equal(sumOf(releaseEntry('order', seller, price)), 0n)
      assert.equal(sumOf(refundEntry('order', seller, share, parts)), 0n)
    }),
  )
})

test('the seller is owed the whole displayed price', () => {
  fc.assert(
    fc.property(anyPrice, (price) => {
      const { lines } = saleEntry('order', seller, breakdown(price, standardFee))
      assert.equal(lines.find(({ account }) => account === 'held:7')?.amount, 0n - price)
    }),
  )
})

test('a refund takes back exactly what the sale booked', () => {
  const parts = breakdown(cents(1999n), standardFee)
  const balances = new Map<string, bigint>()
  for (const { account, amount } of [
    ...saleEntry('order', seller, parts).lines,
    ...refundEntry('order', seller, 'held', parts).lines,
  ]) {
    balances.set(account, (balances.get(account) ?? 0n) + amount)
  }
  assert.deepEqual([...balances.values()], [0n, 0n, 0n])
})
