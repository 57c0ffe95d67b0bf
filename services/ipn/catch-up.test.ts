import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { anOpenOrder, anOwnedOrder, aProductOnSale } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { catchingUp } from './catch-up.ts'

test('after a time in which nobody listened, open payments are read at once, and only those', async (t) => {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  const open = await anOpenOrder(db, product)
  await anOwnedOrder(db, product)
  const later = () => db.query(`update payments set next_poll_at = clock_timestamp() + interval '1 minute'`)
  const listDue = async () => {
    const { rows } = await db.query<{ id: string }>(`select id from payments where next_poll_at <= clock_timestamp()`)
    return rows.map(({ id }) => id)
  }
  const clock = { ms: 0 }
  const outage = { failure: undefined as Error | undefined }
  const work = (): Promise<number> =>
    outage.failure === undefined ? Promise.resolve(0) : Promise.reject(outage.failure)
  const turn = catchingUp({ db, log: pino({ enabled: false }), now: () => clock.ms }, work)

  await later()
  await turn()
  assert.deepEqual(await listDue(), [open.paymentId], 'at the start')

  await later()
  clock.ms += 1_000
  await turn()
  assert.deepEqual(await listDue(), [], 'not while it listens')

  clock.ms += 60_000
  await turn()
  assert.deepEqual(await listDue(), [open.paymentId], 'after a process that stood still')

  await later()
  outage.failure = new Error('the database went away')
  await assert.rejects(turn(), /went away/)
  outage.failure = undefined
  assert.deepEqual(await listDue(), [])
  await turn()
  assert.deepEqual(await listDue(), [open.paymentId], 'after an outage, however short')
})

test('the rest of an underpaid order is read at once too, and what settled of it is not', async (t) => {
  const db = await createTestDatabase(t)
  const order = await anOpenOrder(db, await aProductOnSale(db))
  await db.query(`update orders set status = 'underpaid' where id = $1`, [order.id])
  await db.query(`update payments set status = 'partially_paid', rank = 5 where id = $1`, [order.paymentId])
  await db.query(
    `insert into payments (order_id, attempt, kind, provider_id, status, rank, price_cents, pay_currency, next_poll_at)
     values ($1, 2, 'topup', '42', 'waiting', 0, 100, 'usdtsol', now() + interval '1 minute')`,
    [order.id],
  )
  await catchingUp({ db, log: pino({ enabled: false }) }, () => Promise.resolve(0))()
  const { rows } = await db.query(`select kind from payments where next_poll_at <= clock_timestamp()`)
  assert.deepEqual(rows, [{ kind: 'topup' }])
})
