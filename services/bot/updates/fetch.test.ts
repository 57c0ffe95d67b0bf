import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aBotScene, type BotScene } from '../../../shared/testing/a-bot.ts'
import { fetchUpdates } from './fetch.ts'

const kept = async ({ deps }: BotScene) => {
  const { rows } = await deps.db.query<{ text: string }>(
    `select payload->'message'->>'text' as text from telegram_updates order by received_at, update_id`,
  )
  return rows.map(({ text }) => text)
}

async function untilKept(scene: BotScene, count: number): Promise<string[]> {
  for (;;) {
    const texts = await kept(scene)
    if (texts.length >= count) return texts
  }
}

test('updates are fetched in order, and those that waited behind a webhook are not lost', async (t) => {
  const scene = await aBotScene(t)
  const { deps, emulator, own } = scene
  await deps.telegram.call('setWebhook', { url: 'https://127.0.0.1:1/telegram/webhook' })
  const person = emulator.addPerson({ first_name: 'Ada' })
  for (const text of ['one', 'two', 'three']) person.send(text)
  const stopping = new AbortController()
  const fetching = fetchUpdates(deps, undefined, stopping.signal)
  own(async () => {
    stopping.abort()
    await fetching
  })
  assert.deepEqual(await untilKept(scene, 3), ['one', 'two', 'three'])
  person.send('four')
  assert.deepEqual(await untilKept(scene, 4), ['one', 'two', 'three', 'four'])
})

test('of two bots one asks Telegram, and the other takes over when it stops', async (t) => {
  const scene = await aBotScene(t)
  const { deps, emulator, own } = scene
  const person = emulator.addPerson({ first_name: 'Ada' })
  const bots = [new AbortController(), new AbortController()]
  const fetching = bots.map(({ signal }) => fetchUpdates(deps, undefined, signal))
  own(async () => {
    for (const bot of bots) bot.abort()
    await Promise.all(fetching)
  })
  person.send('one')
  await untilKept(scene, 1)
  bots[0]?.abort()
  await fetching[0]
  person.send('two')
  assert.deepEqual(await untilKept(scene, 2), ['one', 'two'])
})

test('a stranger who fetches the same updates does not end the fetching', async (t) => {
  const scene = await aBotScene(t)
  const { deps, emulator, own } = scene
  const person = emulator.addPerson({ first_name: 'Ada' })
  const stopping = new AbortController()
  const fetching = fetchUpdates(deps, undefined, stopping.signal)
  own(async () => {
    stopping.abort()
    await fetching
  })
  const polls = () => emulator.transcript.list().filter(({ method }) => method === 'getUpdates').length
  while (polls() === 0) await new Promise(setImmediate)
  await deps.telegram.getUpdates(0, 0)
  person.send('one')
  assert.deepEqual(await untilKept(scene, 1), ['one'])
})

test('in webhook mode the webhook is set with its secret, and nothing that waits is dropped', async (t) => {
  const { deps, emulator } = await aBotScene(t)
  const webhook = { url: 'https://127.0.0.1:1/telegram/webhook', secret: 'a-secret-of-the-webhook' }
  await fetchUpdates(deps, webhook, new AbortController().signal)
  const [call] = emulator.transcript.list().filter(({ method }) => method === 'setWebhook')
  assert.deepEqual(call?.params, {
    url: webhook.url,
    secret_token: webhook.secret,
    allowed_updates: ['message', 'callback_query', 'my_chat_member'],
    drop_pending_updates: false,
  })
})
