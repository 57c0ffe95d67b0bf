import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { type ChatMessage } from '../../../sandbox/telegram/chat-view.ts'
import { type PersonClient } from '../../../sandbox/telegram/person-client.ts'
import { startNowPaymentsSimulator, type NowPaymentsSimulator } from '../../../sandbox/nowpayments/server.ts'
import { personId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { findOffer } from '../../../shared/db/offers.ts'
import { findOwnOrder, type Order } from '../../../shared/db/orders.ts'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { openNowPayments } from '../../../shared/nowpayments/client.ts'
import { aRunningBot, type BotScene } from '../../../shared/testing/a-bot.ts'
import { toastOf, untilHandled } from '../../../shared/testing/a-chat.ts'
import { aProductOnSale, type ProductOnSale } from '../../../shared/testing/a-shop.ts'
import { library } from '../library/library.ts'
import { storefrontFeatures } from '../shop-features.ts'
import { checkout } from './checkout.ts'
import { checkoutDeps, type CheckoutDeps } from './checkout-deps.ts'
import { redrawOrder } from './redraw-order.ts'

const ada = { first_name: 'Ada', username: 'ada', language_code: 'en' }

type Shop = BotScene & {
  readonly provider: NowPaymentsSimulator
  readonly product: ProductOnSale
  readonly buyer: PersonClient
  readonly checkout: CheckoutDeps
}

/** A bot with one product, a provider, and a buyer who has just opened the product's page. */
async function aShop(t: TestContext, { price = 1999n }: { price?: bigint } = {}): Promise<Shop> {
  const provider = await startNowPaymentsSimulator({ apiKey: 'key', ipnSecret: '', hasLimits: false })
  const payments = openNowPayments({ apiUrl: provider.url, apiKey: 'key', pauseMs: () => 1 })
  const settings = { payments, termsVersion: 'v1' }
  const scene = await aRunningBot(t, [...storefrontFeatures, ...checkout(settings), library])
  t.after(() => provider.close())
  const product = await aProductOnSale(scene.deps.db, { price })
  const buyer = scene.emulator.addPerson(ada)
  buyer.send(`/start p_${product.code}`)
  await buyer.waitForMessage(hasLabel(price === 0n ? 'Free' : 'Buy'))
  return { ...scene, provider, product, buyer, checkout: checkoutDeps(scene.deps, settings) }
}

const hasLabel = (part: string) => (message: ChatMessage) =>
  message.keyboard?.flat().some(({ text }) => text.includes(part)) === true
const textOf = ({ text, caption }: ChatMessage): string => text ?? caption ?? ''
const says = (part: string) => (message: ChatMessage) => textOf(message).includes(part)

async function pressLabel(person: PersonClient, part: string): Promise<ChatMessage> {
  const message = await person.waitForMessage(hasLabel(part))
  const key = message.keyboard?.flat().find(({ text }) => text.includes(part))
  assert.ok(key?.data !== undefined)
  person.press(message.message_id, key.data)
  return message
}

/** From the product's page to the order message with its QR code. */
async function order(shop: Shop, coin = 'USDT'): Promise<ChatMessage> {
  await pressLabel(shop.buyer, 'Buy')
  await pressLabel(shop.buyer, coin)
  await shop.buyer.waitForMessage(says('further down'))
  const message = await shop.buyer.waitForMessage(says('Exact amount'))
  await untilHandled(shop.deps.db) // what is seen in the chat is noted down a moment later
  return message
}

async function orderOf({ deps, buyer }: Shop): Promise<Order> {
  const { rows } = await deps.db.query<{ code: PublicCode }>(`select code from orders order by created_at desc limit 1`)
  const found = await findOwnOrder(deps.db, personId(buyer.id), rows[0]?.code ?? assert.fail('no order'))
  return found ?? assert.fail('not the order of this buyer')
}

const orderMessages = ({ buyer }: Shop): ChatMessage[] =>
  buyer.chat().messages.filter((message) => message.from === 'bot' && /Order [0-9A-Z]{10}/.test(textOf(message)))

test('the whole way from Buy to an address with its amount, QR code and copy buttons', async (t) => {
  const shop = await aShop(t)
  const message = await order(shop)

  const { payAddress: address, payAmount } = shop.provider.payments()[0] ?? assert.fail('no payment')
  assert.match(textOf(message), /\$19\.99 \+ \$1\.49 fee = \$21\.48/)
  assert.ok(says(address)(message))
  assert.ok(message.photo !== undefined)
  const copied = message.keyboard?.flat().flatMap(({ copy }) => (copy === undefined ? [] : [copy])) ?? []
  assert.equal(copied[1], address)
  assert.ok(says(copied[0] ?? '?')(message), 'the copied amount is the one in the text')
  assert.ok(Number(copied[0]) >= Number(payAmount))
  assert.equal((await orderOf(shop)).status, 'awaiting_payment')
})

test('coins whose minimum is above the total are not offered, and it is said why', async (t) => {
  const shop = await aShop(t, { price: 999n })
  await shop.deps.db.query(
    `insert into coin_limits (coin, min_usd_cents, enabled, read_at)
     select coin, case coin when 'usdtsol' then 1093 else 1094 end, true, now()
       from unnest('{usdtsol,usdcsol,sol,btc,eth}'::text[]) coin`,
  )
  await pressLabel(shop.buyer, 'Buy')
  const message = await shop.buyer.waitForMessage(says('Which coin'))
  assert.ok(hasLabel('USDT')(message))
  assert.ok(!hasLabel('BTC')(message))
  assert.match(textOf(message), /BTC from \$10\.94/)
})

test('with no coin left the buyer hears it and the administrators are told', async (t) => {
  const shop = await aShop(t)
  await shop.deps.db.query(
    `insert into coin_limits (coin, min_usd_cents, enabled, read_at)
     select coin, 999999, true, now() from unnest('{usdtsol,usdcsol,sol,btc,eth}'::text[]) coin`,
  )
  await pressLabel(shop.buyer, 'Buy')
  await shop.buyer.waitForMessage(says('No coin can carry'))
  const { rows } = await shop.deps.db.query(`select from outbox where subject = 'admin.alert'`)
  assert.equal(rows.length, 1)
})

test('cancelling asks first, and the message then says that nothing should be sent', async (t) => {
  const shop = await aShop(t)
  const { message_id: id } = await order(shop)
  await pressLabel(shop.buyer, 'Cancel')
  await shop.buyer.waitForMessage(says('Cancel this order?'))
  assert.equal((await orderOf(shop)).status, 'awaiting_payment')
  await pressLabel(shop.buyer, 'No, keep it')
  await shop.buyer.waitForMessage(says('Exact amount'))

  await pressLabel(shop.buyer, 'Cancel')
  await pressLabel(shop.buyer, 'Yes, cancel it')
  const message = await shop.buyer.waitForMessage(says('Order cancelled'))
  assert.equal(message.message_id, id)
  assert.equal((await orderOf(shop)).status, 'cancelled')
})

test('another coin gives another address and keeps the first one watched', async (t) => {
  const shop = await aShop(t, { price: 9999n })
  const { message_id: id } = await order(shop)
  await pressLabel(shop.buyer, 'Change coin')
  await shop.buyer.waitForMessage(says('Which other coin'))
  await pressLabel(shop.buyer, 'BTC')
  const message = await shop.buyer.waitForMessage((one) => says('Exact amount')(one) && says('BTC')(one))
  assert.equal(message.message_id, id)
  assert.deepEqual(
    shop.provider.payments().map(({ orderId }) => orderId?.slice(-2)),
    ['-1', '-2'],
  )
  const { rows } = await shop.deps.db.query(`select from payments where next_poll_at is not null`)
  assert.equal(rows.length, 2)
})

test('an order that is paid meanwhile takes no other coin and is not cancelled', async (t) => {
  const shop = await aShop(t)
  const message = await order(shop)
  await shop.deps.db.query(`update orders set status = 'confirming', seen_at = now()`)
  const keys = message.keyboard?.flat() ?? []
  for (const label of ['Cancel', 'Change coin']) {
    const key = keys.find(({ text }) => text.includes(label))
    const toast = await toastOf(shop.buyer, shop.buyer.press(message.message_id, key?.data ?? ''))
    assert.match(toast.text ?? '', /Too late/, label)
  }
  assert.equal((await orderOf(shop)).status, 'confirming')
  await shop.buyer.waitForMessage(says('Payment seen'))
})

test('a refused coin shows its reason with the other coins, and no address', async (t) => {
  const shop = await aShop(t)
  shop.provider.faults.add({ kind: 'coin-unavailable', on: 'create' })
  await pressLabel(shop.buyer, 'Buy')
  await pressLabel(shop.buyer, 'USDT')
  await shop.buyer.waitForMessage((message) => says('unavailable')(message) && hasLabel('USDC')(message))
  const order = await orderOf(shop)
  assert.deepEqual([order.status, order.reason], ['failed', 'coin unavailable'])
})

test('pressing Refresh while NOWPayments cannot be asked says that the money is safe, and so does the message', async (t) => {
  const shop = await aShop(t)
  await order(shop)
  await shop.deps.db.query(`update payments set unread_since = now()`)
  await pressLabel(shop.buyer, 'Refresh')
  await shop.buyer.waitFor(({ answers }) => answers.some(({ text }) => text?.includes('Your money is safe') === true))
  const message = await shop.buyer.waitForMessage(says('Your money is safe'))
  assert.ok(says('Exact amount')(message), 'the address stays')
})

test('a product withdrawn after the screen is not ordered', async (t) => {
  const shop = await aShop(t)
  await shop.deps.db.query(`update products set status = 'inactive'`)
  await pressLabel(shop.buyer, 'Buy')
  await shop.buyer.waitFor(({ answers }) => answers.some(({ text }) => text?.includes('no longer for sale') === true))
  const offer = await findOffer(shop.deps.db, personId(shop.buyer.id), shop.product.code)
  assert.equal(offer?.openOrders, 0)
})

test('a price that changes under the finger is confirmed before anything is ordered', async (t) => {
  const shop = await aShop(t)
  await pressLabel(shop.buyer, 'Buy')
  await shop.buyer.waitForMessage(says('Which coin'))
  await shop.deps.db.query(`update products set price_cents = 4800`)
  await pressLabel(shop.buyer, 'USDT')
  await shop.buyer.waitForMessage(says('it is now'))
  assert.equal(shop.provider.payments().length, 0)
  await pressLabel(shop.buyer, 'Go on at $49.51')
  await shop.buyer.waitForMessage(says('Exact amount'))
  assert.equal((await orderOf(shop)).total, 4951n)
})

test('an order opened from the list comes to the bottom, and its older copy loses its buttons', async (t) => {
  const shop = await aShop(t)
  const { message_id: first } = await order(shop)
  shop.buyer.send('/orders')
  await pressLabel(shop.buyer, 'A template')
  const message = await shop.buyer.waitForMessage((one) => says('Exact amount')(one) && one.message_id > first)
  await untilHandled(shop.deps.db)
  const older = shop.buyer.chat().messages.find(({ message_id: id }) => id === first)
  assert.ok(older !== undefined && message.message_id > first)
  assert.ok(!says('Exact amount')(older), 'no address and no QR code stay behind')
  assert.deepEqual(older.keyboard?.flat() ?? [], [])
})

test("a link to somebody else's order leads nowhere, like a code nobody has", async (t) => {
  const shop = await aShop(t)
  await order(shop)
  const { code } = await orderOf(shop)
  const stranger = shop.emulator.addPerson({ ...ada, username: 'eve' })
  const answers = []
  for (const link of [code, '0000000000']) {
    const { message_id: asked } = stranger.send(`/start o_${link}`)
    answers.push(textOf(await stranger.waitForMessage((one) => one.message_id > asked && one.photo === undefined)))
  }
  assert.equal(answers[0], answers[1])
})

test('a deleted order message is replaced by one new one', async (t) => {
  const shop = await aShop(t)
  const { message_id: first } = await order(shop)
  shop.buyer.delete(first)
  const { id } = await orderOf(shop)
  await shop.deps.db.query(`update orders set status = 'confirming', seen_at = now()`)
  await redrawOrder(shop.checkout, id)
  await redrawOrder(shop.checkout, id)
  const messages = orderMessages(shop)
  assert.equal(messages.length, 1)
  assert.ok(messages.every(says('Payment seen')))
})

test('an equal redraw asks nothing of Telegram, and the short reply comes once per state', async (t) => {
  const shop = await aShop(t)
  await order(shop)
  const { id } = await orderOf(shop)
  await shop.deps.db.query(`update orders set status = 'review', reason = 'wrong coin', seen_at = now()`)
  await redrawOrder(shop.checkout, id)
  const before = shop.emulator.transcript.list().filter(isAboutMessages).length
  await redrawOrder(shop.checkout, id)
  assert.equal(shop.emulator.transcript.list().filter(isAboutMessages).length, before)
  assert.equal(orderMessages(shop).filter(says('a person checks')).length, 1)
})

const isAboutMessages = ({ method }: { method: string }) => /^(send|edit|delete)/.test(method)

test('the message of a paid order whose receipt was sent is left to the delivery', async (t) => {
  const shop = await aShop(t)
  await order(shop)
  const { id } = await orderOf(shop)
  await shop.deps.db.query(`update orders set status = 'paid', drawn = null, told = '{receipt}'`)
  const before = shop.emulator.transcript.list().filter(isAboutMessages).length
  await redrawOrder(shop.checkout, id)
  assert.equal(shop.emulator.transcript.list().filter(isAboutMessages).length, before)
})

/** The order as it is once its file is there, with so much paid for it. */
async function delivered(shop: Shop, actuallyPaid: string): Promise<Order> {
  await order(shop)
  await shop.deps.db.query(
    `update payments set status = 'finished', accepted_at = now(), pay_amount = '20', actually_paid = $1`,
    [actuallyPaid],
  )
  await shop.deps.db.query(`update orders set status = 'delivered', overpaid = true, paid_at = now()`)
  return orderOf(shop)
}

test('who sent much too much is told how much, and asks for the difference with one button, once', async (t) => {
  const shop = await aShop(t)
  const { id } = await delivered(shop, '26.5')
  await redrawOrder(shop.checkout, id)
  await redrawOrder(shop.checkout, id)
  const told = await shop.buyer.waitForMessage(says('more than needed'))
  assert.match(textOf(told), /6\.5 USDT more than needed \(about \$6\.98\)/)
  assert.equal(orderMessages(shop).filter(says('more than needed')).length, 1)

  const key = told.keyboard?.flat()[0]
  for (let press = 1; press <= 2; press += 1) {
    shop.buyer.press(told.message_id, key?.data ?? assert.fail('no button'))
    await shop.buyer.waitFor(({ answers }) => answers.filter(({ text }) => text?.startsWith('Noted')).length === press)
    await shop.deps.db.query(`update cases set state = 'closed'`)
  }
  const { rows } = await shop.deps.db.query(`select kind, note from cases`)
  assert.deepEqual(rows, [{ kind: 'difference asked', note: 'the buyer asks for 6.5 usdtsol ($6.98)' }])
})

test('a difference under five dollars is told, without a button', async (t) => {
  const shop = await aShop(t)
  const { id } = await delivered(shop, '22')
  await redrawOrder(shop.checkout, id)
  const told = await shop.buyer.waitForMessage(says('2 USDT more than needed'))
  assert.deepEqual(told.keyboard?.flat() ?? [], [])
})

test('what is to be said of the money of a paid order waits for the file', async (t) => {
  const shop = await aShop(t)
  const { id } = await delivered(shop, '40')
  await shop.deps.db.query(`update orders set status = 'paid'`)
  await assert.rejects(redrawOrder(shop.checkout, id), RetryLater)
  await shop.deps.db.query(`update orders set paid_at = now() - interval '2 minutes'`)
  await redrawOrder(shop.checkout, id)
  await shop.buyer.waitForMessage(says('more than needed'))
})

test('a late payment and a second one are each acknowledged under the file, once', async (t) => {
  const shop = await aShop(t)
  const { id } = await delivered(shop, '20')
  await shop.deps.db.query(`update orders set late = true, overpaid = false`)
  await shop.deps.db.query(`insert into cases (order_id, kind, opened_by) values ($1, 'paid twice', 'payments')`, [id])
  await redrawOrder(shop.checkout, id)
  await redrawOrder(shop.checkout, id)
  const said = shop.buyer.chat().messages.map(textOf)
  assert.equal(said.filter((text) => text.includes('Your late payment has arrived')).length, 1)
  assert.equal(said.filter((text) => text.includes('twice')).length, 1)
})

test('money that comes in another coin after the file is acknowledged under the file, once', async (t) => {
  const shop = await aShop(t)
  const { id } = await delivered(shop, '20')
  await shop.deps.db.query(`update orders set overpaid = false`)
  await shop.deps.db.query(`insert into cases (order_id, kind, opened_by) values ($1, 'wrong coin', 'payments')`, [id])
  await redrawOrder(shop.checkout, id)
  await redrawOrder(shop.checkout, id)
  const said = shop.buyer.chat().messages.map(textOf)
  assert.equal(said.filter((text) => text.includes('which was paid already')).length, 1)
})

test('a free product is taken in one tap and opens in the library', async (t) => {
  const shop = await aShop(t, { price: 0n })
  await pressLabel(shop.buyer, 'Free')
  await shop.buyer.waitForMessage(says('further down'))
  await untilHandled(shop.deps.db)
  assert.equal((await orderOf(shop)).status, 'paid')
  shop.buyer.send('/library')
  await shop.buyer.waitForMessage((message) => says('A template')(message) && hasLabel('Send me the file')(message))
})
