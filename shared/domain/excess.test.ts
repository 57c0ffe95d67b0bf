import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decimalText } from './decimal.ts'
import { excessOf, type PayingPayment } from './excess.ts'

const payment: PayingPayment = { priceCents: 2148n, coin: 'usdtsol', payAmount: '21.512345', actuallyPaid: '21.512345' }
const paid = (actuallyPaid: string, more: Partial<PayingPayment> = {}) => ({ ...payment, ...more, actuallyPaid })

test('what one address got too much is told exactly as it came, and up to one percent is not told', () => {
  assert.equal(excessOf(2148n, [payment]), undefined)
  assert.equal(excessOf(2148n, [paid('21.72746845')]), undefined)
  assert.deepEqual(excessOf(2148n, [paid('21.72746846')]), { cents: 21n, coin: 'usdtsol', amount: '0.21512346' })
  assert.deepEqual(excessOf(2148n, [paid('43.02469')]), { cents: 2148n, coin: 'usdtsol', amount: '21.512345' })
})

test('a second deposit to the same address counts with the first', () => {
  const deposits = [paid('10'), paid('20.512345')]
  assert.deepEqual(excessOf(2148n, deposits), { cents: 898n, coin: 'usdtsol', amount: '9' })
})

test('a rest that was paid with too much is told in the coin of the rest', () => {
  const rest = { priceCents: 1000n, coin: 'sol', payAmount: '0.05', actuallyPaid: '0.1' }
  const first = { priceCents: 2148n, coin: 'usdtsol', payAmount: '21.48', actuallyPaid: '11.48' }
  assert.deepEqual(excessOf(2148n, [first, rest]), { cents: 1000n, coin: 'sol', amount: '0.05' })
})

test('two addresses that each got most of the total leave the difference of both', () => {
  const half = (coin: string) => ({ priceCents: 2000n, coin, payAmount: '20', actuallyPaid: '15' })
  assert.deepEqual(excessOf(2000n, [half('usdtsol'), half('usdcsol')]), { cents: 1000n, coin: 'usdcsol', amount: '10' })
})

test('the excess and the total are never more than what came', () => {
  const amount = fc.bigInt({ min: 1n, max: 10n ** 12n }).map((digits) => decimalText({ digits, scale: 8 }))
  const some = fc.record({
    priceCents: fc.bigInt({ min: 1n, max: 500_000n }),
    coin: fc.constantFrom('btc', 'usdtsol'),
    payAmount: amount,
    actuallyPaid: amount,
  })
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 500_000n }), fc.array(some, { maxLength: 4 }), (total, payments) => {
      const excess = excessOf(total, payments)
      const worth = payments.reduce(
        (sum, one) => sum + (Number(one.priceCents) * Number(one.actuallyPaid)) / Number(one.payAmount),
        0,
      )
      if (excess === undefined) return
      assert.ok(Number(excess.cents) <= (worth - Number(total)) * 1.000001 + 1e-6)
      assert.match(excess.amount, /^\d+(\.\d+)?$/)
    }),
  )
})
