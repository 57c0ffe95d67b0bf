import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '../db/pool.ts'
import { countAnnouncements } from '../db/version-announcements.ts'
import { anOwnedOrder, aProductOnSale, aReadyFile } from '../testing/a-shop.ts'
import { createTestDatabase } from '../testing/database.ts'
import { tellMoreOwners, tellOwners } from './tell-owners.ts'

test('everybody who owns a product hears of its new version once, however many they are and whatever dies between', async (t) => {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  const [refunded] = [await anOwnedOrder(db, product)]
  await db.query(`update entitlements set ended_at = now(), reason = 'refund' where order_id = $1`, [refunded.id])
  await db.query(
    `with people as (
            insert into users (id, first_name, language) select 5000000 + n, 'Owner', 'en' from generate_series(1, 250) n
         returning id),
          bought as (
            insert into orders (code, buyer_id, seller_id, product_id, file_id, title, price_cents, fee_cents, total_cents,
                                fee_rule, status)
            select translate(lpad(id::text, 10, '0'), 'ILOU', ''), id, $1, $2, $3, 'A template', 1999, 149, 2148, '-', 'delivered'
              from people
         returning id, buyer_id)
     insert into entitlements (order_id, buyer_id, product_id) select id, buyer_id, $2 from bought`,
    [product.seller, product.id, product.fileId],
  )
  const fileId = await aReadyFile(db, product.id)
  const notice = { kind: 'new version', productId: product.id, fileId } as const
  const told = async () =>
    (await db.query(`select distinct person_id from notices where kind = 'new version'`)).rowCount
  const rung = async () => (await db.query(`select from outbox where subject = 'notice.queued'`)).rowCount

  await inTransaction(db, (tx) => tellOwners(tx, notice))
  assert.deepEqual([await told(), await rung(), await countAnnouncements(db)], [100, 100, 1])
  await assert.rejects(
    inTransaction(db, async (tx) => {
      await tellMoreOwners(tx)
      throw new Error('the process dies here')
    }),
    /dies here/,
  )
  assert.equal(await told(), 100, 'half a batch is no batch')
  await Promise.all([1, 2].map(() => inTransaction(db, tellMoreOwners)))
  for (let left = 1; left > 0;) left = (await inTransaction(db, tellMoreOwners)) ?? 0
  assert.deepEqual([await told(), await rung(), await countAnnouncements(db)], [250, 250, 0])

  await inTransaction(db, (tx) => tellOwners(tx, notice))
  for (let left = 1; left > 0;) left = (await inTransaction(db, tellMoreOwners)) ?? 0
  assert.deepEqual([await told(), await rung()], [250, 250], 'nobody hears of the same version twice')
})

test('a version that was replaced before everybody heard of it is not announced any further', async (t) => {
  const db = await createTestDatabase(t)
  const product = await aProductOnSale(db)
  await anOwnedOrder(db, product)
  const fileId = await aReadyFile(db, product.id)
  await aReadyFile(db, product.id)
  await inTransaction(db, (tx) => tellOwners(tx, { kind: 'new version', productId: product.id, fileId }))
  assert.equal((await db.query(`select from notices`)).rowCount, 0)
  assert.equal(await countAnnouncements(db), 0)
})
