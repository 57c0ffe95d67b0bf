import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { type ChatMessage } from '../../../sandbox/telegram/chat-view.ts'
import { type PersonClient } from '../../../sandbox/telegram/person-client.ts'
import { insertDeadLetter, listOpenDeadLetters } from '../../../shared/db/dead-letters.ts'
import { keepBrokenInvariants, listFindings, payoutsBlockedBy } from '../../../shared/db/invariants.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { type DeadLetterId, type FindingId } from '../../../shared/domain/ids.ts'
import { aRunningBot, type BotScene } from '../../../shared/testing/a-bot.ts'
import { anOwnedOrder, aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { insertUpdates } from '../../../shared/db/telegram-updates.ts'
import { buttonData } from '../buttons.ts'
import { storefrontFeatures } from '../shop-features.ts'
import { unknown } from '../unknown.ts'
import { toKeep } from '../updates/keep.ts'
import { admin } from './admin.ts'

const adminId = 900_000_001

async function aScene(t: TestContext) {
  const scene = await aRunningBot(t, [...storefrontFeatures, admin, unknown])
  const grace = scene.emulator.addPerson({ id: adminId, first_name: 'Grace', language_code: 'en' })
  const mallory = scene.emulator.addPerson({ first_name: 'Mallory', language_code: 'en' })
  for (const person of [grace, mallory]) {
    person.send('/start')
    await person.waitForMessage(({ keyboard }) => keyboard !== undefined)
  }
  return { ...scene, db: scene.deps.db, grace, mallory }
}

const wordsOf = ({ text, caption }: ChatMessage) => text ?? caption ?? ''

async function answerTo(person: PersonClient, text: string): Promise<ChatMessage> {
  const { message_id: asked } = person.send(text)
  return person.waitForMessage(({ message_id: id }) => id > asked)
}

let lastUpdate = 900_000_000

/** A press of anything under the person's screen: what is in it is up to whoever sends it. Returns how it was answered. */
async function press({ deps, emulator }: BotScene, person: PersonClient, data: string): Promise<string> {
  lastUpdate += 1
  const id = String(lastUpdate)
  const { rows } = await deps.db.query<{ id: bigint }>(`select message_id as id from screens where user_id = $1`, [
    BigInt(person.id),
  ])
  const from = { id: person.id, is_bot: false, first_name: 'Somebody', language_code: 'en' }
  const message = { message_id: Number(rows[0]?.id), date: 1, chat: { id: person.id, type: 'private' } }
  const pressed = { id, from, message, chat_instance: '1', data }
  await insertUpdates(deps.db, deps.bot.id, [toKeep({ update_id: lastUpdate, callback_query: pressed })])
  for (let waiting = 1; waiting > 0;) {
    waiting = (await deps.db.query(`select from telegram_updates where handled_at is null`)).rowCount
  }
  const text = emulator.transcript.list().find(({ params }) => params['callback_query_id'] === id)?.params['text']
  return typeof text === 'string' ? text : ''
}

const anEvent = (db: Database, key: string, kind = 'bot-order-changed') =>
  insertDeadLetter(db, {
    kind,
    ref: key,
    reason: `no <b>answer</b> for ${key}`,
    payload: { subject: 'order.changed', key, messageId: 'm', json: { orderId: key } },
  })

const orderId = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`

async function letters(db: Database, kind?: string): Promise<DeadLetterId[]> {
  const open = await listOpenDeadLetters(db, { limit: 100, ...(kind === undefined ? {} : { kind }) })
  return open.map(({ id }) => id)
}

const asked = async (db: Database, subject: string): Promise<unknown[]> =>
  (await db.query(`select dedupe_key as key from outbox where subject = $1 order by position`, [subject])).rows.map(
    ({ key }) => key,
  )

const audited = async (db: Database): Promise<unknown[]> =>
  (await db.query(`select actor, action, target, reason from audit_log order by at`)).rows

async function aFinding(db: Database): Promise<FindingId> {
  await keepBrokenInvariants(db, [{ name: 'quota-used', count: 1, refs: ['<b>SHOP'] }])
  const [finding] = await listFindings(db)
  return finding?.id ?? assert.fail('nothing is kept')
}

test('to everybody but administrators there is no administration, by command or by button', async (t) => {
  const scene = await aScene(t)
  const { db, grace, mallory } = scene
  const key = orderId(1)
  await anEvent(db, key)
  const [letter] = await letters(db)
  assert.ok(letter !== undefined)
  const product = await aProductOnSale(db)
  const { code } = await anOwnedOrder(db, product)

  const finding = await aFinding(db)

  const unknownCommand = wordsOf(await answerTo(mallory, '/nonsense'))
  for (const text of ['/admin', `/admin ${code}`, '/admin@comptoir_test_bot'])
    assert.equal(wordsOf(await answerTo(mallory, text)), unknownCommand, text)

  const nobodyKnows = await press(scene, mallory, 'no-such-button')
  const buttons = [
    buttonData('admin'),
    buttonData('letters', { kind: 'bot-order-changed', page: 0 }),
    ...(['letter', 'sendLetter', 'linkLetter', 'dropLetter'] as const).map((action) => buttonData(action, { letter })),
    buttonData('dropLetterAs', { letter, reason: 'settled' }),
    buttonData('sendLetters', { kind: 'bot-order-changed' }),
    buttonData('timeline', { order: code, page: 0 }),
    buttonData('timelineFile', { order: code }),
    ...(['cases', 'refunds', 'batches'] as const).map((action) => buttonData(action, { page: 0 })),
    ...(['payouts', 'prepareBatch'] as const).map((action) => buttonData(action)),
    buttonData('refundOrder', { order: code }),
    buttonData('findings'),
    ...(['finding', 'askFinding'] as const).map((action) => buttonData(action, { finding })),
    buttonData('acceptFinding', { finding, version: 1 }),
  ]
  for (const data of buttons) {
    await db.query('delete from rate_buckets')
    assert.equal(await press(scene, mallory, data), nobodyKnows, data)
  }
  assert.ok(mallory.chat().messages.every((message) => !/Administration|🧾|📮/.test(wordsOf(message))))
  assert.deepEqual(await letters(db), [letter])
  assert.deepEqual([await audited(db), await asked(db, 'order.changed')], [[], []])
  assert.ok((await payoutsBlockedBy(db)).includes('quota-used'))

  assert.match(wordsOf(await answerTo(grace, '/admin')), /Administration/)
})

test('who is no administrator any more is led home from a screen of administrators', async (t) => {
  const scene = await aScene(t)
  const { deps, grace } = scene
  assert.match(wordsOf(await answerTo(grace, '/admin')), /Administration/)
  Object.assign(deps.config.telegram, { admins: [5n] })
  assert.match(await press(scene, grace, buttonData('admin')), /updated/)
  assert.match(wordsOf(await answerTo(grace, '/admin')), /don’t know this command/)
})

test('what was written by somebody else and forwarded is no command of an administrator', async (t) => {
  const { deps, db, grace } = await aScene(t)
  const refusal = await answerTo(grace, '/nonsense')
  const update = {
    update_id: 700_000_001,
    message: {
      message_id: 9_000,
      date: 1,
      chat: { id: adminId, type: 'private' },
      from: { id: adminId, is_bot: false, first_name: 'Grace', language_code: 'en' },
      text: '/admin',
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      forward_origin: { type: 'hidden_user', sender_user_name: 'Mallory', date: 1 },
    },
  }
  await db.query(`insert into telegram_updates (bot_id, update_id, user_id, payload) values ($1, $2, $3, $4)`, [
    deps.bot.id,
    update.update_id,
    adminId,
    JSON.stringify(update),
  ])
  const answer = await grace.waitForMessage(({ message_id: id }) => id > refusal.message_id)
  assert.equal(wordsOf(answer), wordsOf(refusal))
})

test('an administrator sees how much waits, by kind, and ten of a kind on a page with their reasons', async (t) => {
  const scene = await aScene(t)
  const { db, grace } = scene
  for (let index = 1; index <= 12; index += 1) await anEvent(db, orderId(index))
  await anEvent(db, orderId(1), 'delivery-delivery-requested')
  const product = await aProductOnSale(db)
  const order = await anOwnedOrder(db, product)
  await db.query(`update orders set status = 'review' where id = $1`, [order.id])
  await db.query(`insert into cases (order_id, kind, opened_by) values ($1, 'mismatch', 'payments')`, [order.id])

  const home = await answerTo(grace, '/admin')
  assert.match(wordsOf(home), /Dead letters: 13[^]*review: 1[^]*cases: 1/)
  assert.ok(home.keyboard?.flat().some(({ text }) => text === 'Order messages · 12'))
  await press(scene, grace, buttonData('letters', { kind: 'bot-order-changed', page: 0 }))
  const page = await grace.waitForMessage((message) => wordsOf(message).includes('1. '))
  assert.match(wordsOf(page), /no <b>answer<\/b> for/)
  assert.equal(page.keyboard?.flat().filter(({ text }) => /^\d+$/.test(text)).length, 10)
  await press(scene, grace, buttonData('letters', { kind: 'bot-order-changed', page: 7 }))
  const last = await grace.waitForMessage((message) => wordsOf(message).includes('11. '))
  assert.equal(last.keyboard?.flat().filter(({ text }) => /^\d+$/.test(text)).length, 2)
})

test('an administrator reads what must never be, and lets payouts go on with a second press and their name', async (t) => {
  const scene = await aScene(t)
  const { db, grace } = scene
  const finding = await aFinding(db)
  const home = await answerTo(grace, '/admin')
  assert.ok(home.keyboard?.flat().some(({ text }) => text.includes('must never be · 1')))
  await press(scene, grace, buttonData('findings'))
  await grace.waitForMessage((message) => wordsOf(message).includes('No seller is paid until 1'))
  await press(scene, grace, buttonData('finding', { finding }))
  await grace.waitForMessage((message) => /How many: 1[^]*<b>SHOP/.test(wordsOf(message)))
  await press(scene, grace, buttonData('askFinding', { finding }))
  await grace.waitForMessage((message) => wordsOf(message).includes('in spite of this finding'))
  assert.ok((await payoutsBlockedBy(db)).includes('quota-used'))

  assert.match(await press(scene, grace, buttonData('acceptFinding', { finding, version: 2 })), /has changed/)
  assert.match(await press(scene, grace, buttonData('acceptFinding', { finding, version: 1 })), /Acknowledged/)
  assert.match(await press(scene, grace, buttonData('acceptFinding', { finding, version: 1 })), /has changed/)
  assert.deepEqual(await payoutsBlockedBy(db), ['not-checked-lately'])
  assert.deepEqual(await audited(db), [
    { actor: String(adminId), action: 'invariant.acknowledge', target: 'quota-used', reason: '' },
  ])
})

test('one tap sends a dead event again, once, and says who did', async (t) => {
  const scene = await aScene(t)
  const { db, grace } = scene
  const key = orderId(1)
  await anEvent(db, key)
  const [letter] = await letters(db)
  assert.ok(letter !== undefined)
  await answerTo(grace, '/admin')
  assert.match(await press(scene, grace, buttonData('sendLetter', { letter })), /on its way again/)
  assert.match(await press(scene, grace, buttonData('sendLetter', { letter })), /Settled already/)
  assert.deepEqual(await asked(db, 'order.changed'), [key])
  assert.deepEqual(await audited(db), [
    { actor: String(adminId), action: 'dead-letter.replay', target: key, reason: '' },
  ])
  assert.deepEqual(await letters(db), [])
})

test('one tap sends all of a kind again, and leaves what cannot be sent and every other kind', async (t) => {
  const scene = await aScene(t)
  const { db, grace } = scene
  for (let index = 1; index <= 3; index += 1) await anEvent(db, orderId(index))
  await insertDeadLetter(db, { kind: 'bot-order-changed', ref: 'odd', reason: 'malformed', payload: { json: '?' } })
  await anEvent(db, orderId(9), 'media-media-missing')
  await answerTo(grace, '/admin')
  assert.match(await press(scene, grace, buttonData('sendLetters', { kind: 'bot-order-changed' })), /: 3\. Left: 1/)
  assert.deepEqual(await asked(db, 'order.changed'), [1, 2, 3].map(orderId))
  assert.equal((await letters(db)).length, 2)
  const [odd] = await letters(db, 'bot-order-changed')
  assert.ok(odd !== undefined)
  assert.match(await press(scene, grace, buttonData('sendLetter', { letter: odd })), /cannot be sent again/)
  assert.match(await press(scene, grace, buttonData('dropLetterAs', { letter: odd, reason: 'mistake' })), /Discarded/)
  assert.equal((await letters(db)).length, 1)
  assert.deepEqual((await audited(db)).at(-1), {
    actor: String(adminId),
    action: 'dead-letter.discard',
    target: 'odd',
    reason: 'mistake',
  })
})

test('a dead delivery is queued again, or redirected to a link, and what is settled already stays as it is', async (t) => {
  const scene = await aScene(t)
  const { db, grace } = scene
  const deliveryOf = async (state: string): Promise<string> => {
    const order = await anOwnedOrder(db, await aProductOnSale(db))
    const { rows } = await db.query<{ id: string }>(
      `insert into deliveries (order_id, file_id, kind, chat_id, state, document_tries, first_failed_at)
       select id, file_id, 'initial', buyer_id, $2, 3, now() - interval '8 days' from orders where id = $1 returning id`,
      [order.id, state],
    )
    const id = rows[0]?.id ?? ''
    await insertDeadLetter(db, { kind: 'delivery', ref: id, reason: 'broken', payload: { deliveryId: id } })
    return id
  }
  const [again, link, sent] = [await deliveryOf('dead'), await deliveryOf('dead'), await deliveryOf('sent')]
  const [first, second, third] = await letters(db)
  assert.ok(first !== undefined && second !== undefined && third !== undefined)
  await answerTo(grace, '/admin')
  await press(scene, grace, buttonData('sendLetter', { letter: first }))
  await press(scene, grace, buttonData('linkLetter', { letter: second }))
  assert.match(await press(scene, grace, buttonData('sendLetter', { letter: third })), /Nothing left/)
  const { rows } = await db.query(
    `select id, state, document_tries as tries, first_failed_at as failed from deliveries order by created_at`,
  )
  assert.deepEqual(rows, [
    { id: again, state: 'queued', tries: 0, failed: null },
    { id: link, state: 'queued', tries: 4, failed: null },
    { ...rows[2], id: sent, state: 'sent' },
  ])
  assert.deepEqual(await asked(db, 'delivery.requested'), [again, link])
})

test('what a person sent and nobody could answer is answered after all', async (t) => {
  const scene = await aScene(t)
  const { deps, db, grace, mallory } = scene
  const update = {
    update_id: 700_000_002,
    message: {
      message_id: 9_001,
      date: 1,
      chat: { id: mallory.id, type: 'private' },
      from: { id: mallory.id, is_bot: false, first_name: 'Mallory', language_code: 'en' },
      text: '/nonsense',
      entities: [{ type: 'bot_command', offset: 0, length: 9 }],
    },
  }
  const ref = `${deps.bot.id}:${update.update_id}`
  for (const one of [ref, '1:5'])
    await insertDeadLetter(db, { kind: 'telegram update', ref: one, reason: 'a fault', payload: update })
  const [ours, theirs] = await letters(db)
  assert.ok(ours !== undefined && theirs !== undefined)
  await answerTo(grace, '/admin')
  await press(scene, grace, buttonData('sendLetter', { letter: ours }))
  await mallory.waitForMessage((message) => wordsOf(message).includes('don’t know this command'))
  assert.match(await press(scene, grace, buttonData('sendLetter', { letter: theirs })), /cannot be sent again/)
})

test('any order is found by its code or by its payment, with all that happened, and comes as a document', async (t) => {
  const scene = await aScene(t)
  const { db, emulator, grace } = scene
  const order = await anOwnedOrder(db, await aProductOnSale(db, { title: 'A <b>title</b>' }))
  await db.query(`update orders set title = 'A <b>title</b>' where id = $1`, [order.id])
  const { rows: paid } = await db.query<{ provider: string }>(
    `select provider_id as provider from payments where order_id = $1`,
    [order.id],
  )
  const provider = paid[0]?.provider ?? ''
  await db.query(
    `insert into payment_events (source, provider_id, status, actually_paid, raw)
     select 'ipn', $1, 'waiting ' || n, '0.1', '{"n":' || n || '}' from generate_series(1, 9) n`,
    [provider],
  )
  await db.query(
    `with d as (insert into deliveries (order_id, file_id, kind, chat_id)
                select id, file_id, 'initial', buyer_id from orders where id = $1 returning id)
     insert into delivery_attempts (delivery_id, attempt, method, outcome, error)
     select id, 1, 'document', 'retry_wait', 'the bucket is away' from d`,
    [order.id],
  )
  const byCode = wordsOf(await answerTo(grace, `/admin ${order.code.toLowerCase()}`))
  const byPayment = wordsOf(await answerTo(grace, `/admin ${provider}`))
  assert.equal(byPayment, byCode)
  assert.match(byCode, new RegExp(`${order.code}[^]*A <b>title</b>[^]*Page 1 of \\d`))
  assert.match(wordsOf(await answerTo(grace, '/admin ZZZZZZZZZZ')), /No order, product or shop has this code/)

  await press(scene, grace, buttonData('timelineFile', { order: order.code }))
  const { document } = await grace.waitForMessage((message) => message.document !== undefined)
  assert.equal(document?.file_name, `order-${order.code}.txt`)
  const text = (await emulator.fileBytes(document.file_id)).toString()
  for (const part of [order.code, provider, 'waiting 9', '{"n":9}', 'the bucket is away', 'Delivery try'])
    assert.ok(text.includes(part), part)
  assert.deepEqual(
    (await audited(db)).map((row) => (row as { action: string }).action),
    ['order.export'],
  )
})
