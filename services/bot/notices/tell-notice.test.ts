import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { inTransaction } from '../../../shared/db/pool.ts'
import { type NoticeId } from '../../../shared/domain/ids.ts'
import { type Notice } from '../../../shared/domain/notice.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { TelegramRefused } from '../../../shared/telegram/errors.ts'
import { type Params } from '../../../shared/telegram/params.ts'
import { aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { tellNotice } from './tell-notice.ts'

async function aSellerToTell(t: TestContext) {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db, { title: 'A <b>bold</b> title' })
  const sent: Params[] = []
  const chat = { failure: undefined as Error | undefined }
  const call = (_method: string, params: Params = {}) => {
    if (chat.failure !== undefined) return Promise.reject(chat.failure)
    sent.push(params)
    return Promise.resolve(true)
  }
  const deps = { db, telegram: { call }, log: pino({ enabled: false }), bot: { username: 'comptoir_test_bot' } }
  const say = (notice: Notice) => inTransaction(db, (tx) => notify(tx, product.seller, product.id, notice))
  const rung = async (): Promise<NoticeId[]> => {
    const { rows } = await db.query<{ id: NoticeId }>(`select payload->>'noticeId' as id from outbox order by position`)
    return rows.map(({ id }) => id)
  }
  return { db, product, sent, chat, say, rung, tell: (noticeId: NoticeId) => tellNotice(deps, { noticeId }) }
}

test('what happened to a product is told to its seller once, with the title shown literally', async (t) => {
  const { product, sent, say, rung, tell } = await aSellerToTell(t)
  const notice = { kind: 'file refused', productId: product.id, fileId: product.fileId, reason: 'executable' } as const
  await say(notice)
  await say(notice)
  const [id = assert.fail('nothing announced'), ...more] = await rung()
  assert.deepEqual(more, [], 'the same thing is announced once')
  await tell(id)
  await tell(id)
  assert.equal(sent.length, 1)
  assert.equal(sent[0]?.['chat_id'], product.seller)
  assert.match(String(sent[0]['text']), /A &lt;b&gt;bold&lt;\/b&gt; title.*contains a program under another name/)
})

test('what could not be told waits for its next try, and nobody who blocked the bot is written to again', async (t) => {
  const { db, product, chat, sent, say, rung, tell } = await aSellerToTell(t)
  await say({ kind: 'product on sale', productId: product.id })
  const [id = assert.fail('nothing announced')] = await rung()
  chat.failure = new Error('the line was cut')
  await assert.rejects(tell(id), /cut/)
  chat.failure = new TelegramRefused('sendMessage', 403, 'Forbidden: bot was blocked by the user')
  await tell(id)
  chat.failure = undefined
  await tell(id)
  assert.deepEqual(sent, [])
  const { rows } = await db.query(`select n.state, u.reachable from notices n join users u on u.id = n.person_id`)
  assert.deepEqual(rows, [{ state: 'unreachable', reachable: false }])
})

test('a seller whose file arrived by the upload page is told that it is being checked', async (t) => {
  const { product, sent, say, rung, tell } = await aSellerToTell(t)
  await say({ kind: 'file received', productId: product.id, fileId: product.fileId })
  for (const id of await rung()) await tell(id)
  assert.match(String(sent[0]?.['text']), /A &lt;b&gt;bold&lt;\/b&gt; title.*has arrived.*checking/)
})

test('a seller who hears of their product gets to it in one press, and shares it once it is on sale', async (t) => {
  const { product, sent, say, rung, tell } = await aSellerToTell(t)
  await say({ kind: 'product on sale', productId: product.id })
  await say({ kind: 'file refused', productId: product.id, fileId: product.fileId, reason: 'executable' })
  for (const id of await rung()) await tell(id)
  const [onSale, refused] = sent.map(({ reply_markup: markup }) => JSON.stringify(markup))
  for (const keyboard of [onSale, refused]) assert.ok(keyboard?.includes(`myProduct:${product.code}`), keyboard)
  assert.ok(onSale?.includes(`start%3Dp_${product.code}`), onSale)
  assert.ok(refused?.includes('share') === false)
})
