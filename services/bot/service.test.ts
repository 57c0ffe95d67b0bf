import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { freePort } from '../../sandbox/infra/free-port.ts'
import { startService } from '../../shared/runtime/service.ts'
import { OperatorError } from '../../shared/runtime/operator-error.ts'
import { aBotScene, type BotScene } from '../../shared/testing/a-bot.ts'
import { createTestDatabaseConfig } from '../../shared/testing/database.ts'
import { type BotConfig } from './config.ts'
import { bot } from './service.ts'

const quiet = pino({ enabled: false })

/** The whole service, with the broker and the bucket away. */
async function aService(
  t: TestContext,
  { deps, own }: Awaited<ReturnType<typeof aBotScene>>,
  given: Partial<BotConfig>,
) {
  const port = await freePort()
  const database = await createTestDatabaseConfig(t)
  const failed = Promise.withResolvers<unknown>()
  const config = { ...deps.config, database, web: { host: '127.0.0.1', port, metricsToken: undefined }, ...given }
  const running = await startService('bot', bot, { config, log: quiet, onFailure: failed.resolve })
  own(() => running.stop())
  return { url: `http://127.0.0.1:${port}`, failed: failed.promise }
}

const greet = async ({ emulator }: BotScene) => {
  const person = emulator.addPerson({ first_name: 'Ada', language_code: 'en' })
  person.send('/start')
  return person.waitForMessage(({ keyboard }) => keyboard !== undefined, 15_000)
}

test('the bot answers, publishes its commands and is healthy but degraded while the broker is away', async (t) => {
  const scene = await aBotScene(t)
  const { url } = await aService(t, scene, {})
  await greet(scene)
  const health = await fetch(`${url}/health`)
  assert.equal(health.status, 200)
  assert.equal(((await health.json()) as { status: string }).status, 'degraded')
  assert.equal((await fetch(`${url}/livez`)).status, 200)
  assert.equal((await fetch(`${url}/telegram/webhook`, { method: 'POST' })).status, 404)
  const isPublished = () => scene.emulator.transcript.list().some(({ method }) => method === 'setMyCommands')
  while (!isPublished()) await new Promise(setImmediate)
})

test('updates that come by webhook are answered too', async (t) => {
  const scene = await aBotScene(t)
  const webhook = { url: 'https://127.0.0.1:1/telegram/webhook', secret: 'a-secret-of-the-webhook' }
  const { url } = await aService(t, scene, { webhook })
  const person = scene.emulator.addPerson({ first_name: 'Ada', language_code: 'en' })
  person.send('this only makes the chat')
  const from = { id: person.id, is_bot: false, first_name: 'Ada', language_code: 'en' }
  const message = {
    message_id: 1,
    date: 1,
    chat: { id: person.id, type: 'private' },
    from,
    text: '/start',
    entities: [{ type: 'bot_command', offset: 0, length: 6 }],
  }
  const { status } = await fetch(`${url}/telegram/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': webhook.secret },
    body: JSON.stringify({ update_id: 5, message }),
  })
  assert.equal(status, 200)
  await person.waitForMessage(({ keyboard }) => keyboard !== undefined, 15_000)
})

test('a refused bot token ends the service with a line for the operator', async (t) => {
  const scene = await aBotScene(t)
  const telegram = { ...scene.deps.config.telegram, token: '7000000002:a-token-that-somebody-has-revoked-0000' }
  const { failed } = await aService(t, scene, { telegram })
  assert.ok((await failed) instanceof OperatorError)
})
