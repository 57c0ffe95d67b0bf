import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { pino } from 'pino'
import { anOpenOrder, aProductOnSale, type OpenOrder } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { rereadPayments } from './reread-payments.ts'

const log = pino({ enabled: false })
const db = await createTestDatabase({ after })
const later = { kind: 'later', paymentId: null, reason: 'not asked' } as const

beforeEach(() => db.query(`update payments set next_poll_at = null`))

async function reread(settle: (id: string) => void = () => undefined, stopping = new AbortController().signal) {
  const read: string[] = []
  const settling = (id: string) => {
    read.push(id)
    settle(id)
    return Promise.resolve(later)
  }
  await rereadPayments({ db, log, stopping, settle: settling }, 20)
  return read
}

type State = { readonly order: string; readonly rank: number; readonly age: string; readonly seen?: string }

async function aPayment({ order: status, rank, age, seen }: State): Promise<OpenOrder & { providerId: string }> {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  await db.query(`update orders set status = $2, seen_at = now() - $3::interval where id = $1`, [
    order.id,
    status,
    seen ?? null,
  ])
  const { rows } = await db.query<{ providerId: string }>(
    `update payments set rank = $2, created_at = now() - $3::interval, next_poll_at = now() where id = $1
  returning provider_id as "providerId"`,
    [order.paymentId, rank, age],
  )
  return { ...order, providerId: rows[0]?.providerId ?? '' }
}

const schedule: readonly (State & { readonly what: string; readonly seconds: number | null })[] = [
  { what: 'open', order: 'awaiting_payment', rank: 0, age: '5 minutes', seconds: 60 },
  { what: 'just seen on the network', order: 'confirming', rank: 2, age: '10 minutes', seen: '5 minutes', seconds: 30 },
  { what: 'long on its way', order: 'confirming', rank: 4, age: '2 hours', seen: '90 minutes', seconds: 120 },
  { what: 'expired not long ago', order: 'expired', rank: 1, age: '90 minutes', seconds: 600 },
  { what: 'cancelled hours ago', order: 'cancelled', rank: 0, age: '10 hours', seconds: 3_600 },
  { what: 'expired days ago', order: 'expired', rank: 1, age: '5 days', seconds: 21_600 },
  { what: 'underpaid', order: 'underpaid', rank: 5, age: '1 hour', seconds: 600 },
  { what: 'older than the watch', order: 'expired', rank: 1, age: '7 days 7 hours', seconds: null },
]

for (const { what, seconds, ...state } of schedule) {
  const next = seconds === null ? 'is read a last time' : `is read again after ${seconds} s`
  test(`a payment that is ${what} ${next}`, async () => {
    const { paymentId, providerId } = await aPayment(state)
    assert.deepEqual(await reread(), [providerId])
    const { rows } = await db.query<{ seconds: number | null }>(
      `select round(extract(epoch from next_poll_at - clock_timestamp()))::int as seconds from payments where id = $1`,
      [paymentId],
    )
    const planned = rows[0]?.seconds ?? null
    if (seconds === null) assert.equal(planned, null)
    else assert.ok(planned !== null && Math.abs(planned - seconds) <= 2, `${planned} s`)
    assert.deepEqual(await reread(), [], 'not due')
  })
}

test('the payment that has been due the longest is read first, and one that was accepted no more', async () => {
  const open = { order: 'awaiting_payment', rank: 0, age: '1 minute' }
  const [young, old, accepted] = [await aPayment(open), await aPayment(open), await aPayment(open)]
  await db.query(`update payments set next_poll_at = now() - interval '1 hour' where id = $1`, [old.paymentId])
  await db.query(`update payments set accepted_at = now() where id = $1`, [accepted.paymentId])
  const [first, ...others] = await reread()
  assert.equal(first, old.providerId)
  assert.deepEqual(others.sort(), [young.providerId, accepted.providerId].sort())
  const { rows } = await db.query(`select next_poll_at from payments where id = $1`, [accepted.paymentId])
  assert.deepEqual(rows, [{ next_poll_at: null }])
})

test('two processes never read the same payment in one turn', async () => {
  const ids = []
  for (let count = 0; count < 6; count += 1) {
    ids.push((await aPayment({ order: 'awaiting_payment', rank: 0, age: '1 minute' })).providerId)
  }
  const read = (await Promise.all([reread(), reread(), reread()])).flat()
  assert.deepEqual(read.sort(), ids.sort())
})

test('a payment that cannot be recorded does not hold up the next, and a stop ends the turn', async () => {
  const open = { order: 'awaiting_payment', rank: 0, age: '1 minute' }
  await aPayment(open)
  await aPayment(open)
  const failing = (): void => {
    throw new Error('a constraint')
  }
  assert.equal((await reread(failing)).length, 2)
  await db.query(`update payments set next_poll_at = now() where next_poll_at is not null`)
  const stopping = new AbortController()
  assert.equal(
    (
      await reread(() => {
        stopping.abort()
      }, stopping.signal)
    ).length,
    1,
  )
})
