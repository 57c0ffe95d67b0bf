import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { type ChatMessage } from '../../../sandbox/telegram/chat-view.ts'
import { type PersonClient } from '../../../sandbox/telegram/person-client.ts'
import { aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { aRunningBot } from '../../../shared/testing/a-bot.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { insertUpdates } from '../../../shared/db/telegram-updates.ts'
import { storefrontFeatures } from '../shop-features.ts'
import { unknown } from '../unknown.ts'
import { toKeep } from '../updates/keep.ts'

async function aShop(t: TestContext) {
  const { deps, emulator } = await aRunningBot(t, [...storefrontFeatures, unknown])
  const visitor = emulator.addPerson({ first_name: 'Ada', language_code: 'en' })
  return { deps, db: deps.db, emulator, visitor }
}

/** Products of one shelf, the first the newest. */
async function aShelf(db: Database, ...titles: string[]) {
  const products: Awaited<ReturnType<typeof aProductOnSale>>[] = []
  for (const title of titles) products.push(await aProductOnSale(db, { title }))
  for (const [index, { id }] of products.entries()) {
    await db.query(`update products set published_at = now() - $2 * interval '1 hour' where id = $1`, [id, index])
  }
  return products
}

const says =
  (...parts: string[]) =>
  ({ caption, text }: ChatMessage) =>
    parts.every((part) => (caption ?? text ?? '').includes(part))

const labels = ({ keyboard = [] }: ChatMessage) => keyboard.map((row) => row.map(({ text }) => text))
const hasLabel = (part: string) => (message: ChatMessage) =>
  labels(message).some((row) => row.some((text) => text.includes(part)))

/** Presses the newest button whose label contains the text. */
async function press(visitor: PersonClient, part: string): Promise<string> {
  const message = await visitor.waitForMessage(hasLabel(part))
  const key = message.keyboard?.flat().find(({ text }) => text.includes(part))
  assert.ok(key?.data !== undefined, `no button ${part}`)
  return visitor.press(message.message_id, key.data)
}

const toastFor = (visitor: PersonClient, press: string) =>
  visitor.waitFor(({ answers }) => answers.find(({ callback_query_id: id }) => id === press))

test('a visitor looks around from home to a product and back, in one message', async (t) => {
  const { db, visitor } = await aShop(t)
  await aShelf(db, 'Alpha guide', 'Beta guide', 'Gamma guide')
  visitor.send('/start')
  const home = await visitor.waitForMessage(hasLabel('Browse'))
  await press(visitor, 'Browse')
  await press(visitor, '(3)')
  const first = await visitor.waitForMessage(says('Alpha guide', 'Camille'))
  assert.ok(labels(first).some((row) => row.join(' ') === '1/3 ▶'))
  await press(visitor, '▶')
  const second = await visitor.waitForMessage(says('Beta guide'))
  assert.ok(labels(second).some((row) => row.join(' ') === '◀ 2/3 ▶'))
  await press(visitor, '▶')
  assert.ok(labels(await visitor.waitForMessage(says('Gamma guide'))).some((row) => row.join(' ') === '◀ 3/3'))
  await press(visitor, 'Details')
  const page = await visitor.waitForMessage(says('Gamma guide', 'A description of it', 'guide.pdf'))
  await press(visitor, 'Back')
  await visitor.waitForMessage((message) => hasLabel('◀')(message) && says('Gamma guide')(message))
  await press(visitor, 'Home')
  await visitor.waitForMessage(hasLabel('Browse'))
  assert.equal(page.message_id, home.message_id)
  assert.equal(visitor.chat().messages.filter(({ from }) => from === 'bot').length, 1)
})

test('a product that was withdrawn is not shown any more, and its place is taken by the next', async (t) => {
  const { db, visitor } = await aShop(t)
  const [, second] = await aShelf(db, 'Alpha guide', 'Beta guide', 'Gamma guide')
  visitor.send('/buy')
  await press(visitor, '(3)')
  await visitor.waitForMessage(says('Alpha guide'))
  await db.query(`update products set status = 'inactive' where id = $1`, [second?.id])
  const toast = await toastFor(visitor, await press(visitor, '▶'))
  assert.match(toast.text ?? '', /try again/)
  await visitor.waitForMessage(says('Gamma guide'))
})

test('a link opens its product or shop; a link of nobody leads home in the same words', async (t) => {
  const { db, visitor } = await aShop(t)
  const [product] = await aShelf(db, 'Alpha guide')
  const { rows } = await db.query<{ code: string }>(`select code from sellers`)
  visitor.send(`/start p_${product?.code.toLowerCase()}`)
  await visitor.waitForMessage(says('Alpha guide', 'guide.pdf'))
  visitor.send(`/start s_${rows[0]?.code}`)
  await visitor.waitForMessage(says('🏪 Camille', 'Alpha guide'))
  for (const payload of ['p_00000000', 's_00000000', 'o_0000000000', 'p_', 'x_ABCDEFGH', '%00', 'p_ABCDEFGH_1']) {
    visitor.send(`/start ${payload}`)
    await visitor.waitForMessage(says('leads nowhere'))
    const home = await visitor.waitForMessage(hasLabel('Browse'))
    visitor.delete(home.message_id)
    visitor.delete((await visitor.waitForMessage(says('leads nowhere'))).message_id)
  }
})

test('any text is a search, a product code opens its product', async (t) => {
  const { db, visitor } = await aShop(t)
  const [, beta] = await aShelf(db, 'Résumé template', 'Beta guide')
  visitor.send('RESUME')
  await visitor.waitForMessage(says('RESUME', 'Résumé template'))
  visitor.send('nothing like this')
  await visitor.waitForMessage((message) => says('nothing like this')(message) && hasLabel('Browse')(message))
  visitor.send('%')
  await visitor.waitForMessage(says('2'))
  visitor.send(beta?.code.toLowerCase() ?? '')
  await visitor.waitForMessage(says('Beta guide', 'guide.pdf'))
})

test('a paused, an empty and an unknown shop are told apart', async (t) => {
  const { db, visitor } = await aShop(t)
  await aShelf(db, 'Alpha guide')
  await db.query(`update users set username = 'camille'`)
  visitor.send('/shop @camille')
  const carousel = await visitor.waitForMessage(says('Alpha guide'))
  await db.query(`update products set status = 'inactive'`)
  visitor.send('/shop @camille')
  const empty = await visitor.waitForMessage(({ message_id: id }) => id > carousel.message_id)
  await db.query(`update sellers set paused_at = now()`)
  visitor.send('/boutique camille')
  const paused = await visitor.waitForMessage(({ message_id: id }) => id > empty.message_id)
  visitor.send('/shop @nobody')
  const unknownShop = await visitor.waitForMessage(({ message_id: id }) => id > paused.message_id)
  const sentences = [empty, paused, unknownShop].map(({ caption, text }) => caption ?? text)
  assert.equal(new Set(sentences).size, 3)
})

test('a shop without any product says so', async (t) => {
  const { visitor } = await aShop(t)
  visitor.send('/buy')
  assert.deepEqual(labels(await visitor.waitForMessage(({ keyboard }) => keyboard !== undefined)).flat().length, 2)
})

test('a button nobody made draws the screen again and is answered', async (t) => {
  const { deps, emulator, visitor } = await aShop(t)
  visitor.send('/start')
  const home = await visitor.waitForMessage(hasLabel('Browse'))
  await press(visitor, 'Browse')
  await visitor.waitForMessage((message) => !hasLabel('Language')(message))
  for (const [index, data] of ['browse:AAAAAAAA:q:1x', 'administer', '', 'browse:ZZZZZZZZ:q:5'].entries()) {
    const id = `forged-${index}`
    await insertUpdates(deps.db, deps.bot.id, [toKeep(forged(visitor, { id, data, messageId: home.message_id }))])
    await waitUntil(async () => {
      const { rows } = await deps.db.query(`select from telegram_updates where handled_at is null`)
      return rows.length === 0
    })
    const answers = emulator.transcript.list().filter(({ params }) => params['callback_query_id'] === id)
    assert.deepEqual(
      answers.map(({ method }) => method),
      ['answerCallbackQuery'],
    )
  }
  assert.equal(visitor.chat().messages.filter(({ from }) => from === 'bot').length, 1)
  const { rows } = await deps.db.query(`select from dead_letters`)
  assert.equal(rows.length, 0)
})

type Forged = { readonly id: string; readonly data: string; readonly messageId: number }

let lastForged = 900_000_000

function forged({ id: person }: PersonClient, { id, data, messageId }: Forged) {
  lastForged += 1
  const chat = { id: person, type: 'private' }
  return {
    update_id: lastForged,
    callback_query: {
      id,
      from: { id: person, is_bot: false, first_name: 'Ada' },
      message: { message_id: messageId, date: 1, chat },
      chat_instance: '1',
      data,
    },
  }
}

/** Looks until it is so: the outcome of an update that is not seen in any chat. */
async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(setImmediate)
}

test('hostile titles and names are shown as they were typed', async (t) => {
  const { db, visitor } = await aShop(t)
  const title = '<b>50%</b> & "more" _x_ *y* [z] \u{1F381}'
  const [product] = await aShelf(db, title)
  await db.query(`update sellers set display_name = '<i>&amp;</i>'`)
  await db.query(`update products set description = repeat('<&>"', 250)`)
  visitor.send(`/start p_${product?.code}`)
  const page = await visitor.waitForMessage(says(title, '<i>&amp;</i>'))
  assert.ok(hasLabel('Read')(page))
  const share = page.keyboard?.flat().find(({ kind }) => kind === 'url')
  assert.equal(new URL(share?.url ?? '').searchParams.get('text'), title)
  await press(visitor, 'Read')
  await visitor.waitForMessage(({ caption }) => caption === '<&>"'.repeat(250))
})

test('a flood of presses gets one warning, and every press an answer', async (t) => {
  const { visitor } = await aShop(t)
  visitor.send('/start')
  const home = await visitor.waitForMessage(hasLabel('Browse'))
  const presses = Array.from({ length: 30 }, () => visitor.press(home.message_id, 'categories'))
  for (const id of presses) await toastFor(visitor, id)
  const warned = visitor.chat().answers.filter(({ text }) => text !== undefined)
  assert.equal(warned.length, 1)
})
