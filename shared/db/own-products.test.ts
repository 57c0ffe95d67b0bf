import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aDraft } from '../testing/a-draft.ts'
import { anOpenOrder, anOwnedOrder, aProductOnSale, aReadyFile, aSeller } from '../testing/a-shop.ts'
import { createTestDatabase } from '../testing/database.ts'
import { findOwnAt, findOwnProduct, listSellingCategories } from './own-products.ts'

const db = await createTestDatabase({ after })

test('a seller sees every product of their own, in every state, and nobody else’s', async () => {
  const product = await aProductOnSale(db, { title: 'For sale now' })
  const draft = await aDraft(db, { seller: product.seller, isEmpty: true })
  const gone = await aProductOnSale(db)
  await db.query(`update products set seller_id = $1, status = 'deleted' where id = $2`, [product.seller, gone.id])
  const other = await aSeller(db)

  const first = await findOwnAt(db, product.seller, 1)
  const last = await findOwnAt(db, product.seller, 99)
  assert.deepEqual([first?.code, first?.position, first?.count], [draft.code, 1, 2])
  assert.deepEqual([last?.code, last?.position, last?.count], [product.code, 2, 2])
  assert.equal(await findOwnProduct(db, product.seller, gone.code), undefined)
  assert.equal(await findOwnProduct(db, other, product.code), undefined)
  assert.equal(await findOwnAt(db, other, 1), undefined)
})

test('a seller sees what is sold, what is being checked, why a file was refused, and who waits', async () => {
  const product = await aProductOnSale(db, { sizeBytes: 12_345_678_901n })
  await anOpenOrder(db, product)
  await anOwnedOrder(db, product)
  const before = await findOwnProduct(db, product.seller, product.code)
  assert.equal(before?.file?.sizeBytes, 12_345_678_901n)
  assert.ok(before.file.at instanceof Date && before.file.isWhole)
  assert.deepEqual(
    [
      before.isOrdered,
      before.openOrders,
      before.nextFile,
      before.fileRefusal,
      before.hasCover,
      before.category?.names.en,
    ],
    [true, 1, null, null, false, 'Other'],
  )

  const next = await aReadyFile(db, product.id)
  await db.query(`update products set current_file_id = $2, next_file_id = $3 where id = $1`, [
    product.id,
    product.fileId,
    next,
  ])
  const during = await findOwnProduct(db, product.seller, product.code)
  assert.deepEqual([during?.file?.number, during?.nextFile?.fileName], [1, 'guide.pdf'])

  await db.query(`update products set next_file_id = null where id = $1`, [product.id])
  await db.query(`update product_files set state = 'rejected', reject_reason = 'executable' where id = $1`, [next])
  assert.equal((await findOwnProduct(db, product.seller, product.code))?.fileRefusal, 'executable')
})

test('a hidden category is not offered to sellers', async () => {
  await db.query(`update categories set hidden = true where slug = 'other'`)
  const names = (await listSellingCategories(db)).map(({ names }) => names.en)
  assert.equal(names.length, 7)
  assert.equal(names.includes('Other'), false)
})
