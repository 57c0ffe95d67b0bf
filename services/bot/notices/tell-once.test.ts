import assert from 'node:assert/strict'
import { afterEach, test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { cents } from '../../../shared/domain/money.ts'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { armFailpoints, type Failpoint } from '../../../shared/runtime/failpoint.ts'
import { anOwnedOrder, aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { tellSeller } from './tell-seller.ts'

afterEach(() => {
  armFailpoints(() => Promise.resolve())
})

/** A sale of which the bot tells the seller; `sent` is what Telegram took. */
async function aSale(t: TestContext) {
  const db = await createTestDatabase(t)
  const order = await anOwnedOrder(db, await aProductOnSale(db))
  const chat = { sent: 0, call: (): Promise<unknown> => Promise.resolve(true) }
  const call = async () => {
    chat.sent += 1
    return chat.call()
  }
  const deps = { db, telegram: { call }, log: pino({ enabled: false }) }
  const paid = { orderId: order.id, paymentId: order.paymentId, paid: cents(2148n) }
  return { db, chat, tell: () => tellSeller(deps, paid) }
}

type Sale = Awaited<ReturnType<typeof aSale>>

/** The bot dies at this point: nothing after it happens, and nobody gives back what it held. */
async function dieAt(point: Failpoint, { tell }: Sale): Promise<void> {
  const { promise: died, resolve: die } = Promise.withResolvers<undefined>()
  armFailpoints((name) => {
    if (name !== point) return Promise.resolve()
    die(undefined)
    return new Promise(() => undefined)
  })
  void tell() // it never comes back
  await died
  armFailpoints(() => Promise.resolve())
}

const leaseEnds = ({ db }: Sale) => db.query(`update tellings set lease_until = clock_timestamp() - interval '1 s'`)

test('a bot that dies before it tells leaves the telling to the next, which does it once', async (t) => {
  const sale = await aSale(t)
  await dieAt('notice.claimed', sale)
  await assert.rejects(sale.tell(), RetryLater, 'nobody can know yet that it died')
  await leaseEnds(sale)
  await sale.tell()
  await sale.tell()
  assert.equal(sale.chat.sent, 1)
})

test('a bot that dies between telling and noting it is followed by one that tells once more, and no third time', async (t) => {
  const sale = await aSale(t)
  await dieAt('notice.sent', sale)
  assert.equal(sale.chat.sent, 1)
  await leaseEnds(sale)
  await Promise.allSettled([sale.tell(), sale.tell(), sale.tell()])
  await sale.tell()
  assert.equal(sale.chat.sent, 2)
})

test('while one copy is telling, however slowly, no other copy tells the same', async (t) => {
  const sale = await aSale(t)
  const answer = Promise.withResolvers<unknown>()
  const asked = Promise.withResolvers<undefined>()
  sale.chat.call = () => {
    asked.resolve(undefined)
    return answer.promise
  }
  const first = sale.tell()
  await asked.promise
  await assert.rejects(sale.tell(), RetryLater)
  answer.resolve(true)
  await first
  await sale.tell()
  assert.equal(sale.chat.sent, 1)
  const { rows } = await sale.db.query(`select count(*)::int as left from tellings`)
  assert.deepEqual(rows, [{ left: 0 }])
})

test('what Telegram did not take is told by the next try at once', async (t) => {
  const sale = await aSale(t)
  sale.chat.call = () => Promise.reject(new Error('the line was cut'))
  await assert.rejects(sale.tell(), /cut/)
  sale.chat.call = () => Promise.resolve(true)
  await sale.tell()
  assert.equal(sale.chat.sent, 2, 'tried twice')
  await sale.tell()
  assert.equal(sale.chat.sent, 2)
})
