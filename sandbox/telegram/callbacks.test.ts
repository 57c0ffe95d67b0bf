import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VirtualClock } from './clock.ts'
import { callBot, type Scene, startScene } from './testing.ts'

const tooOld = 'Bad Request: query is too old and response timeout expired or query ID is invalid'

async function showButton({ say }: Scene): Promise<void> {
  await say('sendMessage', {
    text: 'shop',
    reply_markup: { inline_keyboard: [[{ text: 'Buy', callback_data: 'buy:1' }]] },
  })
}

test('a press reaches the bot with its message, and the answer reaches the person', async (t) => {
  const scene = await startScene(t)
  await showButton(scene)
  const id = scene.person.pressText('Buy')
  const { result } = await scene.call('getUpdates')
  const query = result[0]?.callback_query
  assert.ok(query !== undefined)
  assert.equal(query.id, id)
  assert.equal(query.data, 'buy:1')
  assert.equal(query.message.text, 'shop')
  assert.equal(query.from.language_code, 'fr')
  const answer = { callback_query_id: id, text: 'Bought', show_alert: true }
  assert.equal((await scene.call('answerCallbackQuery', answer)).result, true)
  assert.deepEqual(scene.person.chat().answers, [{ type: 'answer', ...answer }])
})

test('a press is answered once, by its own bot, and in time', async (t) => {
  const clock = new VirtualClock()
  const scene = await startScene(t, { clock })
  scene.emulator.addBot({ token: '43:OTHER', username: 'other_bot', first_name: 'Other' })
  await showButton(scene)
  const answer = async (id: string) => (await scene.call('answerCallbackQuery', { callback_query_id: id })).description
  const first = scene.person.pressText('Buy')
  const foreign = await callBot(scene.emulator, '43:OTHER', 'answerCallbackQuery', { callback_query_id: first })
  assert.equal(foreign.description, tooOld)
  assert.equal(await answer(first), '')
  assert.equal(await answer(first), tooOld)
  assert.equal(await answer('12345'), tooOld)
  const late = scene.person.pressText('Buy')
  clock.advance(61_000)
  assert.equal(await answer(late), tooOld)
})

test('an answer has at most 200 characters', async (t) => {
  const scene = await startScene(t)
  await showButton(scene)
  const callback_query_id = scene.person.pressText('Buy')
  const long = await scene.call('answerCallbackQuery', { callback_query_id, text: 'x'.repeat(201) })
  assert.equal(long.description, 'Bad Request: MESSAGE_TOO_LONG')
})

test('a button that was edited away cannot be pressed', async (t) => {
  const scene = await startScene(t)
  await showButton(scene)
  await scene.say('editMessageText', { message_id: 2, text: 'sold' })
  assert.throws(() => scene.person.press(2, 'buy:1'), /This button is not there any more/)
})

test('a press under a message the server forgot comes with an inaccessible message', async (t) => {
  const scene = await startScene(t)
  await showButton(scene)
  scene.person.press(2, 'buy:1', { isForgotten: true })
  const { result } = await scene.call('getUpdates')
  const message = result[0]?.callback_query.message
  assert.deepEqual([message?.date, message?.message_id, message?.text], [0, 2, undefined])
})
