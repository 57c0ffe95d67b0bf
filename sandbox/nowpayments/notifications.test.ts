import assert from 'node:assert/strict'
import test from 'node:test'
import { type FaultInput } from './faults.ts'
import { anOrder, eventually, ipnSecret, playNowPayments, playShop } from './testing/play.ts'
import { type TestContext } from 'node:test'

const wholeWay = ['waiting', 'confirming', 'confirmed', 'sending', 'finished']

async function aPaidOrder(t: TestContext, ...faults: FaultInput[]) {
  const shop = await playShop(t)
  const simulator = await playNowPayments(t)
  for (const fault of faults) simulator.faults.add(fault)
  const { id } = simulator.create(anOrder({ callbackUrl: shop.url }))
  simulator.act(id, { action: 'pay' })
  await simulator.idle()
  return { shop, simulator, id }
}

test('a shop is told every step of a payment, signed over the very bytes that are posted', async (t) => {
  const { shop, simulator, id } = await aPaidOrder(t)
  assert.deepEqual(shop.statuses(), wholeWay)
  assert.deepEqual(new Set(shop.told.map(({ form }) => form)), new Set(['raw']))
  const [, , , , last] = shop.told
  assert.ok(last?.notification.kind === 'payment')
  assert.equal(last.notification.paymentId, id)
  assert.equal(last.notification.actuallyPaid, simulator.payment(id).actuallyPaid)
  assert.equal(last.notification.priceCents, 1990n)
  assert.match(
    last.body,
    /^\{"actually_paid":[\d.]+,"actually_paid_at_fiat":0,"fee":\{"currency":"usdtsol","depositFee":/,
  )
  assert.match(last.body, /"payment_id":\d{10},.*"purchase_id":"\d{10}","updated_at":\d{13}\}$/)
  const answers = simulator.payment(id).notifications.map(({ status, answer, attempt }) => [status, answer, attempt])
  assert.deepEqual(
    answers,
    wholeWay.map((status) => [status, 200, 1]),
  )
})

test('every oddity a genuine notification may have is still genuine', async (t) => {
  const kinds = [
    'without-updated-at',
    'fee-as-strings',
    'all-strings',
    'zero-paid',
    'small-fees',
    'extra-ids-array',
  ] as const
  for (const kind of kinds) {
    const { shop } = await aPaidOrder(t, { kind, times: null })
    assert.deepEqual([kind, shop.statuses(), shop.refused], [kind, wholeWay, []])
  }
  const { shop } = await aPaidOrder(t, { kind: 'all-strings', times: null }, { kind: 'small-fees', times: null })
  assert.match(
    shop.told.at(-1)?.body ?? '',
    /"depositFee":"0.000002","serviceFee":"1.5e-7".*"parent_payment_id":"null"/,
  )
})

test('an unsorted notification is recognised by its sorted form', async (t) => {
  const { shop } = await aPaidOrder(t, { kind: 'unsorted', times: null })
  assert.deepEqual(new Set(shop.told.map(({ form }) => form)), new Set(['lexeme']))
})

test('a status nobody knows is told like any other', async (t) => {
  const { shop } = await aPaidOrder(t, { kind: 'unknown-status', status: 'sending' })
  assert.deepEqual(shop.statuses(), ['waiting', 'confirming', 'confirmed', 'some_future_status', 'finished'])
})

test('notifications get lost, come twice, and overtake each other when asked to', async (t) => {
  const lost = await aPaidOrder(t, { kind: 'drop', status: 'finished' })
  assert.deepEqual(lost.shop.statuses(), wholeWay.slice(0, -1))
  assert.equal(lost.simulator.payment(lost.id).notifications.at(-1)?.answer, 'dropped')

  const twice = await aPaidOrder(t, { kind: 'duplicate', status: 'finished' })
  assert.deepEqual(twice.shop.statuses(), [...wholeWay, 'finished'])

  const swapped = await aPaidOrder(t, { kind: 'reorder', status: 'sending' })
  assert.deepEqual(swapped.shop.statuses(), ['waiting', 'confirming', 'confirmed', 'finished', 'sending'])

  const late = await aPaidOrder(t, { kind: 'delay', status: 'confirmed', delayMs: 30 })
  assert.deepEqual(late.shop.statuses(), wholeWay)
})

test('forged notifications are told apart from the genuine one beside them, every kind of them', async (t) => {
  const { shop, simulator, id } = await aPaidOrder(t, { kind: 'forge', times: null })
  assert.deepEqual(shop.statuses(), wholeWay)
  assert.equal(shop.refused.length, 5 * 7)
  const forged = simulator.payment(id).notifications.filter(({ status }) => status.startsWith('forged'))
  assert.equal(new Set(forged.map(({ status }) => status)).size, 7)
  assert.ok(forged.every(({ answer }) => answer === 401 || answer === 400))
})

test('a shop that fails is told again, so often and no more', async (t) => {
  const shop = await playShop(t, (response) => response.writeHead(500).end())
  const simulator = await playNowPayments(t, { retry: { count: 2, everyMs: 1 } })
  const { id } = simulator.create(anOrder({ callbackUrl: shop.url }))
  const told = () => simulator.payment(id).notifications
  await eventually('three tries', () => told().length === 3)
  assert.deepEqual(
    told().map(({ answer, attempt }) => [answer, attempt]),
    [
      [500, 1],
      [500, 2],
      [500, 3],
    ],
  )
  simulator.act(id, { action: 'expire' })
  await eventually('three more', () => told().length === 6)
})

test('a shop that recovers is told once more and then left alone', async (t) => {
  const shop = await playShop(t, (response, count) => response.writeHead(count === 1 ? 503 : 200).end())
  const simulator = await playNowPayments(t, { retry: { count: 5, everyMs: 1 } })
  const { id } = simulator.create(anOrder({ callbackUrl: shop.url }))
  await eventually('the second try', () => simulator.payment(id).notifications.length === 2)
  simulator.act(id, { action: 'expire' })
  await simulator.idle()
  assert.deepEqual(shop.statuses(), ['waiting', 'waiting', 'expired'])
})

test('a redirect is no answer to follow, and a shop that is away is unreachable', async (t) => {
  const shop = await playShop(t, (response) => response.writeHead(302, { location: '/elsewhere' }).end())
  const simulator = await playNowPayments(t, { retry: { count: 0, everyMs: 1 } })
  const moved = simulator.create(anOrder({ callbackUrl: shop.url }))
  const away = simulator.create(anOrder({ callbackUrl: 'http://127.0.0.1:1/ipn' }))
  await simulator.idle()
  assert.equal(simulator.payment(moved.id).notifications[0]?.answer, 302)
  assert.equal(simulator.payment(away.id).notifications[0]?.answer, 'unreachable')
})

test('a shop that says nothing for three seconds has not heard', async (t) => {
  const shop = await playShop(t, () => undefined)
  const simulator = await playNowPayments(t, { retry: { count: 0, everyMs: 1 } })
  const { id } = simulator.create(anOrder({ callbackUrl: shop.url }))
  await simulator.idle()
  assert.equal(simulator.payment(id).notifications[0]?.answer, 'timeout')
})

test('without a secret in the dashboard, or a place to send to, nothing is sent', async (t) => {
  const shop = await playShop(t)
  const silent = await playNowPayments(t, { ipnSecret: '' })
  silent.create(anOrder({ callbackUrl: shop.url }))
  const placeless = await playNowPayments(t)
  placeless.create(anOrder())
  const general = await playNowPayments(t, { callbackUrl: shop.url, ipnSecret })
  general.create(anOrder({ orderId: 'told' }))
  await Promise.all([silent.idle(), placeless.idle(), general.idle()])
  const orders = shop.told.map(({ notification }) => notification.kind === 'payment' && notification.orderId)
  assert.deepEqual(orders, ['told'])
})
