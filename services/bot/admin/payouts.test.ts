import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listFindings } from '../../../shared/db/invariants.ts'
import { listPayouts } from '../../../shared/db/payouts.ts'
import { type Database, inTransaction } from '../../../shared/db/pool.ts'
import { recountBytes } from '../../../shared/db/quotas.ts'
import { refundOrder } from '../../../shared/db/refund-order.ts'
import { type BatchId, type OrderId, type PayoutId, type PersonId } from '../../../shared/domain/ids.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import {
  accounts,
  adminId,
  aMoneyScene,
  aReleasedSale,
  aSignature,
  assertBooksHold,
  type MoneyScene,
  tellAll,
  wallet,
} from '../../../shared/testing/a-money-scene.ts'
import { aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { type Administrator } from './administrator.ts'
import { batchTable } from './payouts.ts'
import { cancelBatch, confirm, prepare, sendPayout } from './settle-payout.ts'

type Row = Record<string, unknown>

const setAddress = (db: Database, seller: bigint, address = wallet) =>
  db.query(`update sellers set solana_address = $2 where user_id = $1`, [seller, address])

const payouts = async (db: Database): Promise<Row[]> =>
  (
    await db.query<Row>(
      `select state, amount_cents as cents, tx_hash is not null as "hasHash" from payouts order by id`,
    )
  ).rows

const items = async (db: Database): Promise<unknown[]> =>
  (await db.query(`select state from payout_items order by created_at, id`)).rows.map(({ state }) => state)

/** Two sellers who are owed 19.99 each: one can be paid. */
async function aScene(t: Parameters<typeof aMoneyScene>[0]): Promise<MoneyScene> {
  const scene = await aMoneyScene(t)
  const { db, product } = scene
  await setAddress(db, product.seller)
  await aReleasedSale(db, product)
  await aReleasedSale(db, await aProductOnSale(db))
  return scene
}

/** The list is frozen and confirmed by its code, typed. */
async function confirmed({ admin, db }: MoneyScene): Promise<string> {
  await admin.write('/admin')
  await admin.press('Payouts')
  await admin.press('Prepare a batch')
  const code = String((await db.query(`select code from batches order by created_at desc limit 1`)).rows[0]?.['code'])
  await admin.press('Confirm the batch')
  await admin.write('ABCDEFGH')
  assert.match(admin.shown(), /not the code/)
  assert.match(admin.shown(), /\$19.99 to 1 seller/)
  await admin.write(code.toLowerCase())
  return code
}

test('sellers are paid from a frozen list, each with the transaction, and read it in the chat', async (t) => {
  const scene = await aScene(t)
  const { db, admin, product } = scene
  await admin.write('/admin')
  await admin.press('Payouts')
  assert.match(admin.shown(), /\$19.99 to 1 seller[^]*Cannot be paid[^]*no address/)
  await confirmed(scene)
  assert.match(admin.shown(), /to be paid/)
  assert.deepEqual(await items(db), ['batched', 'available'])
  await admin.press('1')
  assert.match(admin.shown(), new RegExp(`${wallet}[^]*Orders`))
  await admin.press('Note the transaction')
  for (const text of ['', 'x', '0'.repeat(64), `0x${'a'.repeat(64)}`].slice(1)) {
    await admin.write(text)
    assert.match(admin.shown(), /no Solana transaction/, text)
  }
  const hash = aSignature()
  await admin.write(hash)
  await admin.press('Yes, confirm')
  assert.match(admin.shown(), /Payout 1 · paid/)
  assert.deepEqual(await payouts(db), [{ state: 'sent', cents: 1999n, hasHash: true }])
  assert.deepEqual(await items(db), ['paid', 'available'])
  const { rows } = await db.query(`select state from batches`)
  assert.deepEqual(rows, [{ state: 'closed' }])
  assert.deepEqual(await accounts(db), { cash: 2297n, platform_fee: -298n, available: -1999n })
  await tellAll(scene)
  const { rows: told } = await db.query(
    `select person_id as id, facts ->> 'hash' as hash, state from notices where kind = 'payout sent'`,
  )
  assert.equal(told[0]?.['id'], product.seller)
  assert.equal(told[0]['hash'], hash)
  await admin.press('Seen on the network')
  assert.equal((await payouts(db))[0]?.['state'], 'settled')
  await assertBooksHold(db)
})

test('a list that changed before it was confirmed is void, and its shares are available again', async (t) => {
  const scene = await aScene(t)
  const { db, admin, product } = scene
  await admin.write('/admin')
  await admin.press('Payouts')
  await admin.press('Prepare a batch')
  await admin.press('Confirm the batch')
  await setAddress(db, product.seller, 'So11111111111111111111111111111111111111113')
  const code = String((await db.query(`select code from batches`)).rows[0]?.['code'])
  await admin.write(code)
  assert.deepEqual(await items(db), ['available', 'available'])
  assert.deepEqual((await db.query(`select state, reason from batches`)).rows, [
    { state: 'cancelled', reason: 'list changed' },
  ])
  await db.query(`update sellers set address_hold_until = now() + interval '1 hour'`)
  await admin.write('/admin')
  await admin.press('Payouts')
  assert.match(admin.shown(), /Nobody can be paid now[^]*address changed lately/)
  await assertBooksHold(db)
})

test('a list with a share that NOWPayments gave back to its buyer is void, and the share is set off', async (t) => {
  const scene = await aScene(t)
  const { db, world, product } = scene
  const { deps } = world.scene
  const by = BigInt(adminId) as Administrator
  const list = await prepare(deps, by)
  assert.ok(list.kind === 'prepared')
  const { rows } = await db.query<{ id: OrderId }>(`select order_id as id from payout_items where seller_id = $1`, [
    product.seller,
  ])
  const order = rows[0]?.id ?? assert.fail('no order')
  assert.equal((await inTransaction(db, (tx) => refundOrder(tx, order)))?.share, 'set off')
  assert.equal(await inTransaction(db, (tx) => confirm(deps, tx, by, list.id)), 'changed')
  assert.equal((await prepare(deps, by)).kind, 'nobody')
  await assertBooksHold(db)
})

test('a payout that failed, even after its transaction was noted, is owed again by counter entries', async (t) => {
  const scene = await aScene(t)
  const { db, admin } = scene
  await confirmed(scene)
  const before = await accounts(db)
  assert.equal(before['payout_clearing'], -1999n)
  await admin.press('1')
  await admin.press('Note the transaction')
  const hash = aSignature()
  await admin.write(hash)
  await admin.press('Yes, confirm')
  await admin.press('Failed')
  await admin.write('The network dropped this transaction')
  await admin.press('Yes, confirm')
  assert.match(admin.shown(), /failed[^]*dropped this transaction/)
  assert.deepEqual(await items(db), ['available', 'available'])
  assert.deepEqual(await accounts(db), { cash: 4296n, platform_fee: -298n, available: -3998n })
  await assertBooksHold(db)

  await confirmed(scene)
  await admin.press('1')
  await admin.press('Note the transaction')
  await admin.write(hash)
  await admin.press('Yes, confirm')
  assert.match(admin.shown(), /in another batch already/)
  await assertBooksHold(db)
})

test('a list is taken back as a whole while no transaction was noted, and never after', async (t) => {
  const scene = await aScene(t)
  const { db, admin } = scene
  await confirmed(scene)
  await admin.press('Cancel the batch')
  assert.match(admin.shown(), /somebody may have paid/)
  assert.deepEqual(await items(db), ['batched', 'available'])
  await admin.press('Yes, cancel it')
  assert.deepEqual(await items(db), ['available', 'available'])
  assert.deepEqual(await payouts(db), [{ state: 'cancelled', cents: 1999n, hasHash: false }])
  await assertBooksHold(db)
})

test('whoever saw a list before it was confirmed does not take it back from whoever pays it', async (t) => {
  const scene = await aScene(t)
  const { db, world } = scene
  await confirmed(scene)
  const { rows } = await db.query<{ id: BatchId }>(`select id from batches`)
  const id = rows[0]?.id ?? assert.fail('no batch')
  const { deps } = world.scene
  assert.equal(await cancelBatch(deps, BigInt(adminId) as Administrator, id, 'prepared'), false)
  assert.deepEqual(await items(db), ['batched', 'available'])
  assert.equal(await cancelBatch(deps, BigInt(adminId) as Administrator, id, 'confirmed'), true)
})

test('the list for a wallet holds only what is to be paid: neither what was, nor whom a freeze protects', async (t) => {
  const scene = await aScene(t)
  const { db, admin, product } = scene
  await confirmed(scene)
  const { rows } = await db.query<{ id: BatchId }>(`select id from batches`)
  const table = async () =>
    batchTable({ code: 'ABCDEFGH' as PublicCode }, await listPayouts(db, rows[0]?.id ?? assert.fail()))
  assert.match(await table(), new RegExp(`${wallet},19.99,`))
  await db.query(`update sellers set payouts_frozen_at = now() where user_id = $1`, [product.seller])
  assert.doesNotMatch(await table(), new RegExp(wallet))
  await db.query(`update sellers set payouts_frozen_at = null`)
  await admin.press('1')
  await admin.press('Note the transaction')
  await admin.write(aSignature())
  await admin.press('Yes, confirm')
  assert.doesNotMatch(await table(), new RegExp(wallet))
})

test('while the books do not hold, no list is prepared', async (t) => {
  const scene = await aScene(t)
  const { db, admin } = scene
  await db.query(`insert into broken_invariants (name, count, refs) values ('ledger-sums-to-zero', 1, '{x}')`)
  await admin.write('/admin')
  await admin.press('Payouts')
  await admin.press('Prepare a batch')
  assert.deepEqual((await db.query(`select from batches`)).rowCount, 0)
  assert.deepEqual(await items(db), ['available', 'available'])
})

test('where nobody has looked at the books lately, they are looked at before a list is prepared', async (t) => {
  const scene = await aScene(t)
  const { db, world, product } = scene
  const { deps } = world.scene
  const by = BigInt(adminId) as Administrator
  await db.query(`delete from chore_runs`)
  await db.query(`update sellers set reserved_bytes = 5 where user_id = $1`, [product.seller])
  assert.equal((await prepare(deps, by)).kind, 'blocked')
  const found = (await listFindings(db)).map(({ name }) => name)
  assert.ok(found.includes('quota-reserved'), found.join())
  const { rows } = await db.query(`select payload ->> 'kind' as kind from outbox where subject = 'admin.alert'`)
  assert.equal(rows.length, found.length, 'each is told')

  const { rows: sellers } = await db.query<{ id: PersonId }>(`select user_id as id from sellers`)
  for (const { id } of sellers) await inTransaction(db, (tx) => recountBytes(tx, id))
  assert.equal((await prepare(deps, by)).kind, 'blocked', 'what was found stands until it is looked for again')
  await db.query(`update chore_runs set started_at = now() - interval '4 hours'`)
  assert.equal((await prepare(deps, by)).kind, 'prepared')
})

test('whoever saw a payout before its transaction was noted does not take it back', async (t) => {
  const scene = await aScene(t)
  const { db, admin, world } = scene
  await confirmed(scene)
  await admin.press('1')
  await admin.press('Failed')
  await admin.write('The wallet refuses this address')
  const { rows } = await db.query<{ id: PayoutId }>(`select id from payouts`)
  const id = rows[0]?.id ?? assert.fail('no payout')
  const by = BigInt(adminId) as Administrator
  const { deps } = world.scene
  assert.equal(await inTransaction(db, (tx) => sendPayout(deps, tx, by, id, aSignature())), 'sent')
  await admin.press('Yes, confirm')
  assert.match(admin.shown(), /Payout 1 · paid/)
  assert.deepEqual(await items(db), ['paid', 'available'])
})

test('a card drawn before a payout was paid does not take it back, and the form says what was paid', async (t) => {
  const scene = await aScene(t)
  const { db, admin, world } = scene
  await confirmed(scene)
  const { rows } = await db.query<{ id: PayoutId }>(`select id from payouts`)
  const id = rows[0]?.id ?? assert.fail('no payout')
  const by = BigInt(adminId) as Administrator
  const { deps } = world.scene
  const hash = aSignature()
  assert.equal(await inTransaction(db, (tx) => sendPayout(deps, tx, by, id, hash)), 'sent')
  await admin.go('payoutFailed', { payout: id, seen: 'confirmed' })
  assert.match(admin.shown(), new RegExp(`Payout 1 · paid[^]*${hash}`))
  await admin.press('Failed')
  assert.match(admin.shown(), new RegExp(`19.99[^]*noted as paid[^]*${hash}[^]*What failed`))
  await admin.write('The network dropped this transaction')
  assert.match(admin.shown(), new RegExp(`19.99[^]*noted as paid[^]*${hash}[^]*dropped this transaction`))
  assert.deepEqual(await items(db), ['paid', 'available'])
})
