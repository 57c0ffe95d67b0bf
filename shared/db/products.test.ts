import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CategoryId, type PersonId } from '../domain/ids.ts'
import { codeFrom, type PublicCode } from '../domain/public-code.ts'
import { aPerson, aProductOnSale } from '../testing/a-shop.ts'
import { createTestDatabase } from '../testing/database.ts'
import { listCategories } from './categories.ts'
import { type Database } from './pool.ts'
import { countView } from './product-views.ts'
import { findStepInCategory, findStepInSearch, findStepInShop, start, type Step } from './product-lists.ts'
import { findProduct } from './products.ts'
import { findShop, findShopOf } from './sellers.ts'

const unknown = codeFrom(new Uint8Array(8))

/** Products for sale in one category, the first the newest. */
async function aShelf(db: Database, ...titles: string[]) {
  const products: Awaited<ReturnType<typeof aProductOnSale>>[] = []
  for (const title of titles) products.push(await aProductOnSale(db, { title }))
  for (const [index, { id }] of products.entries()) {
    await db.query(`update products set published_at = now() - $2 * interval '1 hour' where id = $1`, [id, index])
  }
  const [category] = await listCategories(db)
  assert.ok(category !== undefined)
  return { products, category: category.id, person: await aPerson(db) }
}

const around = (step: Step | undefined) =>
  step === undefined
    ? undefined
    : [step.previous ?? '', step.product.title, step.next ?? '', `${step.position}/${step.total}`]

test('a category is walked from the newest to the oldest, without arrows that lead nowhere', async (t) => {
  const db = await createTestDatabase(t)
  const { products, category, person } = await aShelf(db, 'First', 'Second', 'Third')
  const [first, second, third] = products.map(({ code }) => code)
  const open = (code: PublicCode | null) => findStepInCategory(db, person, category, { code, position: 1 })
  assert.deepEqual(around(await open(null)), ['', 'First', second, '1/3'])
  assert.deepEqual(around(await open(second ?? null)), [first, 'Second', third, '2/3'])
  assert.deepEqual(around(await open(third ?? null)), [second, 'Third', '', '3/3'])
})

test('when a product vanishes, its place in the list is shown instead', async (t) => {
  const db = await createTestDatabase(t)
  const { products, category, person } = await aShelf(db, 'First', 'Second', 'Third')
  const [, second, third] = products
  assert.ok(second !== undefined && third !== undefined)
  await db.query(`update products set status = 'inactive' where id = $1`, [second.id])
  const inPlace = await findStepInCategory(db, person, category, { code: second.code, position: 2 })
  assert.deepEqual(inPlace?.product.title, 'Third')
  await db.query(`update products set status = 'inactive' where id = $1`, [third.id])
  const atTheEnd = await findStepInCategory(db, person, category, { code: third.code, position: 3 })
  assert.deepEqual(around(atTheEnd), ['', 'First', '', '1/1'])
})

test('nothing is left of a category whose products are all gone', async (t) => {
  const db = await createTestDatabase(t)
  const { category, person } = await aShelf(db, 'First')
  await db.query(`update sellers set paused_at = now()`)
  assert.equal(await findStepInCategory(db, person, category, start), undefined)
  assert.deepEqual(await listCategories(db), [])
})

test('only what may be sold is found, in every list and by its code', async (t) => {
  const db = await createTestDatabase(t)
  const { products, category, person } = await aShelf(db, 'First')
  const [product] = products
  assert.ok(product !== undefined)
  const hide = {
    draft: `update products set status = 'draft'`,
    suspended: `update products set status = 'active', moderation = 'suspended'`,
    deleted: `update products set moderation = 'ok', deleted_at = now()`,
    unverified: `update products set deleted_at = null; update product_files set state = 'verifying'`,
    'seller suspended': `update product_files set state = 'ready'; update users set status = 'suspended'`,
  }
  for (const [reason, statement] of Object.entries(hide)) {
    for (const one of statement.split(';')) await db.query(one)
    const found = await findProduct(db, person, product.code)
    assert.equal(found?.isVisible, false, reason)
    assert.equal(await findStepInCategory(db, person, category, start), undefined, reason)
    assert.equal(await findStepInSearch(db, person, ['first'], start), undefined, reason)
    assert.equal(await findStepInShop(db, person, found.sellerCode, start), undefined, reason)
  }
  await db.query(`update users set status = 'active'`)
  assert.equal((await findProduct(db, person, product.code))?.isVisible, true)
})

const find = async (db: Database, person: PersonId, ...words: string[]) =>
  (await findStepInSearch(db, person, words, start))?.product.title

test('a search does not mind case or accents', async (t) => {
  const db = await createTestDatabase(t)
  const { person } = await aShelf(db, 'Résumé pour développeur')
  for (const words of [['resume'], ['RÉSUMÉ'], ['DÉVELOPPEUR', 'resumé'], ['loppeu']]) {
    assert.equal(await find(db, person, ...words), 'Résumé pour développeur', words.join(' '))
  }
  assert.equal(await find(db, person, 'resume', 'photo'), undefined)
})

test('percent, underscore and backslash are plain characters in a search', async (t) => {
  const db = await createTestDatabase(t)
  const { person } = await aShelf(db, 'Save 100% on a_b', 'Path C:\\fonts', 'Nothing special')
  assert.equal(await find(db, person, '100%'), 'Save 100% on a_b')
  assert.equal(await find(db, person, 'a_b'), 'Save 100% on a_b')
  assert.equal(await find(db, person, 'c:\\fonts'), 'Path C:\\fonts')
  assert.equal(await find(db, person, 'a%b'), undefined)
  assert.equal(await find(db, person, '__'), undefined)
  assert.equal(await find(db, person, "'; drop table products --"), undefined)
})

test('titles that start with what was typed come first, then titles with all words, then descriptions', async (t) => {
  const db = await createTestDatabase(t)
  const { person, products } = await aShelf(db, 'Zebra stripes', 'My photo pack', 'Pack of my photo', 'Photo pack')
  const [inDescription] = products
  await db.query(`update products set description = 'a photo pack inside', sales = 1000 where id = $1`, [
    inDescription?.id,
  ])
  const found: string[] = []
  let at: PublicCode | null = null
  for (;;) {
    const step: Step | undefined = await findStepInSearch(db, person, ['photo', 'pack'], { code: at, position: 1 })
    if (step === undefined) break
    found.push(step.product.title)
    if (step.next === null) break
    at = step.next
  }
  assert.deepEqual(found, ['Photo pack', 'My photo pack', 'Pack of my photo', 'Zebra stripes'])
})

test('a search ends after fifty results', async (t) => {
  const db = await createTestDatabase(t)
  const { person, products } = await aShelf(db, 'Template 0')
  await db.query(
    `insert into products (code, seller_id, category_id, title, description, price_cents, status, published_at, current_file_id)
     select lpad(n::text, 8, '0'), p.seller_id, p.category_id, 'Template ' || n, p.description, 0, 'active', now(), p.current_file_id
       from products p, generate_series(1, 60) n where p.id = $1`,
    [products[0]?.id],
  )
  const first = await findStepInSearch(db, person, ['template'], start)
  assert.equal(first?.total, 50)
  const last = await findStepInSearch(db, person, ['template'], { code: null, position: 9_999_999 })
  assert.deepEqual([last?.position, last?.next], [50, null])
})

test('a look counts once per person and day, and never for the seller', async (t) => {
  const db = await createTestDatabase(t)
  const { person, products } = await aShelf(db, 'First')
  const [product] = products
  assert.ok(product !== undefined)
  await Promise.all([person, person, person, product.seller].map((looker) => countView(db, product.id, looker)))
  await countView(db, product.id, await aPerson(db))
  assert.equal((await findProduct(db, person, product.code))?.views, 2n)
})

test('a shop is found by its code and by the name of its seller', async (t) => {
  const db = await createTestDatabase(t)
  const { products, person } = await aShelf(db, 'First')
  await db.query(`update users set username = 'Camille_B' where id = $1`, [products[0]?.seller])
  const shop = await findShopOf(db, 'camille_b')
  assert.equal(shop?.products, 1)
  assert.deepEqual(await findShop(db, shop.code), shop)
  assert.equal(around(await findStepInShop(db, person, shop.code, start))?.at(-1), '1/1')
  assert.equal(await findShop(db, unknown), undefined)
  assert.equal(await findShopOf(db, 'camilleXb'), undefined)
})

test('a category that does not exist is as empty as one without products', async (t) => {
  const db = await createTestDatabase(t)
  const nowhere = '00000000-0000-7000-8000-000000000000' as CategoryId
  assert.equal(await findStepInCategory(db, await aPerson(db), nowhere, start), undefined)
})
