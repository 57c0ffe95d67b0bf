import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { cents } from '../../../shared/domain/money.ts'
import { type Params } from '../../../shared/telegram/params.ts'
import { TelegramRefused } from '../../../shared/telegram/errors.ts'
import { anOwnedOrder, aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { tellSeller } from './tell-seller.ts'

async function aSale(t: TestContext) {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db, { price: 1999n })
  const order = await anOwnedOrder(db, product)
  const sent: Params[] = []
  const chat = { failure: undefined as Error | undefined }
  const call = (_method: string, params: Params = {}) => {
    if (chat.failure !== undefined) return Promise.reject(chat.failure)
    sent.push(params)
    return Promise.resolve(true)
  }
  const deps = { db, telegram: { call }, log: pino({ enabled: false }) }
  const paid = { orderId: order.id, paymentId: order.paymentId, paid: cents(2148n) }
  return { db, product, order, sent, chat, tell: () => tellSeller(deps, paid) }
}

test('a seller hears of a sale once, with what was earned and nothing about the buyer', async (t) => {
  const { product, order, sent, tell } = await aSale(t)
  await tell()
  await tell()
  assert.equal(sent.length, 1)
  const text = String(sent[0]?.['text'])
  assert.equal(sent[0]?.['chat_id'], product.seller)
  assert.match(text, /\$19\.99/)
  assert.match(text, /USDT/)
  assert.ok(text.includes(order.code) && !text.includes(String(order.buyer)))
})

test('a notice that could not be sent is sent by the next try', async (t) => {
  const { sent, chat, tell } = await aSale(t)
  chat.failure = new Error('the line was cut')
  await assert.rejects(tell(), /cut/)
  chat.failure = undefined
  await tell()
  assert.equal(sent.length, 1)
})

test('a seller who blocked the bot holds up nothing', async (t) => {
  const { db, product, chat, tell } = await aSale(t)
  chat.failure = new TelegramRefused('sendMessage', 403, 'Forbidden: bot was blocked by the user')
  await tell()
  const { rows } = await db.query(`select reachable from users where id = $1`, [product.seller])
  assert.deepEqual(rows, [{ reachable: false }])
})

test('a seller who switched sale notices off is not told', async (t) => {
  const { db, sent, tell } = await aSale(t)
  await db.query(`update sellers set notify = '{"sales": false}'`)
  await tell()
  assert.deepEqual(sent, [])
})
