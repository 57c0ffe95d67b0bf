import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PersonId, personId } from '../../shared/domain/ids.ts'
import { escape } from '../../shared/telegram/html.ts'
import { aBotScene, type BotScene } from '../../shared/testing/a-bot.ts'
import { greetPerson } from '../../shared/db/users.ts'
import { buttonData } from './buttons.ts'
import { type Card } from './context.ts'
import { button } from './keyboard.ts'
import { drawScreen } from './screen.ts'

async function somebody({ deps, emulator }: BotScene) {
  const client = emulator.addPerson({ first_name: 'Ada' })
  client.send('/start')
  const id: PersonId = personId(client.id)
  await greetPerson(deps.db, { id, username: null, firstName: 'Ada', language: 'en' })
  const seen = () => client.chat().messages.filter(({ from }) => from === 'bot')
  return { client, id, seen, draw: (card: Card, pressed?: number) => drawScreen(deps, id, toBigint(pressed), card) }
}

const toBigint = (id: number | undefined) => (id === undefined ? undefined : BigInt(id))

const card = (text: string, picture: Card['picture'] = 'home'): Card => ({
  at: buttonData('home'),
  picture,
  text: escape(text),
  keyboard: [[button('Browse', 'categories')], []],
})

test('a press changes the screen in place, a message brings a new one and takes the old one away', async (t) => {
  const scene = await aBotScene(t)
  const { seen, draw } = await somebody(scene)
  await draw(card('one'))
  const [first] = seen()
  await draw(card('two', 'neutral'), first?.message_id)
  assert.deepEqual(
    seen().map(({ caption, message_id: id }) => [caption, id]),
    [['two', first?.message_id]],
  )
  assert.notEqual(seen()[0]?.photo?.file_id, first?.photo?.file_id)
  await draw(card('three'))
  assert.deepEqual(
    seen().map(({ caption }) => caption),
    ['three'],
  )
})

test('each picture is uploaded once', async (t) => {
  const scene = await aBotScene(t)
  const { seen, draw } = await somebody(scene)
  await draw(card('one'))
  const id = seen()[0]?.message_id
  for (const picture of ['neutral', 'home', 'neutral', 'home'] as const) await draw(card('more', picture), id)
  assert.equal(scene.emulator.transcript.list().filter(({ files }) => files.length > 0).length, 2)
})

test('the same screen drawn twice is no failure', async (t) => {
  const scene = await aBotScene(t)
  const { seen, draw } = await somebody(scene)
  await draw(card('one'))
  await draw(card('one'), seen()[0]?.message_id)
  assert.equal(seen().length, 1)
})

test('when the screen was deleted, a new one appears', async (t) => {
  const scene = await aBotScene(t)
  const { client, seen, draw } = await somebody(scene)
  await draw(card('one'))
  const id = seen()[0]?.message_id
  assert.ok(id !== undefined)
  client.delete(id)
  await draw(card('two'), id)
  assert.deepEqual(
    seen().map(({ caption }) => caption),
    ['two'],
  )
})

test('a press under another message than the screen leaves that message as it is', async (t) => {
  const scene = await aBotScene(t)
  const { id, seen, draw } = await somebody(scene)
  await scene.deps.telegram.call('sendMessage', { chat_id: id, text: 'a receipt' })
  await draw(card('one'), seen()[0]?.message_id)
  assert.deepEqual(
    seen().map(({ text, caption }) => text ?? caption),
    ['a receipt', 'one'],
  )
})

test('a picture id that Telegram no longer knows is replaced by the file', async (t) => {
  const scene = await aBotScene(t)
  const { seen, draw } = await somebody(scene)
  await draw(card('one'))
  await scene.deps.db.query(`update telegram_files set file_id = 'AgACAgIAAxkBAAIBsomethingelse'`)
  await draw(card('two', 'home'))
  assert.deepEqual(
    seen().map(({ caption, photo }) => [caption, photo === undefined]),
    [['two', false]],
  )
  const { rows } = await scene.deps.db.query<{ file_id: string }>(`select file_id from telegram_files`)
  assert.equal(rows.length, 1)
  assert.notEqual(rows[0]?.file_id, 'AgACAgIAAxkBAAIBsomethingelse')
})

test('hostile titles are shown as they are', async (t) => {
  const scene = await aBotScene(t)
  const { seen, draw } = await somebody(scene)
  const title = '<b>50%</b> & "more" _x_ *y* [z](http://e.org) \u{1F381} </code>'
  await draw(card(title))
  assert.equal(seen()[0]?.caption, title)
})
