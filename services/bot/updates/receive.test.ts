import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import Fastify from 'fastify'
import { pino } from 'pino'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { receiveUpdates } from './receive.ts'

const secret = 'a-secret-of-the-webhook'

function aServer(t: TestContext, db: Queryable) {
  const server = Fastify()
  t.after(() => server.close())
  receiveUpdates(server, { db, botId: 7n, secret, log: pino({ enabled: false }) })
  return (payload: string, header: string | undefined = secret) =>
    server.inject({
      method: 'POST',
      url: '/telegram/webhook',
      payload,
      headers: {
        'content-type': 'application/json',
        ...(header === '' ? {} : { 'x-telegram-bot-api-secret-token': header }),
      },
    })
}

const never: Queryable = {
  query: () => {
    throw new Error('nothing was to be kept')
  },
}
const anUpdate = JSON.stringify({ update_id: 1, message: { from: { id: 42 }, text: 'hello' } })

test('an update is kept before Telegram hears yes, and once however often it comes', async (t) => {
  const db = await createTestDatabase(t)
  const send = aServer(t, db)
  assert.equal((await send(anUpdate)).statusCode, 200)
  assert.equal((await send(anUpdate)).statusCode, 200)
  const { rows } = await db.query(
    `select update_id, user_id, payload->'message'->>'text' as text from telegram_updates`,
  )
  assert.deepEqual(rows, [{ update_id: 1n, user_id: 42n, text: 'hello' }])
})

test('nobody without the secret is listened to', async (t) => {
  const send = aServer(t, never)
  for (const header of ['', 'wrong', `${secret} `, secret.slice(0, -1), `${secret}x`]) {
    assert.equal((await send(anUpdate, header)).statusCode, 401, header)
  }
})

test('what is not one update is refused', async (t) => {
  const send = aServer(t, never)
  for (const body of [
    '',
    '[]',
    'null',
    '{}',
    '{"update_id":"1"}',
    '{"update_id":1.5}',
    '{"update_id":1',
    '{"update_id":-1}',
  ]) {
    assert.equal((await send(body)).statusCode, 400, body)
  }
})

test('an update of more than 1 MB is refused unread', async (t) => {
  const send = aServer(t, never)
  const { statusCode } = await send(JSON.stringify({ update_id: 1, message: { text: 'x'.repeat(1024 * 1024) } }))
  assert.equal(statusCode, 413)
})

test('while the database is away Telegram is asked to come back', async (t) => {
  const send = aServer(t, { query: () => Promise.reject(new Error('connection refused')) })
  const { statusCode, headers } = await send(anUpdate)
  assert.equal(statusCode, 503)
  assert.equal(headers['retry-after'], '5')
})
