import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canBecome, canCancel, isPaid, openStatuses, orderStatuses, statusesBefore } from './order.ts'

test('a refunded order stays refunded', () => {
  assert.deepEqual(
    orderStatuses.filter((to) => canBecome('refunded', to)),
    [],
  )
})

test('every unpaid order can still be paid, and a paid one is not paid again', () => {
  const before = statusesBefore('paid')
  for (const status of orderStatuses) {
    const unpaid = !isPaid(status) && status !== 'refunded'
    assert.equal(before.includes(status), unpaid, status)
  }
})

test('only a paid order is delivered', () => {
  assert.deepEqual(statusesBefore('delivered'), ['paid'])
})

test('whatever happens to an order, paid is reached at most once', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...orderStatuses), { maxLength: 40 }), (wishes) => {
      let status: (typeof orderStatuses)[number] = 'creating'
      let timesPaid = 0
      for (const wish of wishes) {
        if (!canBecome(status, wish)) continue
        status = wish
        if (status === 'paid') timesPaid += 1
      }
      assert.ok(timesPaid <= 1)
    }),
  )
})

test('a buyer cancels only while nothing was seen on the network', () => {
  assert.equal(canCancel('awaiting_payment', null), true)
  assert.equal(canCancel('awaiting_payment', new Date()), false)
  for (const status of orderStatuses) {
    if (status !== 'awaiting_payment') assert.equal(canCancel(status, null), false)
  }
})

test('an open order is neither paid nor over', () => {
  for (const status of openStatuses) assert.equal(isPaid(status), false)
})
