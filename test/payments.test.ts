import assert from 'node:assert/strict'
import { sign } from '../shared/nowpayments/signature.ts'
import { type World } from '../sandbox/world.ts'
import { orderStatus, Shopper, wordsOf } from './shopper.ts'
import { story } from './story.ts'

const post = (world: World, body: string, signature: string): Promise<Response> =>
  fetch(`${world.publicUrl}/ipn/nowpayments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-nowpayments-sig': signature },
    body,
  })

const claim = (world: World, paymentId: string, changes: object = {}): object => {
  const payment = world.nowPayments.payment(paymentId)
  return {
    payment_id: Number(paymentId),
    parent_payment_id: null,
    payment_status: 'finished',
    order_id: payment.orderId,
    price_amount: Number(payment.priceAmount),
    price_currency: 'usd',
    pay_amount: Number(payment.payAmount),
    pay_currency: payment.payCurrency,
    actually_paid: Number(payment.payAmount),
    ...changes,
  }
}

const secretOf = (world: World): string => world.environment['NOWPAYMENTS_IPN_SECRET'] ?? ''

story('who pays too little is told what is missing and gets no file', async (world) => {
  const alice = new Shopper(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'pay-less' })
  await alice.sees('missing', 20_000)
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'underpaid')
  assert.equal(alice.files().length, 0)
})

story('who pays the rest in a second payment has the file', async (world) => {
  const alice = new Shopper(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'pay-less' })
  await alice.tap('Pay the rest')
  await alice.tap('USDT')
  const rest = await alice.client.waitFor(
    () => world.nowPayments.payments().find(({ id, orderId }) => id !== paymentId && orderId?.startsWith(orderCode)),
    15_000,
  )
  await alice.sees(rest.payAddress)
  world.nowPayments.act(rest.id, { action: 'pay' })
  await alice.seesFile()
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'delivered')
})

story('who pays too much has the file all the same, and asks for the difference in the chat', async (world) => {
  const alice = new Shopper(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  const twice = String(2 * Number(world.nowPayments.payment(paymentId).payAmount))
  world.nowPayments.act(paymentId, { action: 'pay-more', amount: twice })
  await alice.seesFile()
  await alice.sees('more than needed', 20_000)
  await alice.tap('Ask for the difference')
  await alice.client.waitFor(({ answers }) => answers.some(({ text }) => text?.startsWith('Noted') === true), 15_000)
  const { rows } = await world.db.query(
    `select o.overpaid, c.kind from orders o join cases c on c.order_id = o.id where o.code = $1`,
    [orderCode],
  )
  assert.deepEqual(rows, [{ overpaid: true, kind: 'difference asked' }])
})

story('a payment that fails at the provider is explained, and nothing is delivered', async (world) => {
  const alice = new Shopper(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'fail' })
  await alice.sees('could not process', 20_000)
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'failed')
  assert.equal(alice.files().length, 0)
})

story('a refund takes the product out of the library and the share from the seller', async (world) => {
  const alice = new Shopper(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'pay' })
  await alice.seesFile()
  await world.settle()
  world.nowPayments.act(paymentId, { action: 'refund' })
  await alice.client.waitFor(({ messages }) => messages.some((message) => /refund/i.test(wordsOf(message))), 20_000)
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'refunded')
  const { rows } = await world.db.query(
    `select (select count(*)::int from entitlements where ended_at is null) as entitled,
            (select state from payout_items) as share`,
    [],
  )
  assert.deepEqual(rows, [{ entitled: 0, share: 'reversed' }])
})

story('a forged notification is refused and changes nothing', async (world) => {
  const alice = new Shopper(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  const { body } = sign('not the secret', claim(world, paymentId))
  assert.equal((await post(world, body, 'f'.repeat(128))).status, 401)
  assert.equal((await post(world, body, sign('not the secret', claim(world, paymentId)).signature)).status, 401)
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'awaiting_payment')
})

story('a genuine notification that claims more than the provider confirms releases nothing', async (world) => {
  const alice = new Shopper(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  const { body, signature } = sign(secretOf(world), claim(world, paymentId))
  assert.equal((await post(world, body, signature)).status, 200)
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'awaiting_payment')
  assert.equal(alice.files().length, 0)
})

story(
  'notifications that come twice, reordered, forged or unknown lead to one file and one entry in the books',
  async (world) => {
    world.nowPayments.faults.add({ kind: 'duplicate', times: null })
    world.nowPayments.faults.add({ kind: 'reorder', times: null })
    world.nowPayments.faults.add({ kind: 'forge', times: null })
    const alice = new Shopper(world)
    const { paymentId, orderCode } = await alice.order('TSBYEX23')
    const unknown = sign(secretOf(world), { payment_id: 4_999_999_999, payment_status: 'finished', order_id: 'nobody' })
    assert.equal((await post(world, unknown.body, unknown.signature)).status, 200)
    world.nowPayments.act(paymentId, { action: 'pay' })
    await alice.seesFile()
    await world.settle()
    assert.equal(alice.files().length, 1)
    assert.equal(await orderStatus(world, orderCode), 'delivered')
    const { rows } = await world.db.query(
      `select (select count(*)::int from ledger_entries) as entries, (select count(*)::int from payout_items) as shares`,
      [],
    )
    assert.deepEqual(rows, [{ entries: 1, shares: 1 }])
  },
)

story('with every notification lost, pressing Refresh finds the payment', async (world) => {
  world.nowPayments.faults.add({ kind: 'drop', times: null })
  const alice = new Shopper(world)
  const { paymentId } = await alice.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'pay' })
  await world.nowPayments.idle()
  await alice.tap('Refresh')
  await alice.seesFile()
})

story('what is not one JSON object, too large, or sent the wrong way is answered as documented', async (world) => {
  const url = `${world.publicUrl}/ipn/nowpayments`
  const sig = 'a'.repeat(128)
  assert.equal((await post(world, '[1]', sig)).status, 400)
  assert.equal((await post(world, '{"a":1,"a":2}', sig)).status, 400)
  assert.equal((await post(world, '{}', '')).status, 401)
  assert.equal((await post(world, `{"x":"${'y'.repeat(70_000)}"}`, sig)).status, 413)
  assert.equal((await fetch(url)).status, 405)
  assert.equal((await fetch(`${world.publicUrl}/nothing`)).status, 404)
})

story('a cancelled order that is paid all the same is honoured', async (world) => {
  const alice = new Shopper(world)
  const { paymentId, orderCode } = await alice.order('TSBYEX23')
  await alice.tap('Cancel')
  await alice.tap('Yes')
  await alice.client.waitFor(
    ({ messages }) => messages.some((m) => /cancel/i.test(wordsOf(m)) && m.photo !== undefined),
    15_000,
  )
  await world.settle()
  assert.equal(await orderStatus(world, orderCode), 'cancelled')
  world.nowPayments.act(paymentId, { action: 'pay' })
  await alice.seesFile()
})
