import assert from 'node:assert/strict'
import test from 'node:test'
import { anOrder, call, playNowPayments, playShop } from './testing/play.ts'

type Page = { payment_id: string; status: string; pay_currency: string; children: Page[] }

test('every story the page offers ends as it should', async (t) => {
  const simulator = await playNowPayments(t)
  const stories: [Parameters<typeof simulator.act>[1][], string][] = [
    [[{ action: 'pay' }], 'finished'],
    [[{ action: 'pay', amount: '5' }], 'partially_paid'],
    [[{ action: 'pay-less' }], 'partially_paid'],
    [[{ action: 'pay-less' }, { action: 'finish' }], 'finished'],
    [[{ action: 'pay-less' }, { action: 'cancel' }], 'cancelled'],
    [[{ action: 'pay-more' }], 'finished'],
    [[{ action: 'pay-late' }], 'finished'],
    [[{ action: 'expire' }], 'expired'],
    [[{ action: 'expire' }, { action: 'pay-late' }], 'finished'],
    [[{ action: 'fail' }], 'failed'],
    [[{ action: 'pay' }, { action: 'refund' }], 'refunded'],
    [[{ action: 'pay', amount: '0.1' }], 'failed'],
  ]
  for (const [story, end] of stories) {
    const { id } = simulator.create(anOrder())
    for (const step of story) {
      assert.equal(simulator.act(id, step).kind, 'done', JSON.stringify(story))
      await simulator.idle()
    }
    assert.equal(simulator.payment(id).status, end, JSON.stringify(story))
  }
})

test('a payment that is under way can still fail', async (t) => {
  const simulator = await playNowPayments(t, { speed: 600_000 })
  const { id } = simulator.create(anOrder())
  simulator.act(id, { action: 'pay' })
  assert.equal(simulator.act(id, { action: 'fail' }).kind, 'done')
  assert.deepEqual([simulator.payment(id).status, simulator.payment(id).plan], ['failed', []])
})

test('a late payment is seen by whoever asks, and told to nobody', async (t) => {
  const shop = await playShop(t)
  const simulator = await playNowPayments(t)
  const { id } = simulator.create(anOrder({ callbackUrl: shop.url }))
  simulator.act(id, { action: 'pay-late' })
  await simulator.idle()
  assert.deepEqual(shop.statuses(), ['waiting', 'expired'])
  assert.equal((await call(simulator.url, `/payment/${id}`)).body['payment_status'], 'finished')
})

test('the window ends by itself after seven days', async (t) => {
  let now = Date.parse('2026-10-01T00:00:00Z')
  const simulator = await playNowPayments(t, { clock: () => now })
  const { id } = simulator.create(anOrder())
  now += 7 * 24 * 3_600_000 - 1
  simulator.tick()
  assert.equal(simulator.payment(id).status, 'waiting')
  now += 1
  simulator.tick()
  assert.equal(simulator.payment(id).status, 'expired')
})

test('a second deposit and a wrong coin become payments of their own under the first', async (t) => {
  const shop = await playShop(t)
  const simulator = await playNowPayments(t)
  const { id } = simulator.create(anOrder({ callbackUrl: shop.url }))
  simulator.act(id, { action: 'wrong-coin' })
  simulator.act(id, { action: 'pay' })
  await simulator.idle()
  simulator.act(id, { action: 'second-deposit', amount: '7.5' })
  await simulator.idle()

  const parent = await call(simulator.url, `/payment/${id}`)
  const page = (await call(simulator.payUrl, `simulator/payments/${id}`)).body as unknown as Page
  assert.deepEqual(
    page.children.map(({ pay_currency, status }) => [pay_currency, status]),
    [
      ['usdcsol', 'finished'],
      ['usdtsol', 'finished'],
    ],
  )
  assert.deepEqual(
    parent.body['payment_extra_ids'],
    page.children.map(({ payment_id }) => Number(payment_id)),
  )
  const child = await call(simulator.url, `/payment/${String(page.children[1]?.payment_id)}`)
  const { parent_payment_id, origin_type, order_id, actually_paid, pay_amount } = child.body
  assert.deepEqual([parent_payment_id, origin_type, order_id], [Number(id), 'REPEATED', 'K7M2P9QRST-1'])
  assert.deepEqual([actually_paid, pay_amount], [7.5, 7.5])
  const parents = shop.told.map(({ notification }) => notification.kind === 'payment' && notification.parentPaymentId)
  assert.equal(parents.filter((parentId) => parentId === id).length, 8)
})

test('a wrong coin can also leave nothing but a label', async (t) => {
  const simulator = await playNowPayments(t)
  simulator.faults.add({ kind: 'wrong-asset-status' })
  const { id } = simulator.create(anOrder())
  simulator.act(id, { action: 'wrong-coin' })
  const { body } = await call(simulator.url, `/payment/${id}`)
  assert.deepEqual([body['payment_status'], body['payment_extra_ids']], ['wrong_asset_confirmed', []])
})
