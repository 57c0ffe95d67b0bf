import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { type OperatorError } from '../runtime/operator-error.ts'
import { openTelegram } from './client.ts'
import { aBotScene } from '../testing/a-bot.ts'
import { anAnsweringServer } from '../testing/answering-server.ts'
import { findIdentity } from './find-identity.ts'

const quiet = pino({ enabled: false })
const never = new AbortController().signal

test('the bot waits for Telegram as long as it takes', async (t) => {
  const { deps, emulator } = await aBotScene(t)
  const fault = emulator.faults.add({ kind: 'error', status: 502, body: 'html', method: 'getMe' })
  const found = findIdentity(deps.telegram, quiet, never)
  while (emulator.faults.list().every(({ struck }) => struck === 0)) await new Promise(setImmediate)
  emulator.faults.remove(fault.id)
  assert.deepEqual(await found, deps.bot)
})

test('a token that Telegram refuses is told to the operator once, in one line without the token', async (t) => {
  const { emulator } = await aBotScene(t)
  const token = '7000000002:a-token-that-somebody-has-revoked-0000'
  const told: OperatorError[] = []
  const stopping = new AbortController()
  const onTokenRefused = (error: OperatorError) => {
    told.push(error)
    stopping.abort()
  }
  const telegram = openTelegram({ apiRoot: emulator.url, token, log: quiet, onTokenRefused })
  t.after(() => telegram.close())
  await assert.rejects(findIdentity(telegram, quiet, stopping.signal))
  await assert.rejects(telegram.call('sendMessage', { chat_id: 1, text: 'one more' }))
  const [error, ...more] = told
  assert.deepEqual([error?.exitCode, more.length], [77, 0])
  assert.match(error?.message ?? '', /TELEGRAM_BOT_TOKEN/)
  assert.ok(!error?.message.includes(token) && !error?.message.includes('\n'))
})

test('the number of the bot is the one in its token, under which updates are kept, whatever a server says', async (t) => {
  const { origin } = await anAnsweringServer(t, (_request, response) => {
    const result = { id: 1, is_bot: true, username: 'shop_bot', first_name: 'Shop' }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, result }))
  })
  const token = '7000000003:a-token-of-somebody-elses-server-000000'
  const telegram = openTelegram({ apiRoot: origin, token, log: quiet })
  t.after(() => telegram.close())
  const { id } = await findIdentity(telegram, quiet, never)
  assert.deepEqual([id, telegram.botId], [7_000_000_003n, 7_000_000_003n])
})

test('a stop ends the waiting', async (t) => {
  const { deps, emulator } = await aBotScene(t)
  emulator.faults.add({ kind: 'drop', method: 'getMe' })
  const stopping = new AbortController()
  const found = findIdentity(deps.telegram, quiet, stopping.signal)
  stopping.abort()
  await assert.rejects(found)
})
