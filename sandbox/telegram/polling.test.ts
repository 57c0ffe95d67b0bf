import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VirtualClock } from './clock.ts'
import { type Answer, type Scene, type ShownUpdate, startScene } from './testing.ts'

type Updates = Answer<ShownUpdate[]>

const ids = ({ result }: Updates) => result.map(({ update_id: id }) => id)
const texts = ({ result }: Updates) => result.map(({ message }) => message.text)

/** Resolves once the emulator holds a waiting poll: only then a second request competes with it. */
async function poll(scene: Scene, params: Record<string, unknown>): Promise<{ answer: Promise<Updates> }> {
  const arrived = nextCall(scene)
  const answer = scene.call('getUpdates', params)
  await arrived
  return { answer }
}

async function nextCall({ emulator }: Scene): Promise<void> {
  const before = emulator.transcript.list().length
  while (emulator.transcript.list().length === before) await new Promise((resolve) => setImmediate(resolve))
}

test('a poll waits for a message and answers at once when it comes', async (t) => {
  const scene = await startScene(t)
  const { answer } = await poll(scene, { timeout: 50 })
  scene.person.send('hello')
  assert.deepEqual(texts(await answer), ['hello'])
})

test('updates come again until a higher offset confirms them', async (t) => {
  const { person, call } = await startScene(t)
  for (const text of ['a', 'b', 'c']) person.send(text)
  const first = await call('getUpdates', { limit: 2 })
  assert.deepEqual(texts(first), ['a', 'b'])
  const [id = 0, next = 0] = ids(first)
  assert.equal(next, id + 1)
  assert.deepEqual(texts(await call('getUpdates', { offset: next + 1 })), ['c'])
  assert.deepEqual(texts(await call('getUpdates', { offset: 1 })), ['c'], 'what was confirmed is gone')
})

test('a negative offset keeps only the newest updates', async (t) => {
  const { person, call } = await startScene(t)
  for (const text of ['a', 'b', 'c']) person.send(text)
  assert.deepEqual(texts(await call('getUpdates', { offset: -2 })), ['b', 'c'])
})

test('a second poller throws the first one out', async (t) => {
  const scene = await startScene(t)
  const older = await poll(scene, { offset: 5, timeout: 50 })
  const newer = await poll(scene, { offset: 6, timeout: 50 })
  const refused = await older.answer
  assert.equal(refused.status, 409)
  assert.equal(
    refused.description,
    'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  )
  scene.person.send('for the newer')
  assert.deepEqual(texts(await newer.answer), ['for the newer'])
})

test('polling is refused while a webhook is set, and ends when one is set', async (t) => {
  const clock = new VirtualClock()
  const scene = await startScene(t, { clock })
  const { answer } = await poll(scene, { timeout: 50 })
  await scene.call('setWebhook', { url: 'http://127.0.0.1:9/hook' })
  assert.equal((await answer).description, 'Conflict: terminated by setWebhook request')
  clock.advance(3000)
  const refused = await scene.call('getUpdates')
  assert.equal(
    `${refused.status} ${refused.description}`,
    "409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
  )
  await scene.call('deleteWebhook')
  assert.equal((await scene.call('getUpdates')).ok, true)
})

test('only wanted kinds of updates are kept', async (t) => {
  const { person, call } = await startScene(t)
  await call('getUpdates', { allowed_updates: ['my_chat_member'] })
  person.send('not wanted')
  person.block()
  const { result } = await call('getUpdates')
  assert.deepEqual(
    result.map((update) => Object.keys(update)[1]),
    ['my_chat_member'],
  )
})

test('a poll that asks the same again at once is slowed down', async (t) => {
  const clock = new VirtualClock()
  const scene = await startScene(t, { clock })
  clock.advance(10_000)
  assert.deepEqual(texts(await scene.call('getUpdates')), [])
  const { answer } = await poll(scene, {})
  scene.person.send('one')
  scene.person.send('two')
  assert.deepEqual(texts(await answer), ['one'], 'it had to wait, and got one at a time')
})

test('a press nobody fetches is forgotten after 150 seconds, a message after a day', async (t) => {
  const clock = new VirtualClock()
  const { person, call, say } = await startScene(t, { clock })
  const markup = { inline_keyboard: [[{ text: 'Buy', callback_data: 'buy' }]] }
  await say('sendMessage', { text: 'x', reply_markup: markup })
  person.pressText('Buy')
  person.send('hi')
  clock.advance(149_000)
  assert.equal((await call('getUpdates')).result.length, 2)
  clock.advance(2000)
  assert.deepEqual(texts(await call('getUpdates')), ['hi'])
  clock.advance(86_400_000)
  assert.deepEqual(ids(await call('getUpdates')), [])
})

test('after a silent week the next update id is not the next number', async (t) => {
  const clock = new VirtualClock()
  const { person, call } = await startScene(t, { clock })
  person.send('a')
  const [before = 0] = ids(await call('getUpdates'))
  clock.advance(8 * 86_400_000)
  person.send('b')
  const [after = 0] = ids(await call('getUpdates'))
  assert.ok(after > 0 && Math.abs(after - before) !== 1)
})

test('a bot that hangs up while polling loses nothing', async (t) => {
  const scene = await startScene(t)
  const gone = new AbortController()
  const url = `${scene.emulator.url}/bot42:TEST-TOKEN/getUpdates?timeout=50`
  const arrived = nextCall(scene)
  const abandoned = fetch(url, { signal: gone.signal })
  await arrived
  gone.abort()
  await assert.rejects(abandoned)
  scene.person.send('still here')
  assert.deepEqual(texts(await scene.call('getUpdates', { offset: 3 })), ['still here'])
})
