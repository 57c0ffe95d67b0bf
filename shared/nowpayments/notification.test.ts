import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { type Notification, readNotification } from './notification.ts'
import { parseStrictObject } from './strict-json.ts'

const read = (text: string): Notification => readNotification(parseStrictObject(text))

const finished = `{"actually_paid":0.00000010,"order_id":"K7M2P9QRST-1","parent_payment_id":null,"pay_amount":1e-7,
  "pay_currency":"USDTSOL","payment_extra_ids":[5745460001,"5745460002"],"payment_id":5745459419,
  "payment_status":"finished","price_amount":19.99,"price_currency":"usd"}`

test('a payment is read with exact ids and amounts from the text', () => {
  assert.deepEqual(read(finished), {
    kind: 'payment',
    paymentId: '5745459419',
    parentPaymentId: null,
    status: 'finished',
    orderId: 'K7M2P9QRST-1',
    priceCents: 1999n,
    priceCurrency: 'usd',
    payAmount: '0.0000001',
    payCurrency: 'usdtsol',
    actuallyPaid: '0.0000001',
    childPaymentIds: ['5745460001', '5745460002'],
  })
})

test('a payment reads the same when every value comes as a string', () => {
  const strings = finished
    .replace(/:(\d[\d.e-]*|null)/g, ':"$1"')
    .replace('[5745460001,"5745460002"]', '"[5745460001,5745460002]"')
  assert.match(strings, /"parent_payment_id":"null"/)
  assert.deepEqual(read(strings), read(finished))
})

test('an id beyond what JavaScript can count keeps its last digit', () => {
  const notification = read('{"payment_id":9007199254740993,"payment_status":"waiting"}')
  assert.equal(notification.kind === 'payment' && notification.paymentId, '9007199254740993')
})

test('an unreadable hint is dropped, and the payment is still known', () => {
  const notification = read(
    '{"payment_id":"5","payment_status":7,"actually_paid":-1,"pay_amount":{"a":1},"price_amount":"x"}',
  )
  assert.ok(notification.kind === 'payment')
  assert.equal(notification.status, '7')
  assert.equal(notification.actuallyPaid ?? notification.payAmount ?? notification.priceCents, null)
})

test('a payout is read by its shape, in upper case and in strings', () => {
  const body = `{"amount":"50","batch_withdrawal_id":"5000145498","currency":"usdcsol","error":null,"fee":"0.1",
    "hash":"5VERv8","id":"5000248325","status":"FINISHED"}`
  assert.deepEqual(read(body), {
    kind: 'payout',
    withdrawalId: '5000248325',
    batchId: '5000145498',
    status: 'FINISHED',
    currency: 'usdcsol',
    amount: '50',
    fee: '0.1',
    hash: '5VERv8',
    error: null,
  })
})

test('a recurring payment is read by its shape', () => {
  const body = '{"amount":"12.171365564140688","currency":"trx","id":"1234567890","status":"FINISHED"}'
  const amount = '12.171365564140688'
  assert.deepEqual(read(body), { kind: 'recurring', id: '1234567890', status: 'FINISHED', currency: 'trx', amount })
})

test('any other genuine notification is other, and never an error', () => {
  for (const text of [
    '{}',
    '{"payment_id":null}',
    '{"payment_id":"5; drop"}',
    '{"id":[1],"status":"X"}',
    '{"batch_withdrawal_id":1}',
  ])
    assert.deepEqual(read(text), { kind: 'other' }, text)
  const names = fc.constantFrom('payment_id', 'id', 'status', 'fee', 'amount', 'order_id')
  // A key of that name never gets this far: the strict parser refuses it.
  const anything = fc
    .dictionary(names, fc.jsonValue())
    .map((body) => JSON.stringify(body))
    .filter((text) => !text.includes('"__proto__":'))
  fc.assert(
    fc.property(anything, (text) => {
      assert.ok(read(text).kind)
    }),
    { numRuns: 300 },
  )
})
