import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { setTimeout as turn } from 'node:timers/promises'
import { claimNotifications, holdNotifications, insertNotifications } from '../../shared/db/payment-events.ts'
import { anOpenOrder, aProductOnSale } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { handleNotifications } from './handle-notifications.ts'
import { type Settled } from './settle-payment.ts'

const log = pino({ enabled: false })
const db = await createTestDatabase({ after })

beforeEach(async () => {
  await db.query(`update payment_events set handled_at = now() where handled_at is null`)
  await db.query(`delete from outbox`)
})

let number = 0
async function aNotification(
  providerId: string | null,
  said: { readonly payment_status?: string; readonly [name: string]: unknown } = {},
): Promise<string> {
  const raw = JSON.stringify({ n: (number += 1), payment_id: providerId, ...said })
  const bodySha256 = createHash('sha256').update(raw).digest('hex')
  const kept = {
    raw,
    bodySha256,
    signatureForm: 'raw',
    providerId,
    status: said.payment_status ?? 'waiting',
    actuallyPaid: null,
  }
  return (await insertNotifications(db, [kept])).get(bodySha256) ?? assert.fail('not kept')
}

async function resultOf(id: string): Promise<unknown> {
  const { rows } = await db.query<{ result: unknown }>(`select result from payment_events where id = $1`, [id])
  return rows[0]?.result
}

const alerts = async (): Promise<string[]> =>
  (await db.query<{ key: string }>(`select dedupe_key as "key" from outbox where subject = 'admin.alert'`)).rows.map(
    ({ key }) => key,
  )

/** Handles what waits, answering re-reads as told; returns what was re-read. */
async function handling(answer: Settled | Error): Promise<string[]> {
  const read: string[] = []
  await handleNotifications(
    {
      db,
      log,
      settle: (id) => {
        read.push(id)
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
      },
    },
    20,
  )
  return read
}

const due = () => db.query(`update payment_events set next_try_at = now() where handled_at is null`)

test('all notifications about one payment that wait together are settled by one re-read', async () => {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const ids = [await aNotification('71'), await aNotification('71'), await aNotification('71')]
  const settled = { kind: 'settled', paymentId: order.paymentId, result: 'pay' } as const
  assert.deepEqual(await handling(settled), ['71'])
  for (const id of ids) assert.equal(await resultOf(id), 'pay')
  assert.deepEqual(await handling(settled), [])
})

test('a step on the way is acted upon a second later, or as soon as its end is told', async () => {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const settled = { kind: 'settled', paymentId: order.paymentId, result: 'pay' } as const
  const alone = await aNotification('7001', { payment_status: 'confirming' })
  const steps = [
    await aNotification('7002', { payment_status: 'confirming' }),
    await aNotification('7002', { payment_status: 'sending' }),
  ]
  const { rows } = await db.query(
    `select round(extract(epoch from next_try_at - received_at))::int as wait from payment_events where id = any($1)`,
    [[alone, ...steps]],
  )
  assert.deepEqual(
    rows,
    [1, 1, 1].map((wait) => ({ wait })),
  )
  // nobody comes too late to find them waiting
  await db.query(`update payment_events set next_try_at = next_try_at + interval '1 hour' where id = any($1)`, [
    [alone, ...steps],
  ])
  assert.deepEqual(await handling(settled), [])
  const end = await aNotification('7002', { payment_status: 'finished' })
  assert.deepEqual(await handling(settled), ['7002'])
  for (const id of [...steps, end]) assert.equal(await resultOf(id), 'pay')
  await db.query(`update payment_events set next_try_at = clock_timestamp() where id = $1`, [alone])
  assert.deepEqual(await handling(settled), ['7001'])
})

test('a notification that says what was read already asks nobody', async () => {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  await db.query(`update payments set provider_id = '7100', rank = 0 where id = $1`, [order.paymentId])
  const id = await aNotification('7100', { payment_status: 'waiting', actually_paid: 0 })
  const settled = { kind: 'settled', paymentId: order.paymentId, result: 'record' } as const
  assert.deepEqual(await handling(settled), [])
  assert.equal(await resultOf(id), 'nothing new')
  await aNotification('7100', { payment_status: 'partially_paid', actually_paid: 0 })
  assert.deepEqual(await handling(settled), ['7100'])
})

test('a notification about no payment is kept and asks nobody', async () => {
  const id = await aNotification(null)
  assert.deepEqual(await handling({ kind: 'unknown' }), [])
  assert.equal(await resultOf(id), 'kept: not about a payment')
})

test('a notification about a payment of nobody is told to administrators', async () => {
  const id = await aNotification('72')
  await handling({ kind: 'unknown' })
  assert.equal(await resultOf(id), 'unknown payment')
  assert.deepEqual(await alerts(), ['unknown-payment:72'])
})

test('a second deposit that cannot be read puts its order into review', async () => {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  await db.query(`update payments set provider_id = '7300' where id = $1`, [order.paymentId])
  const id = await aNotification('7301', { parent_payment_id: 7300 })
  await handling({ kind: 'unknown' })
  assert.equal(await resultOf(id), 'review: second deposit')
  const { rows } = await db.query(
    `select o.status, c.kind from orders o join cases c on c.order_id = o.id where o.id = $1`,
    [order.id],
  )
  assert.deepEqual(rows, [{ status: 'review', kind: 'second deposit' }])
})

test('while NOWPayments cannot be asked a known payment is left to polling after four tries', async () => {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const id = await aNotification('74')
  const later = { kind: 'later', paymentId: order.paymentId, reason: 'HTTP 502' } as const
  for (let time = 0; time < 3; time += 1) {
    assert.equal((await handling(later)).length, 1)
    assert.deepEqual(await handling(later), [], 'it waits before the next try')
    assert.equal(await resultOf(id), null)
    await due()
  }
  await handling(later)
  assert.equal(await resultOf(id), 'left to polling: HTTP 502')
})

test('news of a payment that nobody polls any more is tried for as long as it takes, and told once', async () => {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  await db.query(`update payments set accepted_at = now(), next_poll_at = null where id = $1`, [order.paymentId])
  const id = await aNotification('78', { payment_status: 'refunded' })
  for (let time = 0; time < 14; time += 1) {
    await due()
    await handling({ kind: 'later', paymentId: order.paymentId, reason: 'HTTP 502' })
  }
  assert.equal(await resultOf(id), null)
  assert.deepEqual(await alerts(), ['notification:78'])
})

test('a payment that is still to be adopted is tried for as long as it takes, and told once', async () => {
  const id = await aNotification('75')
  for (let time = 0; time < 14; time += 1) {
    await due()
    await handling({ kind: 'later', paymentId: null, reason: 'HTTP 502' })
  }
  assert.equal(await resultOf(id), null)
  assert.deepEqual(await alerts(), ['notification:75'])
})

test('a notification that cannot be acted upon holds up none of the others', async () => {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  const [poison, fine] = [await aNotification('76'), await aNotification('77')]
  await handleNotifications(
    {
      db,
      log,
      settle: (id) =>
        id === '76'
          ? Promise.reject(new Error('a constraint'))
          : Promise.resolve({ kind: 'settled', paymentId: order.paymentId, result: 'pay' }),
    },
    20,
  )
  assert.deepEqual([await resultOf(poison), await resultOf(fine)], [null, 'pay'])
})

test('a notification that takes longer to act upon than its pause is taken up by no other copy meanwhile', async () => {
  const id = await aNotification('5000000777')
  const isHeld = async (): Promise<boolean> =>
    (await db.query(`select from payment_events where id = $1 and next_try_at > clock_timestamp()`, [id])).rowCount ===
    1
  const others: string[][] = []
  const settle = async (): Promise<Settled> => {
    await db.query(`update payment_events set next_try_at = clock_timestamp() - interval '1 s' where id = $1`, [id])
    while (!(await isHeld())) await turn(5)
    others.push(await handling({ kind: 'unknown' }))
    return { kind: 'later', paymentId: null, reason: 'slow' }
  }
  await handleNotifications({ db, log, settle, renewEveryMs: 20 }, 20)
  assert.deepEqual(others, [[]])
})

test('whoever took a notification up later keeps it, however the first one holds on', async () => {
  const id = await aNotification('5000000778')
  const [first] = await claimNotifications(db, 20)
  await db.query(`update payment_events set next_try_at = clock_timestamp() where id = $1`, [id])
  const [second] = await claimNotifications(db, 20)
  assert.ok(first !== undefined && second !== undefined)
  assert.equal(await holdNotifications(db, [first], 5), false)
  assert.equal(await holdNotifications(db, [second], 5), true)
})
