import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { personId } from '../../../shared/domain/ids.ts'
import { claimOrderMessage, releaseOrderMessage } from '../../../shared/db/order-messages.ts'
import { findOrder } from '../../../shared/db/orders.ts'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { TelegramRefused } from '../../../shared/telegram/errors.ts'
import { aBotScene, type BotScene } from '../../../shared/testing/a-bot.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../../../shared/testing/a-shop.ts'
import { textsFor } from '../../../shared/texts/index.ts'
import { type DrawDeps } from './draw-order-card.ts'
import { redrawForReturned } from './redraw-for-returned.ts'
import { redrawOrder } from './redraw-order.ts'
import { drawNow, moveToBottom } from './show-order.ts'

type Scene = BotScene & { readonly order: OpenOrder; readonly deps: DrawDeps; readonly chat: () => string[] }

async function anOrderToDraw(t: TestContext): Promise<Scene> {
  const scene = await aBotScene(t)
  const buyer = scene.emulator.addPerson({ first_name: 'Ada', language_code: 'en' })
  buyer.send('/start')
  await scene.deps.db.query(`insert into users (id, first_name, language) values ($1, 'Ada', 'en')`, [BigInt(buyer.id)])
  const product = await aProductOnSale(scene.deps.db)
  const order = await anOpenOrder(scene.deps.db, product, { buyer: personId(buyer.id) })
  const deps = { ...scene.deps, coins: ['usdtsol'] as const }
  const ofBot = () => buyer.chat().messages.filter(({ from }) => from === 'bot')
  return { ...scene, order, deps, chat: () => ofBot().map(({ text, caption }) => text ?? caption ?? '') }
}

test('an order without a message gets one, and two redraws at once still leave one', async (t) => {
  const { deps, order, chat } = await anOrderToDraw(t)
  const outcomes = await Promise.allSettled([redrawOrder(deps, order.id), redrawOrder(deps, order.id)])
  const waiting = outcomes.filter((outcome) => outcome.status === 'rejected')
  assert.ok(waiting.every(({ reason }) => reason instanceof RetryLater))
  assert.equal(chat().length, 1)
  assert.match(chat()[0] ?? '', /Exact amount: 21\.48 USDT/)
})

test('while a delivery holds the message the redraw waits, and looks again every moment', async (t) => {
  const { deps, order, chat } = await anOrderToDraw(t)
  const held = (await claimOrderMessage(deps.db, order.id, 20_000)) ?? assert.fail('free')
  await assert.rejects(redrawOrder(deps, order.id), (error) => error instanceof RetryLater && error.ms <= 500)
  assert.deepEqual(chat(), [])
  await releaseOrderMessage(deps.db, held, null)
  await redrawOrder(deps, order.id)
  assert.equal(chat().length, 1)
})

test('a press while the message is being drawn is drawn as soon as that is over', async (t) => {
  const { deps, order, chat } = await anOrderToDraw(t)
  assert.ok(await claimOrderMessage(deps.db, order.id, 400))
  await drawNow(deps, order.id)
  assert.equal(chat().length, 1)
})

test('a bot that was paused over a delivery has the file delivered again', async (t) => {
  const { deps, order } = await anOrderToDraw(t)
  const paused: DrawDeps = {
    ...deps,
    telegram: {
      ...deps.telegram,
      upload: async (upload, options) => {
        await deliverMeanwhile(deps, order)
        return deps.telegram.upload(upload, options)
      },
    },
  }
  await redrawOrder(paused, order.id)
  const { rows } = await deps.db.query(
    `select d.state, d.attempt, o.subject from deliveries d join outbox o on o.dedupe_key = d.id::text`,
  )
  assert.deepEqual(rows, [{ state: 'queued', attempt: 2, subject: 'delivery.requested' }])
})

test('a buyer who opens the order again as the file arrives keeps the file', async (t) => {
  const { deps, order, chat } = await anOrderToDraw(t)
  await redrawOrder(deps, order.id)
  const looked = (await findOrder(deps.db, order.id)) ?? assert.fail('no order')
  await deliverMeanwhile(deps, order)
  const before = chat()
  assert.equal(await moveToBottom(deps, looked, textsFor('en')), false)
  assert.deepEqual(chat(), before)
})

test('a buyer who opens an order that waits for its payment finds it at the bottom, once', async (t) => {
  const { deps, order, chat } = await anOrderToDraw(t)
  await redrawOrder(deps, order.id)
  const looked = (await findOrder(deps.db, order.id)) ?? assert.fail('no order')
  assert.equal(await moveToBottom(deps, looked, textsFor('en')), true)
  await redrawOrder(deps, order.id)
  assert.deepEqual(
    chat().map((words) => words.includes('Exact amount')),
    [false, true],
  )
})

/** Our lease ran out, the order was paid, and the delivery turned the message into the file. */
async function deliverMeanwhile({ db }: DrawDeps, { id }: OpenOrder): Promise<void> {
  await db.query(`update orders set message_lease_until = '-infinity', status = 'delivered' where id = $1`, [id])
  const held = (await claimOrderMessage(db, id, 20_000)) ?? assert.fail('free')
  await db.query(
    `insert into deliveries (order_id, file_id, kind, chat_id, message_id, state, attempt)
     select id, file_id, 'initial', chat_id, message_id, 'sent', 1 from orders where id = $1`,
    [id],
  )
  await releaseOrderMessage(db, held, null)
}

test('a picture that Telegram refuses leaves the address as plain text', async (t) => {
  const { deps, order, chat } = await anOrderToDraw(t)
  const refused = new TelegramRefused('editMessageMedia', 400, 'Bad Request: PHOTO_INVALID_DIMENSIONS')
  await redrawOrder({ ...deps, telegram: { ...deps.telegram, upload: () => Promise.reject(refused) } }, order.id)
  assert.equal(chat().length, 1)
  assert.match(chat()[0] ?? '', /So1anaAddress/)
})

test('who blocked the bot is left alone, and sees the order when they come back', async (t) => {
  const { deps, order } = await anOrderToDraw(t)
  const blocked = new TelegramRefused('sendMessage', 403, 'Forbidden: bot was blocked by the user')
  await redrawOrder({ ...deps, telegram: { ...deps.telegram, call: () => Promise.reject(blocked) } }, order.id)
  const { rows } = await deps.db.query(`select reachable from users where id = $1`, [order.buyer])
  assert.deepEqual(rows, [{ reachable: false }])
  await redrawForReturned(deps.db, order.buyer)
  const { rows: events } = await deps.db.query(`select subject, dedupe_key from outbox`)
  assert.deepEqual(events, [{ subject: 'order.changed', dedupe_key: order.id }])
})

test('a crash after the reply was sent repeats the reply at most, never loses it', async (t) => {
  const { deps, order, chat } = await anOrderToDraw(t)
  await redrawOrder(deps, order.id)
  await deps.db.query(`update orders set status = 'underpaid', seen_at = now()`)
  const failing: DrawDeps = {
    ...deps,
    telegram: {
      ...deps.telegram,
      call: (method, params, options) =>
        method === 'sendMessage' ? Promise.reject(new Error('killed')) : deps.telegram.call(method, params, options),
    },
  }
  await assert.rejects(redrawOrder(failing, order.id), /killed/)
  await redrawOrder(deps, order.id)
  await redrawOrder(deps, order.id)
  assert.equal(chat().filter((text) => text.includes('See above how to complete it')).length, 1)
})
