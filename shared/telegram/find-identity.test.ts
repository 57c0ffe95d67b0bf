import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { type OperatorError } from '../runtime/operator-error.ts'
import { openTelegram } from './client.ts'
import { aBotScene } from '../testing/a-bot.ts'
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
  assert.deepEqual([error?.exitCode, more.length], [78, 0])
  assert.match(error?.message ?? '', /TELEGRAM_BOT_TOKEN/)
  assert.ok(!error?.message.includes(token) && !error?.message.includes('\n'))
})

test('a stop ends the waiting', async (t) => {
  const { deps, emulator } = await aBotScene(t)
  emulator.faults.add({ kind: 'drop', method: 'getMe' })
  const stopping = new AbortController()
  const found = findIdentity(deps.telegram, quiet, stopping.signal)
  stopping.abort()
  await assert.rejects(found)
})
