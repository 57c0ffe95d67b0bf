import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { until as untilAnswered } from '../infra/until.ts'
import { VirtualClock } from './clock.ts'
import { type Scene, startScene } from './testing.ts'
import { Hook } from './testing-hook.ts'

async function startWebhook(t: TestContext, params: Record<string, unknown> = {}) {
  const clock = new VirtualClock()
  const scene = await startScene(t, { clock })
  const hook = await Hook.open(t)
  assert.equal((await scene.call('setWebhook', { url: hook.url, ...params })).result, true)
  return { ...scene, clock, hook }
}

/** The sender learns of an answer a moment after it was given. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await untilAnswered(async () => (await condition()) || undefined)
}

const info = async ({ call }: Pick<Scene, 'call'>) => (await call('getWebhookInfo')).result

test('an update is posted with the secret, and any 2xx confirms it', async (t) => {
  const scene = await startWebhook(t, { secret_token: 's3cret_-' })
  scene.person.send('hello')
  const visit = await scene.hook.visit()
  assert.equal(visit.update.message.text, 'hello')
  assert.equal(visit.headers['x-telegram-bot-api-secret-token'], 's3cret_-')
  assert.equal(visit.headers['content-type'], 'application/json')
  assert.equal((await info(scene)).pending_update_count, 1)
  visit.answer(204)
  await until(async () => (await info(scene)).pending_update_count === 0)
})

test('a failed update is tried again at once, then after 2, 4 and 8 seconds', async (t) => {
  const { hook, clock, person } = await startWebhook(t)
  person.send('hello')
  const first = await hook.visit()
  first.answer(500)
  const second = await hook.visit()
  assert.equal(second.update.update_id, first.update.update_id)
  let visit = second
  for (const seconds of [2, 4, 8]) {
    visit.answer(500)
    await until(() => clock.nextTimerIn === seconds * 1000)
    clock.advance(seconds * 1000 - 1)
    assert.equal(hook.visitsWaiting, 0)
    clock.advance(1)
    visit = await hook.visit()
  }
  visit.answer(200)
})

test('a pause the bot asks for is kept', async (t) => {
  const { hook, clock, person } = await startWebhook(t)
  person.send('hello')
  const visit = await hook.visit()
  visit.answer(503, { 'retry-after': '30' })
  await until(() => clock.nextTimerIn === 30_000)
  clock.advance(29_999)
  assert.equal(hook.visitsWaiting, 0)
  clock.advance(1)
  ;(await hook.visit()).answer(200)
})

test('messages of one person come one after the other, presses at the same time', async (t) => {
  const { hook, person, say, emulator } = await startWebhook(t)
  await say('sendMessage', { text: 'x', reply_markup: { inline_keyboard: [[{ text: 'Buy', callback_data: 'buy' }]] } })
  person.send('first')
  person.send('second')
  person.pressText('Buy')
  const visits = [await hook.visit(), await hook.visit()]
  assert.deepEqual(visits.map(({ update }) => Object.keys(update)[1]).sort(), ['callback_query', 'message'])
  const other = emulator.addPerson({ first_name: 'Bob' })
  other.send('/start')
  const third = await hook.visit()
  assert.equal(third.update.message.from.first_name, 'Bob')
  assert.equal(hook.visitsWaiting, 0, 'the second message waits for the first')
  for (const visit of [...visits, third]) visit.answer(200)
  const second = await hook.visit()
  assert.equal(second.update.message.text, 'second')
  second.answer(200)
})

test('no more connections are used than allowed', async (t) => {
  const { hook, emulator, call } = await startWebhook(t, { max_connections: 1 })
  const people = ['Bob', 'Cid'].map((name) => emulator.addPerson({ first_name: name }))
  for (const person of people) person.send('/start')
  const first = await hook.visit()
  await call('getMe')
  assert.equal(hook.visitsWaiting, 0)
  first.answer(200)
  ;(await hook.visit()).answer(200)
})

test('an update the bot never takes is given up when it expires', async (t) => {
  const scene = await startWebhook(t)
  const { hook, clock, person, say } = scene
  await say('sendMessage', { text: 'x', reply_markup: { inline_keyboard: [[{ text: 'Buy', callback_data: 'buy' }]] } })
  person.pressText('Buy')
  const visit = await hook.visit()
  visit.answer(503, { 'retry-after': '200' })
  await until(async () => (await info(scene)).pending_update_count === 0)
  const state = await info(scene)
  assert.equal(state.last_error_message, 'Wrong response from the webhook: 503 Service Unavailable')
  clock.advance(300_000)
  assert.equal(hook.visitsWaiting, 0)
})

test('a webhook nobody answers on is retried when it is back, and its error is shown', async (t) => {
  const scene = await startWebhook(t)
  scene.hook.close()
  scene.person.send('hello')
  await until(async () => (await info(scene)).last_error_message === 'Connection refused')
  assert.equal((await info(scene)).pending_update_count, 1)
})

test('a method in the answer is carried out, except those that read', async (t) => {
  const { hook, person } = await startWebhook(t)
  person.send('hello')
  const reply = { method: 'sendMessage', chat_id: person.id, text: 'from the answer' }
  ;(await hook.visit()).answer(200, { 'content-type': 'application/json' }, JSON.stringify(reply))
  await person.waitForMessage(({ text }) => text === 'from the answer')
})

test('what waited is sent to a new webhook, or dropped when asked', async (t) => {
  const clock = new VirtualClock()
  const scene = await startScene(t, { clock })
  const hook = await Hook.open(t)
  scene.person.send('waited')
  await scene.call('setWebhook', { url: hook.url })
  ;(await hook.visit()).answer(200)
  await until(async () => (await info(scene)).pending_update_count === 0)
  await scene.call('deleteWebhook')
  scene.person.send('unwanted')
  clock.advance(1000)
  await scene.call('setWebhook', { url: hook.url, drop_pending_updates: true })
  assert.equal((await info(scene)).pending_update_count, 0)
})

test('a webhook is set at most once a second, with a proper address and secret', async (t) => {
  const clock = new VirtualClock()
  const { call } = await startScene(t, { clock })
  const set = async (params: Record<string, unknown>) => {
    clock.advance(1000)
    return (await call('setWebhook', params)).description
  }
  assert.equal(await set({ url: 'ftp://x' }), 'Bad Request: invalid webhook URL specified')
  assert.equal(
    await set({ url: 'https://x.example', secret_token: 'has space' }),
    'Bad Request: secret token contains unallowed characters',
  )
  assert.equal(
    await set({ url: 'https://x.example', secret_token: 'x'.repeat(257) }),
    'Bad Request: secret token is too long',
  )
  assert.equal((await call('setWebhook', { url: 'https://x.example' })).retryAfter, '1')
})
