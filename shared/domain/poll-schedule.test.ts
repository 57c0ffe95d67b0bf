import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { orderStatuses } from './order.ts'
import { nextPollMs, nextTryMs, type WatchedPayment, watchMs } from './poll-schedule.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const open: WatchedPayment = {
  rank: 0,
  isAccepted: false,
  orderStatus: 'awaiting_payment',
  ageMs: 5 * minute,
  seenForMs: null,
  overForMs: -55 * minute,
  unreadForMs: null,
}
const onItsWay: WatchedPayment = { ...open, rank: 2, orderStatus: 'confirming', seenForMs: 0 }
const over = (overForMs: number): WatchedPayment => ({
  ...open,
  rank: 1,
  orderStatus: 'expired',
  ageMs: hour + overForMs,
  overForMs,
})

const schedule: readonly (readonly [what: string, payment: WatchedPayment, ms: number | null])[] = [
  ['an address waits for its money', open, minute],
  ['the window ended a moment ago, for what was sent in its last minute', over(9 * minute), minute],
  ['a deposit was just seen', onItsWay, 30 * second],
  ['a deposit has been on its way for 29 minutes', { ...onItsWay, seenForMs: 29 * minute }, 30 * second],
  ['a deposit has been on its way for 30 minutes', { ...onItsWay, rank: 4, seenForMs: 30 * minute }, 2 * minute],
  ['a late deposit was just seen, days after the window', { ...over(5 * day), rank: 2, seenForMs: 0 }, 30 * second],
  ['the rest of an underpaid order is awaited', { ...open, orderStatus: 'underpaid' }, minute],
  ['an order was cancelled while its window lasts', { ...open, orderStatus: 'cancelled' }, 10 * minute],
  ['a payment came short', { ...open, rank: 5, orderStatus: 'underpaid', overForMs: hour }, 10 * minute],
  ['the window ended two hours ago', over(2 * hour), 10 * minute],
  ['the window ended three hours ago', over(3 * hour), hour],
  ['the window ended a day ago', over(day), hour],
  ['the window ended two days ago', over(2 * day), 6 * hour],
  ['the watch is in its last hours', { ...over(7 * day), ageMs: watchMs }, 6 * hour],
  ['the watch is over', { ...over(7 * day), ageMs: watchMs + 1 }, null],
  [
    'a deposit seen at the end of the watch settles',
    { ...onItsWay, ageMs: watchMs + hour, seenForMs: 2 * hour },
    2 * minute,
  ],
  ['such a deposit has not settled in a day', { ...onItsWay, ageMs: watchMs + day, seenForMs: day }, null],
  ['the payment paid for its order', { ...open, rank: 7, isAccepted: true, orderStatus: 'paid' }, null],
  ['the payment was given back', { ...open, rank: 8, orderStatus: 'refunded' }, null],
]

for (const [what, payment, ms] of schedule) {
  test(`while ${what}, the next look comes ${ms === null ? 'never' : `after ${ms / second} s`}`, () => {
    assert.equal(nextPollMs(payment), ms)
  })
}

test('after a look that failed the next one comes within ten minutes, as long as anything can still come', () => {
  assert.equal(nextTryMs(over(2 * day)), 10 * minute)
  assert.equal(nextTryMs(onItsWay), 30 * second)
})

test('a watch does not end with a look that failed, unless looking has failed for a day', () => {
  const ended: WatchedPayment = { ...over(7 * day), ageMs: watchMs + 1, unreadForMs: minute }
  assert.equal(nextTryMs(ended), hour)
  assert.equal(nextTryMs({ ...ended, unreadForMs: day }), null)
  assert.equal(nextTryMs({ ...ended, isAccepted: true }), null)
})

test('whatever became of a payment, it is looked at at least every six hours until its watch ends, and twice a minute at most', () => {
  const payments = fc.record({
    rank: fc.integer({ min: -1, max: 7 }),
    isAccepted: fc.constant(false),
    orderStatus: fc.constantFrom(...orderStatuses),
    ageMs: fc.integer({ min: 0, max: watchMs }),
    seenForMs: fc.option(fc.integer({ min: 0, max: watchMs })),
    overForMs: fc.integer({ min: -hour, max: watchMs }),
    unreadForMs: fc.constant(null),
  })
  fc.assert(
    fc.property(payments, (payment) => {
      const ms = nextPollMs(payment) ?? assert.fail('not watched')
      assert.ok(ms >= 30 * second && ms <= 6 * hour)
    }),
  )
})
