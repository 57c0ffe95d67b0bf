import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { keepAppeal } from '../../../shared/db/appeals.ts'
import { listBrokenInvariants } from '../../../shared/db/invariants.ts'
import { moderateProduct, suspendPerson } from '../../../shared/db/moderation.ts'
import { payOrder } from '../../../shared/db/pay-order.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { recountBytes } from '../../../shared/db/quotas.ts'
import { refundOrder } from '../../../shared/db/refund-order.ts'
import { lockWithdrawnOrders, returnRights } from '../../../shared/db/returned-rights.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder, type ProductOnSale } from '../../../shared/testing/a-shop.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { type Chore } from '../chore.ts'
import { endWhatIsOver } from './end-suspensions.ts'
import { withdrawContent } from './withdraw-content.ts'

const db = await createTestDatabase({ after })
const deps = choreDeps(db)

beforeEach(() => db.query(`delete from notices`))

async function run(chore: Chore): Promise<string[]> {
  const [promised, found]: [string[], string[]] = [[], []]
  await chore.preview(deps, (what) => promised.push(what))
  const { changed } = await chore.run(deps, (what) => found.push(what))
  assert.deepEqual(found.toSorted(), promised.toSorted(), 'a dry run says what a run does')
  assert.equal(changed, found.length)
  return found
}

const told = async () => (await db.query(`select person_id as "person", kind from notices order by created_at`)).rows

async function aSuspendedProduct(days: number | null): Promise<ProductOnSale> {
  const product = await aProductOnSale(db)
  await moderateProduct(db, product.code, 'suspend', { reason: 'price', days })
  return product
}

async function aPaidOrder(product: ProductOnSale): Promise<OpenOrder> {
  const order = await anOpenOrder(db, product)
  await db.query(`update payments set status = 'finished', rank = 7 where id = $1`, [order.paymentId])
  if (product.price === 0n) await db.query(`update orders set total_cents = 0, fee_cents = 0 where id = $1`, [order.id])
  await inTransaction(db, (tx) => payOrder(tx, order.id, { late: false, overpaid: false, escrowHours: 24 }))
  return order
}

test('suspensions of people and products end by themselves when their time is up, and each is told once', async () => {
  const [product, lasting, endless] = [
    await aSuspendedProduct(7),
    await aSuspendedProduct(7),
    await aSuspendedProduct(null),
  ]
  const [person, other] = [lasting.seller, endless.seller]
  await suspendPerson(db, person, { reason: 'scam', days: 7 })
  await suspendPerson(db, other, { reason: 'scam', days: null })
  assert.deepEqual(await run(endWhatIsOver), [])

  await db.query(`update products set moderation_until = now() - interval '1 s' where id = $1`, [product.id])
  await db.query(`update users set suspended_until = now() - interval '1 s' where id = $1`, [person])
  assert.deepEqual((await run(endWhatIsOver)).toSorted(), [`person ${person}`, `product ${product.code}`])
  assert.deepEqual(await run(endWhatIsOver), [])
  assert.deepEqual(await told(), [
    { person, kind: 'person restored' },
    { person: product.seller, kind: 'product restored' },
  ])
  const { rows } = await db.query(
    `select p.moderation, u.status from products p join users u on u.id = p.seller_id
      where p.id = any($1) order by p.created_at`,
    [[product.id, lasting.id, endless.id]],
  )
  assert.deepEqual(rows, [
    { moderation: 'ok', status: 'active' },
    { moderation: 'suspended', status: 'active' },
    { moderation: 'suspended', status: 'suspended' },
  ])
  const { rows: audit } = await db.query(`select actor, action from audit_log order by at`)
  assert.deepEqual(audit, [
    { actor: 'janitor', action: 'person.restore' },
    { actor: 'janitor', action: 'product.restore' },
  ])
})

test('the end of the wait after a change of address is told, unless payouts are frozen', async () => {
  const [free, frozen, held] = [await aProductOnSale(db), await aProductOnSale(db), await aProductOnSale(db)]
  await db.query(`update sellers set address_hold_until = now() - interval '1 s' where user_id = any($1)`, [
    [free.seller, frozen.seller],
  ])
  await db.query(`update sellers set payouts_frozen_at = now() where user_id = $1`, [frozen.seller])
  await db.query(`update sellers set address_hold_until = now() + interval '1 hour' where user_id = $1`, [held.seller])
  assert.equal((await run(endWhatIsOver)).length, 2)
  assert.deepEqual(await told(), [{ person: free.seller, kind: 'address hold over' }])
  assert.deepEqual(await run(endWhatIsOver), [])
})

test('illegal content is taken back from everybody who has it, with a case for each who paid, and only from them', async () => {
  const product = await aProductOnSale(db)
  await inTransaction(db, (tx) => recountBytes(tx, product.seller))
  const paid = [await aPaidOrder(product), await aPaidOrder(product)]
  await aPaidOrder({ ...product, price: 0n })
  const untouched = await aPaidOrder(await aProductOnSale(db))
  await db.query(
    `insert into download_links (token_hash, order_id, file_id, expires_at)
     select repeat('a', 64), id, file_id, now() + interval '1 day' from orders where id = $1`,
    [paid[0]?.id],
  )
  assert.deepEqual(await run(withdrawContent), [])
  await moderateProduct(db, product.code, 'ban', { reason: 'illegal', days: null })
  assert.deepEqual(await run(withdrawContent), [], 'a ban alone takes nothing back')
  await moderateProduct(db, product.code, 'withdraw', { reason: 'illegal', days: null })
  assert.equal((await run(withdrawContent)).length, 3)
  assert.deepEqual(await run(withdrawContent), [])
  assert.equal((await told()).filter(({ kind }) => kind === 'content withdrawn').length, 3)
  const { rows } = await db.query(
    `select (select array_agg(order_id order by order_id) from entitlements where ended_at is null) as "live",
            (select count(*)::int from cases where kind = 'content withdrawn') as "cases",
            (select count(*)::int from download_links where revoked_at is null) as "links"`,
  )
  assert.deepEqual(rows, [{ live: [untouched.id], cases: 2, links: 0 }])
  const broken = await listBrokenInvariants(db)
  assert.deepEqual(
    broken.filter(({ name }) => name === 'rights-follow-payment'),
    [],
  )
})

test('those whose rights return are told once, have a file that never arrived brought, and are owed again after another withdrawal', async () => {
  const product = await aProductOnSale(db)
  const order = await aPaidOrder(product)
  const withdraw = async () => {
    await moderateProduct(db, product.code, 'withdraw', { reason: 'illegal', days: null })
    assert.deepEqual(await run(withdrawContent), [`order ${order.code}`])
  }
  await withdraw()
  await db.query(`update deliveries set state = 'dead' where order_id = $1`, [order.id])
  await moderateProduct(db, product.code, 'restore', { reason: null, days: null })
  assert.equal(await returnRights(db, { product: product.id }, 7n), 1)
  await db.query(`delete from outbox`)
  assert.deepEqual(await run(withdrawContent), [`right of order ${order.code} returned`])
  assert.deepEqual(await run(withdrawContent), [])
  const { rows } = await db.query(
    `select (select state from deliveries where order_id = $1) as "delivery",
            (select count(*)::int from outbox where subject = 'delivery.requested') as "asked",
            (select array_agg(state || ' ' || decision) from cases where order_id = $1) as "cases"`,
    [order.id],
  )
  assert.deepEqual(rows, [{ delivery: 'queued', asked: 1, cases: ['closed close'] }])

  await withdraw()
  const kinds = (await told()).map(({ kind }) => String(kind))
  assert.deepEqual(kinds, ['content withdrawn', 'content returned', 'content withdrawn'])
  const { rows: cases } = await db.query(`select state from cases where order_id = $1 order by created_at`, [order.id])
  assert.deepEqual(cases, [{ state: 'closed' }, { state: 'open' }])
})

test('whoever was given their money back is not told that a withdrawn product is theirs again', async () => {
  const product = await aProductOnSale(db)
  const [kept, refunded, lost] = [await aPaidOrder(product), await aPaidOrder(product), await aPaidOrder(product)]
  await moderateProduct(db, product.code, 'withdraw', { reason: 'illegal', days: null })
  await run(withdrawContent)
  await moderateProduct(db, product.code, 'restore', { reason: null, days: null })
  assert.equal(await returnRights(db, { product: product.id }, 7n), 3)
  await inTransaction(db, (tx) => refundOrder(tx, refunded.id))
  await db.query(`update entitlements set ended_at = now(), reason = 'ended' where order_id = $1`, [lost.id])
  assert.deepEqual(await run(withdrawContent), [`right of order ${kept.code} returned`])
  const { rows } = await db.query(`select returned_at as at from entitlements where order_id = $1`, [refunded.id])
  assert.deepEqual(rows, [{ at: null }])
})

test('taking back a withdrawal looks at the rights of that product only', async () => {
  const product = await aProductOnSale(db)
  await aPaidOrder(product)
  await moderateProduct(db, product.code, 'withdraw', { reason: 'illegal', days: null })
  await run(withdrawContent)
  const scans = async (tx: Queryable): Promise<bigint[]> => {
    const { rows } = await tx.query<{ all: bigint; ofProduct: bigint }>(
      `select pg_stat_get_xact_numscans('entitlements'::regclass) as "all",
              pg_stat_get_xact_numscans('entitlements_withdrawn'::regclass) as "ofProduct"`,
    )
    return rows.flatMap((row) => [row.all, row.ofProduct])
  }
  await inTransaction(db, async (tx) => {
    await tx.query(`set local enable_seqscan = off`)
    const [all = 0n, ofProduct = 0n] = await scans(tx)
    await lockWithdrawnOrders(tx, product.code)
    await moderateProduct(tx, product.code, 'restore', { reason: null, days: null })
    assert.equal(await returnRights(tx, { product: product.id }, 7n), 1)
    assert.deepEqual(await scans(tx), [all, ofProduct + 2n], 'never all rights of the shop')
  })
})

test('a suspension that ends by itself ends what was said against it', async () => {
  const product = await aSuspendedProduct(7)
  await suspendPerson(db, product.seller, { reason: 'scam', days: 7 })
  await keepAppeal(db, { person: product.seller, product: product.id, words: 'It is mine' })
  await keepAppeal(db, { person: product.seller, product: product.id, words: 'Really' })
  await keepAppeal(db, { person: product.seller, product: null, words: 'So am I' })
  const states = async () =>
    (await db.query(`select words, state from appeals where person_id = $1 order by created_at`, [product.seller])).rows
  await db.query(`update products set moderation_until = now() - interval '1 s' where id = $1`, [product.id])
  await run(endWhatIsOver)
  assert.deepEqual(await states(), [
    { words: 'It is mine\n\nReally', state: 'over' },
    { words: 'So am I', state: 'open' },
  ])
  await db.query(`update users set suspended_until = now() - interval '1 s' where id = $1`, [product.seller])
  await run(endWhatIsOver)
  assert.deepEqual(
    (await states()).map(({ state }) => state as string),
    ['over', 'over'],
  )
})
