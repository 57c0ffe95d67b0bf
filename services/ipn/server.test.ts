import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { isDatabaseAway, openPool, type Queryable } from '../../shared/db/pool.ts'
import { sign } from '../../shared/nowpayments/signature.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { stillTime } from '../../shared/testing/still-time.ts'
import { createServer } from '../../shared/web/http-server.ts'
import { keepTogether } from './keep-together.ts'
import { notificationRoute } from './server.ts'
import { watchForgeries } from './watch-forgeries.ts'

const log = pino({ enabled: false })
const secret = 'a-shared-word-of-tests'
const db = await createTestDatabase({ after })

async function anIntake(database: Queryable = db, ipnSecrets = [secret]) {
  let rung = 0
  const server = await createServer({
    log,
    health: () => Promise.resolve({ status: 'ok', service: 'ipn', version: 'test', checks: {} }),
    isAway: isDatabaseAway,
  })
  const onKept = (): void => void (rung += 1)
  const onForged = watchForgeries({ db, log })
  notificationRoute(server, { keep: keepTogether(database).keep, ipnSecrets, log, onKept, onForged })
  const post = (body: string | Buffer, signature?: string, type = 'application/json') =>
    server.inject({
      method: 'POST',
      url: '/ipn/nowpayments',
      payload: body,
      headers: { ...(type === '' ? {} : { 'content-type': type }), 'x-nowpayments-sig': signature ?? '' },
    })
  return { post, rung: () => rung }
}

const keptOf = async (body: string): Promise<unknown[]> =>
  (
    await db.query(
      `select raw, provider_id as "id", status, signature_form as "form" from payment_events where raw = $1`,
      [body],
    )
  ).rows

let lastId = 5_000_000_000
const letter = (said: object = {}) => sign(secret, { payment_id: (lastId += 1), payment_status: 'waiting', ...said })

test('a genuine notification is kept to the byte before it is answered', async () => {
  const { post, rung } = await anIntake()
  const { body, signature } = letter({ actually_paid: 0.000002, order_description: 'é "quoted"' })
  const answer = await post(body, signature)
  assert.deepEqual([answer.statusCode, answer.json()], [200, { ok: true }])
  assert.deepEqual(await keptOf(body), [{ raw: body, id: String(lastId), status: 'waiting', form: 'raw' }])
  assert.equal(rung(), 1)
})

test('the same notification ten times at once is kept once, and each is answered with 200', async () => {
  const { post, rung } = await anIntake()
  const { body, signature } = letter()
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(body, signature)))
  assert.ok(answers.every(({ statusCode }) => statusCode === 200))
  assert.equal((await keptOf(body)).length, 1)
  assert.equal(rung(), 1)
})

test('what is not signed with our secret is refused and nothing of it is kept', async () => {
  const { post } = await anIntake()
  const { body, signature } = letter()
  for (const wrong of ['', signature.slice(1), `${signature}0`, 'f'.repeat(128), sign('another', { a: 1 }).signature]) {
    const { statusCode, headers } = await post(body, wrong)
    assert.equal(statusCode, 401)
    assert.equal(headers['retry-after'], undefined)
  }
  assert.deepEqual(await keptOf(body), [])
})

test('a body that is not one JSON object is a mistake of the caller', async () => {
  const { post } = await anIntake()
  for (const body of ['[]', 'null', '{"a":1,"a":2}', '{"__proto__":1}', '{} {}', '', '{"a":']) {
    assert.equal((await post(body, 'a'.repeat(128))).statusCode, 400, body)
  }
  assert.equal((await post(Buffer.from([0x7b, 0xff, 0x7d]), 'a'.repeat(128))).statusCode, 400)
})

test('a notification above 64 KB is too large', async () => {
  const { post } = await anIntake()
  const { body, signature } = letter({ order_description: 'x'.repeat(66_000) })
  assert.equal((await post(body, signature)).statusCode, 413)
})

test('any content type will do, as long as the signature fits', async () => {
  const { post } = await anIntake()
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream', '']) {
    const { body, signature } = letter()
    assert.equal((await post(body, signature, type)).statusCode, 200, type)
  }
})

test('payouts and shapes nobody knows are kept too, without a payment', async () => {
  const { post } = await anIntake()
  for (const said of [
    { id: '123', batch_withdrawal_id: '5', status: 'FINISHED' },
    { surprise: true, payment_status: { deep: 1 } },
    { payment_id: 'not a number' },
    { payment_id: 5_000_000_000, payment_status: 'fini\u0000shed', order_id: '\u0000' },
  ]) {
    const { body, signature } = sign(secret, said)
    assert.equal((await post(body, signature)).statusCode, 200)
    assert.equal((await keptOf(body)).length, 1)
  }
})

test('while the database is away the answer is an honest 503 with the time to come back', async () => {
  const away = openPool(
    { host: '127.0.0.1', port: 1, database: 'none', user: 'nobody', password: '', sslMode: 'disable', poolMax: 2 },
    log,
  )
  const { post } = await anIntake(away)
  const { body, signature } = letter()
  const { statusCode, headers } = await post(body, signature)
  await away.end()
  assert.equal(statusCode, 503)
  assert.equal(headers['retry-after'], '5')
})

test('a database that hangs is answered for before the caller gives up', async (t) => {
  const asked = Promise.withResolvers<undefined>()
  const query = (): Promise<never> => {
    asked.resolve(undefined)
    return new Promise(() => undefined)
  }
  const { post } = await anIntake({ query })
  const { body, signature } = letter()
  const { pass } = stillTime(t)
  const answer = post(body, signature)
  await asked.promise
  pass(2_999)
  assert.equal((await answer).statusCode, 503)
})

test('without a secret nothing is ever taken for genuine', async () => {
  const { post } = await anIntake(db, ['  '])
  const { body } = letter()
  const { statusCode, headers } = await post(body, sign('', {}).signature)
  assert.equal(statusCode, 503)
  assert.equal(headers['retry-after'], '60')
})

test('ten bad signatures in ten minutes are one alarm, which says how many there were', async () => {
  const { post } = await anIntake()
  const { body } = letter()
  for (let time = 0; time < 9; time += 1) await post(body, 'e'.repeat(128))
  const open = async () =>
    (await db.query(`select count, isfinite(lapses_at) as lapses from alarms where kind = 'forgeries'`)).rows
  assert.deepEqual(await open(), [])
  for (let time = 0; time < 21; time += 1) await post(body, 'e'.repeat(128))
  assert.deepEqual(await open(), [{ count: 30, lapses: true }])
})
