import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'
import { placeOrder } from '../../services/bot/checkout/place-order.ts'
import { cents } from '../domain/money.ts'
import { standardFee } from '../domain/fee.ts'
import { type ImageId, type PersonId } from '../domain/ids.ts'
import { imageKey } from '../domain/object-key.ts'
import { aDraft } from '../testing/a-draft.ts'
import { anOpenOrder, anOwnedOrder, aPerson, aProductOnSale, aSeller, type ProductOnSale } from '../testing/a-shop.ts'
import { createTestDatabase } from '../testing/database.ts'
import { deleteProduct, type Deletion } from './delete-product.ts'
import { findOwnedProduct } from './library.ts'
import { takeDueRemovals } from './object-removals.ts'
import { lockProductToOrder } from './offers.ts'
import { findOwnProduct } from './own-products.ts'
import { payOrder } from './pay-order.ts'
import { type Database, inTransaction } from './pool.ts'
import { findProduct } from './products.ts'
import { findQuota, reserveBytes } from './quotas.ts'

const remove = (db: Database, { seller, code }: Pick<ProductOnSale, 'seller' | 'code'>): Promise<Deletion> =>
  inTransaction(db, (tx) => deleteProduct(tx, seller, code))

const countOf = async (db: Database, table: string, product: Pick<ProductOnSale, 'id'>) =>
  (await db.query(`select from ${table} where ${table === 'products' ? 'id' : 'product_id'} = $1`, [product.id]))
    .rowCount

const terms = { fee: standardFee, termsVersion: 'test', windowMs: 3_600_000 }
const order = (db: Database, { code: product }: ProductOnSale, buyer: PersonId) =>
  placeOrder(db, terms, { buyer, product, coin: 'usdtsol', shown: cents(1999n + 149n) })

/** A cover that is ready, a candidate being checked, an upload in parts: everything a product may have. */
async function withEverything(db: Database, product: ProductOnSale): Promise<readonly string[]> {
  const images = await db.query<{ id: ImageId }>(
    `insert into images (product_id, state) values ($1, 'processing'), ($1, 'processing') returning id`,
    [product.id],
  )
  const [shown, next] = images.rows.map(({ id }) => id)
  if (shown === undefined || next === undefined) assert.fail('no images')
  await db.query(
    `update images
        set state = 'ready', cover_key = $2, cover_sha256 = repeat('b', 64), cover_bytes = 50, thumb_key = $3,
            thumb_sha256 = repeat('c', 64), thumb_bytes = 5, original_bytes = 100
      where id = $1`,
    [shown, imageKey(product.id, shown, 'cover.jpg'), imageKey(product.id, shown, 'thumb.jpg')],
  )
  const files = await db.query<{ id: string }>(
    `insert into product_files (product_id, object_key, file_name, size_bytes, content_type, kind, source, telegram_file_id,
                                reserved_bytes)
     values ($1, 'originals/next', 'next.pdf', 300, 'application/pdf', 'document', 'chat', 'tg', 300)
  returning id`,
    [product.id],
  )
  await db.query(`update products set image_id = $2, next_image_id = $3, next_file_id = $4 where id = $1`, [
    product.id,
    shown,
    next,
    files.rows[0]?.id,
  ])
  await db.query(
    `with link as (
            insert into upload_links (token_hash, seller_id, product_id, expires_at)
            values ($3, $1, $2, now() + interval '1 day') returning id)
     insert into upload_sessions (link_id, seller_id, product_id, file_id, object_key, file_name, declared_bytes, part_bytes,
                                  s3_upload_id, expires_at)
     select id, $1, $2, gen_random_uuid(), 'originals/parts', 'big.zip', 4000, 16, 'upload-1', now() + interval '1 day'
       from link`,
    [product.seller, product.id, createHash('sha256').update(product.id).digest('hex')],
  )
  await db.query(`insert into product_views (product_id, user_id, day) values ($1, $2, now())`, [
    product.id,
    await aPerson(db),
  ])
  await db.query(`update sellers set used_bytes = 1155, reserved_bytes = 4300 where user_id = $1`, [product.seller])
  return [shown, next].flatMap((image) =>
    (['original', 'cover.jpg', 'thumb.jpg'] as const).map((name) => imageKey(product.id, image, name)),
  )
}

const removals = async (db: Database) =>
  (await takeDueRemovals(db, 100)).map(({ objectKey, uploadId }) => [objectKey, uploadId] as const)

test('a product nobody ordered is deleted without a trace: rows, objects, running uploads, reserved room', async (t) => {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  const { rows } = await db.query<{ key: string }>(`select object_key as key from product_files where id = $1`, [
    product.fileId,
  ])
  const imageKeys = await withEverything(db, product)
  assert.equal(await remove(db, product), 'removed')

  for (const table of ['products', 'product_files', 'images', 'product_views', 'upload_links', 'upload_sessions']) {
    assert.equal(await countOf(db, table, product), 0, table)
  }
  const expected = [
    ...imageKeys.map((key) => [key, null]),
    [rows[0]?.key, null],
    ['originals/next', null],
    ['originals/parts', 'upload-1'],
  ]
  assert.deepEqual((await removals(db)).toSorted(), expected.toSorted())
  const quota = await findQuota(db, product.seller)
  assert.deepEqual([quota?.usedBytes, quota?.reservedBytes, quota?.retainedBytes], [0n, 0n, 0n])
  assert.equal(await remove(db, product), 'not found')
})

test('a product with any order at all is hidden: its buyers keep their file, and open orders may still be paid', async (t) => {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  const owned = await anOwnedOrder(db, product)
  const open = await anOpenOrder(db, product)
  await withEverything(db, product)
  assert.equal(await remove(db, product), 'hidden')

  assert.equal((await findProduct(db, await aPerson(db), product.code))?.isVisible, false)
  assert.equal(await findOwnProduct(db, product.seller, product.code), undefined)
  assert.equal((await findOwnedProduct(db, owned.buyer, product.code))?.latest.fileId, product.fileId)
  const gone = (await removals(db)).map(([key]) => key)
  assert.equal(gone.length, 5, 'the candidates: a file, an upload in parts, and three objects of a picture')
  assert.deepEqual(gone.filter((key) => key.startsWith('originals/')).toSorted(), ['originals/next', 'originals/parts'])

  const paid = await inTransaction(db, (tx) => payOrder(tx, open.id, { late: false, overpaid: false, escrowHours: 24 }))
  assert.notEqual(paid, undefined)
  assert.equal((await findOwnedProduct(db, open.buyer, product.code))?.latest.fileId, product.fileId)
  const quota = await findQuota(db, product.seller)
  assert.deepEqual([quota?.usedBytes, quota?.reservedBytes, quota?.retainedBytes], [0n, 0n, 1000n])
  const { rows } = await db.query(`select status, deleted_at is not null as "isDated" from products where id = $1`, [
    product.id,
  ])
  assert.deepEqual(rows, [{ status: 'deleted', isDated: true }])
})

test('an order that failed or expired is an order too', async (t) => {
  const db = await createTestDatabase(t)
  for (const status of ['failed', 'expired', 'cancelled', 'refunded']) {
    const product = await aProductOnSale(db)
    await db.query(`update orders set status = $2 where id = $1`, [(await anOpenOrder(db, product)).id, status])
    assert.equal(await remove(db, product), 'hidden', status)
  }
})

test('nobody deletes the product of somebody else, and a draft goes with everything it holds', async (t) => {
  const db = await createTestDatabase(t)
  const draft = await aDraft(db)
  assert.equal(await remove(db, { code: draft.code, seller: await aSeller(db) }), 'not found')
  assert.equal(await countOf(db, 'products', draft), 1)
  assert.equal(await remove(db, draft), 'removed')
  assert.equal(await countOf(db, 'products', draft), 0)
})

test('a product being ordered at this very moment is hidden, not removed under its buyer', async (t) => {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  let isDeleted = false
  const deleting = await inTransaction(db, async (tx) => {
    await lockProductToOrder(tx, product.code)
    const waiting = remove(db, product).finally(() => (isDeleted = true))
    const blocked = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    while ((await db.query(blocked)).rowCount === 0 && !isDeleted) await turn()
    await anOpenOrder(tx, product)
    return { waiting, wasDeleted: isDeleted }
  })
  assert.equal(deleting.wasDeleted, false, 'the deletion waits for the order')
  assert.equal(await deleting.waiting, 'hidden')
})

test('however an order and the deletion meet, the order has its product or there is no order', async (t) => {
  const db = await createTestDatabase(t)
  const seen = new Set<string>()
  for (let round = 0; round < 25; round += 1) {
    const product = await aProductOnSale(db)
    const buyers = await Promise.all([1, 2, 3].map(() => aPerson(db)))
    const [deletion, ...placed] = await Promise.all([
      turn().then(() => remove(db, product)),
      ...buyers.map((buyer) => order(db, product, buyer)),
    ])
    const orders = await countOf(db, 'orders', product)
    assert.equal(orders, placed.filter(({ kind }) => kind === 'placed').length)
    assert.equal(deletion, orders === 0 ? 'removed' : 'hidden')
    assert.equal(await countOf(db, 'products', product), orders === 0 ? 0 : 1)
    for (const { kind, ...rest } of placed) {
      if (kind !== 'placed') assert.deepEqual({ kind, ...rest }, { kind: 'refused', refusal: { kind: 'not visible' } })
    }
    const late = await order(db, product, await aPerson(db))
    assert.deepEqual(late, { kind: 'refused', refusal: { kind: 'not visible' } })
    seen.add(deletion)
  }
  t.diagnostic([...seen].join(', '))
})

test('counting the room of a seller again gives what each upload and deletion added up to', async (t) => {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  await withEverything(db, product)
  const draft = await aDraft(db, { seller: product.seller })
  await db.query(`update sellers set used_bytes = 99999, reserved_bytes = 77 where user_id = $1`, [product.seller])
  await remove(db, draft)
  const quota = await findQuota(db, product.seller)
  assert.deepEqual([quota?.usedBytes, quota?.reservedBytes, quota?.retainedBytes], [1155n, 4300n, 0n])
  assert.equal(await reserveBytes(db, product.seller, 10_737_418_240n - 1155n - 4300n), true)
  assert.equal(await reserveBytes(db, product.seller, 1n), false)
})
