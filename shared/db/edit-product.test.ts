import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { type CategoryId, type FileId, type PersonId } from '../domain/ids.ts'
import { cents } from '../domain/money.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { aDraft } from '../testing/a-draft.ts'
import { anOpenOrder, aPerson, aProductOnSale, aReadyFile, aSeller } from '../testing/a-shop.ts'
import { createTestDatabase } from '../testing/database.ts'
import {
  activateProduct,
  deactivateProduct,
  ensureEmptyDraft,
  setCategory,
  setDescription,
  setPrice,
  setTitle,
  startPublishing,
} from './edit-product.ts'
import { markFileDamaged } from './damaged-files.ts'
import { type Database, inTransaction, type Queryable } from './pool.ts'

const db = await createTestDatabase({ after })

const statusOf = async (db: Database, product: PublicCode) =>
  (await db.query<{ status: string }>(`select status from products where code = $1`, [product])).rows[0]?.status
const anyCategory = async (db: Database): Promise<CategoryId> => {
  const { rows } = await db.query<{ id: CategoryId }>(`select id from categories where slug = 'business'`)
  return rows[0]?.id ?? assert.fail('no category')
}

test('pressing [New product] again leads to the same empty draft, and never to somebody else’s', async () => {
  const [seller, other] = [await aSeller(db), await aSeller(db)]
  const begin = (person: PersonId, fresh: string) =>
    inTransaction(db, (tx) => ensureEmptyDraft(tx, person, fresh as PublicCode))
  const [first, second] = await Promise.all([begin(seller, 'AAAAAAAA'), begin(seller, 'BBBBBBBB')])
  assert.equal(first, second)
  assert.equal(await begin(seller, 'CCCCCCCC'), first)
  assert.equal(await begin(other, 'EEEEEEEE'), 'EEEEEEEE')
  assert.equal(await begin(await aPerson(db), 'FFFFFFFF'), undefined)
})

test('nobody changes the product of somebody else, whatever they send', async () => {
  const product = await aProductOnSale(db)
  const draft = await aDraft(db)
  const thief = await aSeller(db)
  const category = await anyCategory(db)
  const attempts = [product.code, draft.code].flatMap((target) => [
    setTitle(db, thief, target, 'Stolen title'),
    setDescription(db, thief, target, 'Stolen description'),
    setPrice(db, thief, target, cents(0n)),
    setCategory(db, thief, target, category),
    deactivateProduct(db, thief, target).then((done) => (done ? target : undefined)),
  ])
  assert.deepEqual(await Promise.all(attempts), Array(10).fill(undefined))
  assert.deepEqual(await startPublishing(db, thief, draft.code), { kind: 'not found' })
  assert.equal(await activateProduct(db, thief, product.code), 'not found')
  assert.equal(await statusOf(db, product.code), 'active')
})

test('a suspended seller, and one who left, change nothing', async () => {
  const [suspended, left] = [await aDraft(db), await aDraft(db)]
  await db.query(`update users set status = 'suspended' where id = $1`, [suspended.seller])
  await db.query(`update sellers set closed_at = now() where user_id = $1`, [left.seller])
  for (const { seller, code } of [suspended, left]) {
    assert.equal(await setTitle(db, seller, code, 'Another title'), undefined)
    assert.deepEqual(await startPublishing(db, seller, code), { kind: 'not found' })
  }
})

test('a new price never touches an order that is open', async () => {
  const product = await aProductOnSale(db, { price: 1999n })
  const order = await anOpenOrder(db, product)
  await setPrice(db, product.seller, product.code, cents(4999n))
  await setTitle(db, product.seller, product.code, 'Another name for it')
  const { rows } = await db.query(
    `select o.price_cents as "order", o.total_cents as "total", y.price_cents as "payment", o.title, p.price_cents as "product"
       from orders o join payments y on y.order_id = o.id join products p on p.id = o.product_id
      where o.id = $1`,
    [order.id],
  )
  assert.deepEqual(rows, [{ order: 1999n, total: 2148n, payment: 2148n, title: 'A template', product: 4999n }])
})

test('a category nobody sees is not chosen', async () => {
  const draft = await aDraft(db)
  const category = await anyCategory(db)
  assert.notEqual(await setCategory(db, draft.seller, draft.code, category), undefined)
  await db.query(`update categories set hidden = true where id = $1`, [category])
  assert.equal(await setCategory(db, draft.seller, draft.code, category), undefined)
  await aReadyFile(db, draft.id)
  assert.deepEqual(await startPublishing(db, draft.seller, draft.code), { kind: 'incomplete', lacks: 'category' })
})

test('a draft is published once it lacks nothing, and once only', async () => {
  const empty = await aDraft(db, { isEmpty: true })
  assert.deepEqual(await startPublishing(db, empty.seller, empty.code), { kind: 'incomplete', lacks: 'title' })
  const draft = await aDraft(db)
  assert.deepEqual(await startPublishing(db, draft.seller, draft.code), { kind: 'incomplete', lacks: 'file' })
  await aReadyFile(db, draft.id)
  const twice = await Promise.all(
    [1, 2].map(() => inTransaction(db, (tx) => startPublishing(tx, draft.seller, draft.code))),
  )
  assert.deepEqual(twice.map(({ kind }) => kind).toSorted(), ['not found', 'publishing'])
  assert.equal(await statusOf(db, draft.code), 'processing')
})

test('what an administrator withdrew is not put on sale again by its seller', async () => {
  const product = await aProductOnSale(db)
  const activate = (seller: PersonId = product.seller) => activateProduct(db, seller, product.code)
  assert.equal(await deactivateProduct(db, product.seller, product.code), true)
  assert.equal(await deactivateProduct(db, product.seller, product.code), false)
  for (const moderation of ['suspended', 'banned']) {
    await db.query(`update products set moderation = $2 where id = $1`, [product.id, moderation])
    assert.equal(await activate(), 'moderated')
    assert.equal(await statusOf(db, product.code), 'inactive')
  }
  await db.query(`update products set moderation = 'ok', current_file_id = null where id = $1`, [product.id])
  assert.equal(await activate(), 'no file')
  await aReadyFile(db, product.id)
  assert.equal(await activate(), 'active')
  assert.equal(await activate(), 'active')
  assert.equal(await statusOf(db, product.code), 'active')
})

/** Does one thing while another, begun in a transaction, is not over yet; it has to wait for that. */
async function meanwhile<T>(first: (tx: Queryable) => Promise<unknown>, second: () => Promise<T>): Promise<T> {
  let isOver = false
  const { waiting } = await inTransaction(db, async (tx) => {
    await first(tx)
    const waiting = second().finally(() => (isOver = true))
    const blocked = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    while ((await db.query(blocked)).rowCount === 0 && !isOver) await turn()
    return { waiting }
  })
  return waiting
}

const damage = (tx: Queryable, file: FileId) => markFileDamaged(tx, file)

test('a product whose file is found damaged while its seller puts it on sale is not on sale', async () => {
  const [one, other] = [await aProductOnSale(db), await aProductOnSale(db)]
  for (const { seller, code } of [one, other]) await deactivateProduct(db, seller, code)
  const activate = (tx: Queryable, { seller, code }: typeof one) => activateProduct(tx, seller, code)

  const late = await meanwhile(
    (tx) => damage(tx, one.fileId),
    () => inTransaction(db, (tx) => activate(tx, one)),
  )
  assert.equal(late, 'no file')
  await meanwhile(
    (tx) => activate(tx, other),
    () => inTransaction(db, (tx) => damage(tx, other.fileId)),
  )
  for (const { code } of [one, other]) assert.equal(await statusOf(db, code), 'inactive')
})

test('a product that just got another file stays on sale when the one before is found damaged', async () => {
  const product = await aProductOnSale(db)
  const found = await meanwhile(
    (tx) => aReadyFile(tx, product.id),
    () => inTransaction(db, (tx) => damage(tx, product.fileId)),
  )
  assert.equal(found?.isCurrent, false)
  assert.equal(await statusOf(db, product.code), 'active')
})
