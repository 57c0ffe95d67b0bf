import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type KnownPayment } from '../../shared/db/known-payments.ts'
import { type PaymentId } from '../../shared/domain/ids.ts'
import { ranks } from '../../shared/domain/payment.ts'
import { readNotification } from '../../shared/nowpayments/notification.ts'
import { parseStrictObject } from '../../shared/nowpayments/strict-json.ts'
import { tellsNews } from './tells-news.ts'

const waiting: KnownPayment = { id: 'any' as PaymentId, rank: ranks.waiting, actuallyPaid: '0', isAccepted: false }
const accepted: KnownPayment = { ...waiting, rank: ranks.finished, actuallyPaid: '20.48', isAccepted: true }

function isNews(known: KnownPayment, said: object): boolean {
  const notification = readNotification(parseStrictObject(JSON.stringify({ payment_id: 71, ...said })))
  if (notification.kind !== 'payment') assert.fail(`understood as ${notification.kind}`)
  return tellsNews(known, notification)
}

test('that an address still waits for its money is no reason to ask NOWPayments', () => {
  assert.equal(isNews(waiting, { payment_status: 'waiting', actually_paid: 0 }), false)
  assert.equal(isNews(waiting, { payment_status: 'waiting', actually_paid: 0.5 }), true)
  assert.equal(isNews({ ...waiting, rank: -1 }, { payment_status: 'waiting', actually_paid: 0 }), true)
})

test('any step further, an unknown word or none is a reason to ask', () => {
  for (const payment_status of ['confirming', 'partially_paid', 'finished', 'expired', 'some_future_status', null]) {
    assert.equal(isNews(waiting, { payment_status, actually_paid: 0 }), true, String(payment_status))
  }
})

test('how a payment came to its good end is not asked again, and what follows it is', () => {
  for (const payment_status of ['waiting', 'confirming', 'confirmed', 'sending', 'finished']) {
    assert.equal(isNews(accepted, { payment_status, actually_paid: 20.48 }), false, payment_status)
  }
  assert.equal(isNews(accepted, { payment_status: 'refunded', actually_paid: 20.48 }), true)
  assert.equal(isNews(accepted, { payment_status: 'finished', actually_paid: 20.49 }), true)
})

test('a second deposit is always a reason to ask', () => {
  const said = { payment_status: 'finished', actually_paid: 1 }
  assert.equal(isNews(accepted, { ...said, parent_payment_id: 70 }), true)
  assert.equal(isNews(accepted, { ...said, payment_extra_ids: [5_745_460_001] }), true)
})

test('a payment that was settled and did not pay for its order is asked about every time', () => {
  const short = { ...accepted, rank: ranks.partially_paid, isAccepted: false }
  assert.equal(isNews(short, { payment_status: 'partially_paid', actually_paid: 20.48 }), true)
})
