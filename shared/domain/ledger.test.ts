import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { breakdown, standardFee } from './fee.ts'
import { personId } from './ids.ts'
import {
  batchEntry,
  type Entry,
  excessEntry,
  excessOverEntry,
  payoutEntry,
  payoutFailedEntry,
  payoutReversedEntry,
  refundEntry,
  refundSentEntry,
  releaseEntry,
  saleEntry,
  sumOf,
} from './ledger.ts'
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

/** What all of these entries leave behind, account by account. */
function leftBy(...entries: readonly Entry[]): Record<string, bigint> {
  const balances: Record<string, bigint> = {}
  for (const { account, amount } of entries.flatMap(({ lines }) => lines)) {
    balances[account] = (balances[account] ?? 0n) + amount
  }
  return Object.fromEntries(Object.entries(balances).filter(([, amount]) => amount !== 0n))
}

test('a refund takes back exactly what the sale booked, also where the platform bore a part of it', () => {
  fc.assert(
    fc.property(anyPrice, fc.bigInt({ min: 0n, max: 100n }), (price, percent) => {
      const parts = breakdown(price, standardFee)
      const received = (parts.total * percent) / 100n
      const sale = saleEntry('order', seller, parts, received)
      const refund = refundEntry('order', seller, 'held', parts, received)
      assert.deepEqual([sumOf(sale), sumOf(refund)], [0n, 0n])
      assert.deepEqual(leftBy(sale, refund, refundSentEntry('order', received)), {})
    }),
  )
})

test('money that is returned, or kept after all, leaves nothing behind in the books', () => {
  for (const end of ['excess sent', 'excess kept'] as const) {
    assert.deepEqual(leftBy(excessEntry('refund', 500n), excessOverEntry(end, 'refund', 500n)), {})
  }
})

test('a payout takes the money out of the shop, and one that failed puts it back to the seller', () => {
  const batch = batchEntry('payout', seller, 4200n)
  const paid = payoutEntry('payout', 4200n)
  assert.deepEqual(leftBy(batch, paid), { 'available:7': 4200n, cash: -4200n })
  const failed = payoutFailedEntry('payout', seller, 4200n)
  assert.deepEqual(leftBy(batch, failed), {})
  assert.deepEqual(leftBy(batch, paid, payoutReversedEntry('payout', 4200n), failed), {})
})
