import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { raiseAlarm } from '../../../shared/db/alarms.ts'
import { insertDeadLetter } from '../../../shared/db/dead-letters.ts'
import { payOrder } from '../../../shared/db/pay-order.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { anOpenOrder, aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { raiseAlarms } from './raise-alarms.ts'

const db = await createTestDatabase({ after })
let says = 'ok'
const bucketState = () => Promise.resolve({ kind: says === 'ok' ? ('ok' as const) : ('refused' as const), says })

async function aPaidOrder(): Promise<{ readonly id: string }> {
  const order = await anOpenOrder(db, await aProductOnSale(db))
  await inTransaction(db, (tx) => payOrder(tx, order.id, { late: false, overpaid: false, escrowHours: 24 }))
  return order
}

/** What is the case after one look, and what was found to be over. */
async function look(): Promise<{ open: string[]; over: string[] }> {
  const over: string[] = []
  await raiseAlarms.run(choreDeps(db, { bucketState }), (what) => over.push(what))
  const { rows } = await db.query<{ text: string }>(
    `select kind || ':' || subject || ':' || count as text from alarms where cleared_at is null order by kind, subject`,
  )
  return { open: rows.map(({ text }) => text), over }
}

test('each thing administrators must know of is found while it lasts, and its end', async () => {
  assert.deepEqual(await look(), { open: [], over: [] })
  await db.query(`insert into outbox (subject, dedupe_key, payload, created_at, next_try_at, tries) values
    ('admin.alert', 'old', '{}', now() - interval '2 min', now(), 3),
    ('admin.alert', 'slowed down on purpose', '{}', now() - interval '2 min', now() + interval '20 s', 0)`)
  await insertDeadLetter(db, { kind: 'delivery', ref: 'a', reason: 'late', payload: {} })
  await insertDeadLetter(db, { kind: 'delivery', ref: 'b', reason: 'later', payload: {} })
  await insertDeadLetter(db, { kind: 'media-media-missing', ref: 'c', reason: 'gone', payload: {} })
  await db.query(`insert into broken_invariants (name, count, refs) values ('quota-used', 1, '{}')`)
  says = 'the key is refused'
  const open = [
    'bucket::1',
    'dead letters:delivery:2',
    'dead letters:media-media-missing:1',
    'invariants::1',
    'outbox::1',
  ]
  assert.deepEqual(await look(), { open, over: [] })
  assert.deepEqual(await look(), { open, over: [] })
  const { rows } = await db.query(
    `select kind, is_told_raised as told, due_at > now() as patient from alarms where subject in ('', 'delivery') order by kind`,
  )
  assert.deepEqual(rows, [
    { kind: 'bucket', told: false, patient: true },
    { kind: 'dead letters', told: true, patient: false },
    { kind: 'invariants', told: true, patient: false },
    { kind: 'outbox', told: false, patient: false },
  ])

  says = 'ok'
  await db.query(`update outbox set sent_at = now()`)
  await db.query(`update dead_letters set resolved_at = now(), resolved_by = '1' where kind = 'delivery'`)
  await db.query(`update broken_invariants set cleared_at = now()`)
  assert.deepEqual(await look(), {
    open: ['dead letters:media-media-missing:1'],
    over: ['over: dead letters delivery', 'over: outbox', 'over: bucket', 'over: invariants'],
  })
})

test('a seller who could be paid for two days is told, and not one who cannot be paid', async () => {
  await db.query(`update dead_letters set resolved_at = now(), resolved_by = '1' where resolved_at is null`)
  const orders = [await aPaidOrder(), await aPaidOrder(), await aPaidOrder()]
  await db.query(`update payout_items set state = 'available', hold_until = now() - interval '50 hours'`)
  assert.deepEqual((await look()).open, [], 'nobody has an address')
  const sellerOf = `(select seller_id from orders where id = $1)`
  for (const { id } of orders)
    await db.query(
      `update sellers set solana_address = 'An address', address_hold_until = null where user_id = ${sellerOf}`,
      [id],
    )
  await db.query(`update sellers set payouts_frozen_at = now() where user_id = ${sellerOf}`, [orders[0]?.id])
  await db.query(`update sellers set address_hold_until = now() + interval '1 h' where user_id = ${sellerOf}`, [
    orders[1]?.id,
  ])
  assert.deepEqual((await look()).open, ['payouts::1'])
  await db.query(`update payout_items set hold_until = now() - interval '47 hours'`)
  assert.deepEqual((await look()).open, [])
})

test('a damaged original is an alarm until it is whole again', async () => {
  const { id } = await aPaidOrder()
  const file = `(select file_id from orders where id = $1)`
  await db.query(`update product_files set state = 'damaged' where id = ${file}`, [id])
  assert.deepEqual((await look()).open, ['integrity::1'])
  await db.query(`update product_files set state = 'ready' where id = ${file}`, [id])
  assert.deepEqual((await look()).open, [])
})

test('what nobody raises again is over when its time has come', async () => {
  await raiseAlarm(db, { kind: 'forgeries', subject: '', count: 10, detail: '' }, { lapsesAfterSeconds: 600 })
  assert.deepEqual((await look()).open, ['forgeries::10'])
  await db.query(`update alarms set lapses_at = now() where kind = 'forgeries'`)
  assert.deepEqual(await look(), { open: [], over: ['over: forgeries'] })
})

test('a dry look says what it would raise and writes nothing', async () => {
  await db.query(`delete from alarms`)
  await insertDeadLetter(db, { kind: 'delivery', ref: 'z', reason: 'late', payload: {} })
  const found: string[] = []
  await raiseAlarms.preview(choreDeps(db, { bucketState }), (what) => found.push(what))
  assert.deepEqual(found, ['dead letters delivery (1): late'])
  assert.equal((await db.query(`select from alarms`)).rowCount, 0)
})
