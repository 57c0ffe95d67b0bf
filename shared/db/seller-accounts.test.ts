import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { type Email } from '../domain/email.ts'
import { type PersonId } from '../domain/ids.ts'
import { codeFrom, productCodeLength } from '../domain/public-code.ts'
import { type SolanaAddress } from '../domain/solana-address.ts'
import { aPerson, anOwnedOrder, aProductOnSale, aSeller } from '../testing/a-shop.ts'
import { createTestDatabase } from '../testing/database.ts'
import { closeAccount } from './close-account.ts'
import { ensureEmptyDraft } from './edit-product.ts'
import { freezePayouts } from './payout-freezes.ts'
import { type Database, inTransaction } from './pool.ts'
import { recountBytes } from './quotas.ts'
import { findSellerAccount, openSellerAccount } from './seller-accounts.ts'
import { lockEmail, setAddress, setEmail } from './seller-changes.ts'
import { findSellerFigures, listHeldShares } from './seller-figures.ts'

const address = (text: string) => text as SolanaAddress
const email = (text: string) => text as Email

const asked = (person: PersonId, mail: string) => ({
  person,
  code: codeFrom(randomBytes(productCodeLength)),
  email: email(mail),
  address: null,
  isEmailConfirmed: false,
  quotaBytes: 1000n,
  termsVersion: '1',
  holdHours: 48,
})

test('opening at the same moment from many places makes one account', async (t) => {
  const db = await createTestDatabase(t)
  const person = await aPerson(db)
  const openings = await Promise.all(
    Array.from({ length: 8 }, () => inTransaction(db, (tx) => openSellerAccount(tx, asked(person, 'a@b.fr')))),
  )
  assert.deepEqual(openings.map(({ kind }) => kind).sort(), [...Array<string>(7).fill('open already'), 'opened'])
  const { rowCount } = await db.query(`select from seller_changes where field = 'account'`)
  assert.equal(rowCount, 1)
})

test('of many people who ask for one e-mail address at once, one gets it', async (t) => {
  const db = await createTestDatabase(t)
  const people = await Promise.all(Array.from({ length: 6 }, () => aPerson(db)))
  const openings = await Promise.all(
    people.map((person) => inTransaction(db, (tx) => openSellerAccount(tx, asked(person, 'a@b.fr')))),
  )
  assert.deepEqual(openings.map(({ kind }) => kind).sort(), [...Array<string>(5).fill('email taken'), 'opened'])
  const sellers = await Promise.all(Array.from({ length: 4 }, () => aSeller(db)))
  const free = await Promise.all(
    sellers.map((seller) =>
      inTransaction(db, async (tx) => {
        if (!(await lockEmail(tx, seller, email('c@d.fr')))) return 'taken'
        return (await setEmail(tx, seller, email('c@d.fr'), false)).kind
      }),
    ),
  )
  assert.deepEqual(free.sort(), ['changed', 'taken', 'taken', 'taken'])
})

test('a first address is not held, each later one is, and the same again changes nothing', async (t) => {
  const db = await createTestDatabase(t)
  const seller = await aSeller(db)
  const set = (text: string) => inTransaction(db, (tx) => setAddress(tx, seller, address(text), 48))
  assert.deepEqual([(await set('first')).kind, (await findSellerAccount(db, seller))?.heldUntil], ['changed', null])
  assert.equal((await set('first')).kind, 'same')
  assert.ok((await set('second')).heldUntil !== undefined)
  assert.notEqual((await findSellerAccount(db, seller))?.heldUntil, null)
  const { rows } = await db.query(`select old, new from seller_changes order by at`)
  assert.deepEqual(rows, [
    { old: null, new: 'first' },
    { old: 'first', new: 'second' },
  ])
})

test('a change is disowned by its seller alone, once', async (t) => {
  const db = await createTestDatabase(t)
  const [seller, other] = [await aSeller(db), await aSeller(db)]
  await inTransaction(db, (tx) => setAddress(tx, seller, address('first'), 48))
  const change = await inTransaction(db, (tx) => setAddress(tx, seller, address('second'), 48))
  assert.ok(change.kind === 'changed')
  const freeze = (who: PersonId) => inTransaction(db, (tx) => freezePayouts(tx, who, change.id))
  assert.equal(await freeze(other), undefined)
  const twice = await Promise.all([freeze(seller), freeze(seller)])
  assert.deepEqual(twice.map((one) => one?.kind).sort(), ['frozen', 'frozen before'])
})

async function aPayout(db: Database, seller: PersonId): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `with listed as (
            insert into batches (code, payouts_count, total_cents, prepared_by)
            values ('BATCH234', 1, 4003, 'somebody')
         returning id)
     insert into payouts (batch_id, seller_id, address, amount_cents)
     select id, $1, 'where it goes', 4003 from listed
  returning id`,
    [seller],
  )
  return rows[0]?.id ?? assert.fail('no payout')
}

test('the figures of a seller add up, whatever state their shares are in', async (t) => {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  const payout = await aPayout(db, product.seller)
  const states = { held: 100n, available: 20n, batched: 3n, paid: 4000n, reversed: 50_000n }
  for (const [state, amount] of Object.entries(states)) {
    const order = await anOwnedOrder(db, product)
    await db.query(
      `insert into payout_items (order_id, seller_id, amount_cents, state, hold_until, payout_id)
       values ($1, $2, $3, $4, now(), case when $4 in ('batched', 'paid') then $5::uuid end)`,
      [order.id, product.seller, amount, state, payout],
    )
  }
  await db.query(
    `insert into payout_items (order_id, kind, seller_id, amount_cents, state, hold_until)
     select order_id, 'correction', seller_id, -7, 'available', now() from payout_items where state = 'paid'`,
  )
  const { earned, held, available, batched, paid, corrections, activeProducts, products } = await findSellerFigures(
    db,
    product.seller,
  )
  assert.deepEqual({ held, available, batched, paid }, { held: 100n, available: 13n, batched: 3n, paid: 4000n })
  assert.equal(earned, held + available + batched + paid)
  assert.deepEqual([corrections, activeProducts, products], [-7n, 1, 1])
  assert.equal((await listHeldShares(db, product.seller, 5)).length, 1)
})

test('an account closes once, and stays open while anything is owed either way', async (t) => {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  const order = await anOwnedOrder(db, product)
  await db.query(
    `insert into payout_items (order_id, kind, seller_id, amount_cents, state, hold_until) values ($1, 'correction', $2, -5, 'available', now())`,
    [order.id, product.seller],
  )
  const close = () => inTransaction(db, (tx) => closeAccount(tx, product.seller))
  assert.deepEqual(await close(), { kind: 'balance', owed: -5n })
  await db.query(`update payout_items set state = 'paid', payout_id = $1`, [await aPayout(db, product.seller)])
  const twice = await Promise.all([close(), close()])
  assert.deepEqual(twice.map(({ kind }) => kind).sort(), ['closed', 'not found'])
  assert.equal((await db.query(`select from visible_products`)).rowCount, 0)
  const { rowCount } = await db.query(`select from entitlements where ended_at is null`)
  assert.equal(rowCount, 1)
})

/** Resolves once somebody waits for a lock in this database. */
async function untilSomebodyWaits(db: Database): Promise<void> {
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await db.query(waiting)).rowCount === 0) await new Promise(setImmediate)
}

test('closing a shop while something is done to its product makes nobody start over', async (t) => {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  const runs = { work: 0, close: 0 }
  let closing: Promise<unknown> | undefined
  await inTransaction(db, async (tx) => {
    runs.work += 1
    await tx.query(`select from products where id = $1 for update`, [product.id])
    closing ??= inTransaction(db, (other) => {
      runs.close += 1
      return closeAccount(other, product.seller)
    })
    await untilSomebodyWaits(db)
    await recountBytes(tx, product.seller)
  })
  assert.deepEqual(await closing, { kind: 'closed', removed: 1, hidden: 0 })
  assert.deepEqual(runs, { work: 1, close: 1 })
})

test('no draft is begun in a shop that was closed at the same moment', async (t) => {
  const db = await createTestDatabase(t)
  const seller = await aSeller(db)
  let beginning: Promise<unknown> | undefined
  await inTransaction(db, async (tx) => {
    await closeAccount(tx, seller)
    beginning ??= inTransaction(db, (other) =>
      ensureEmptyDraft(other, seller, codeFrom(randomBytes(productCodeLength))),
    )
    await untilSomebodyWaits(db)
  })
  assert.equal(await beginning, undefined)
  assert.equal((await db.query(`select from products`)).rowCount, 0)
})
