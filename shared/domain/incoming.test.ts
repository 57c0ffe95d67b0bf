import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type IncomingPayment, receivedOf, unappliedOf, worthOf } from './incoming.ts'
import { cents } from './money.ts'

const aPayment = (changes: Partial<IncomingPayment> = {}): IncomingPayment => ({
  status: 'partially_paid',
  priceCents: 2000n,
  coin: 'usdtsol',
  reportedCoin: 'usdtsol',
  payAmount: '20',
  actuallyPaid: '12.5',
  coveredCents: 1250n,
  isAccepted: false,
  ...changes,
})

test('what came is worth its part of what was asked, and nothing is said of a coin nobody asked for', () => {
  assert.equal(worthOf(aPayment()), 1250n)
  assert.equal(worthOf(aPayment({ actuallyPaid: '40' })), 4000n)
  assert.equal(worthOf(aPayment({ actuallyPaid: '0' })), 0n)
  assert.equal(worthOf(aPayment({ reportedCoin: 'sol' })), undefined)
  assert.equal(worthOf(aPayment({ status: 'wrong_asset_confirmed' })), undefined)
  assert.equal(worthOf(aPayment({ payAmount: null })), undefined)
})

test('whoever accepts an order bears what did not settle, and never counts more than its total', () => {
  const total = cents(2000n)
  assert.equal(receivedOf([aPayment()], total), 1250n)
  assert.equal(receivedOf([aPayment(), aPayment({ coveredCents: 1000n })], total), 2000n)
  assert.equal(receivedOf([aPayment({ status: 'failed', coveredCents: 0n })], total), 0n)
  assert.equal(receivedOf([aPayment({ coveredCents: 0n, reportedCoin: 'btc' })], total), 0n)
  assert.equal(receivedOf([], total), 0n)
})

test('what may be returned is what paid for nothing, as far as anybody can tell', () => {
  assert.equal(unappliedOf([aPayment({ isAccepted: true }), aPayment({ actuallyPaid: '20' })]), 2000n)
  assert.equal(unappliedOf([aPayment({ status: 'refunded' })]), 0n)
  assert.equal(unappliedOf([aPayment(), aPayment({ reportedCoin: 'eth' })]), undefined)
})
