import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOfClosing, type CaseAnswer } from './case.ts'
import { type OrderStatus } from './order.ts'

const rows: readonly (readonly [kind: string, status: OrderStatus, isLast: boolean, answer: CaseAnswer])[] = [
  ['refund asked', 'underpaid', true, 'request'],
  ['refund asked', 'delivered', true, 'request'],
  ['difference asked', 'delivered', true, 'request'],
  ['paid twice', 'paid', true, 'payment'],
  ['content withdrawn', 'delivered', false, 'payment'],
  ['wrong coin', 'review', true, 'payment'],
  ['wrong coin', 'review', false, null],
  ['withdrawn product', 'review', true, 'payment'],
  ['rest too small', 'underpaid', false, 'payment'],
  ['rest too small', 'delivered', true, null],
  ['failed after a deposit', 'failed', true, 'payment'],
  ['failed after a deposit', 'refunded', true, null],
  ['differs at the provider', 'delivered', true, null],
  ['differs at the provider', 'awaiting_payment', true, null],
  ['differs at the provider', 'review', true, 'payment'],
  ['refunded twice', 'refunded', true, null],
  ['refunded in part', 'paid', true, null],
  ['second deposit', 'delivered', true, 'payment'],
  ['never completed', 'paid', true, null],
]

test('closing a case says something only to a buyer who asked, was promised money, or whose order it held up', () => {
  for (const [kind, status, isLast, answer] of rows)
    assert.equal(answerOfClosing(kind, status, isLast), answer, `${kind} of an order that is ${status}`)
})
