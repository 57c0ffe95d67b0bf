import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { markFileWhole } from '../../shared/db/damaged-files.ts'
import {
  aDeliveryScene,
  aPaidOrder,
  aRequestedFile,
  assertHasFile,
  deliverOnce,
  deliveryState,
  filesOf,
  type PaidOrder,
} from '../../shared/testing/a-delivery.ts'
import { aReadyFile } from '../../shared/testing/a-shop.ts'
import { choreDeps } from '../../shared/testing/chore-deps.ts'
import { healDeliveries } from '../janitor/chores/heal-deliveries.ts'

const scene = await aDeliveryScene({ after })
const { deps, bucket } = scene
const { db } = deps
const pdf = { contentType: 'application/pdf' }

const alter = (order: PaidOrder): Promise<unknown> =>
  bucket.store.put(order.key, Buffer.alloc(order.bytes.length, 7), pdf)

async function heal(): Promise<number> {
  const previewed = await healDeliveries.preview(choreDeps(db), () => undefined)
  const { changed } = await healDeliveries.run(choreDeps(db), () => undefined)
  assert.equal(changed, previewed.checked, 'a dry run promises what the run does')
  return changed
}

/** A version the seller sent since, verified. */
async function aNewVersion(order: PaidOrder): Promise<Buffer> {
  const bytes = randomBytes(3_000)
  const id = await aReadyFile(db, order.product.id, { sizeBytes: 3_000n })
  const key = `originals/${order.product.id}/${id}`
  await bucket.store.put(key, bytes, pdf)
  await db.query(`update product_files set object_key = $2, sha256 = $3 where id = $1`, [
    id,
    key,
    createHash('sha256').update(bytes).digest('hex'),
  ])
  return bytes
}

const noticesOf = async ({ product }: PaidOrder): Promise<unknown[]> =>
  (await db.query(`select kind, subject from notices where person_id = $1`, [product.seller])).rows

test('the seller hears once of a damaged original, however many buyers wait for it', async () => {
  const order = await aPaidOrder(scene)
  await alter(order)
  await deliverOnce(scene, order)
  await deliverOnce(scene, await aRequestedFile(scene, order))
  assert.deepEqual(await noticesOf(order), [{ kind: 'original damaged', subject: order.product.fileId }])
  const { rows } = await db.query(
    `select f.state, p.status, exists (select from visible_products v where v.id = p.id) as visible
       from product_files f join products p on p.id = f.product_id where f.id = $1`,
    [order.product.fileId],
  )
  assert.deepEqual(rows, [{ state: 'damaged', status: 'inactive', visible: false }])
})

test('a buyer whose file was damaged gets the new version without asking, once', async () => {
  const order = await aPaidOrder(scene)
  await alter(order)
  await deliverOnce(scene, order)
  assert.equal(await heal(), 0, 'there is nothing to bring instead')
  const bytes = await aNewVersion(order)
  assert.equal(await heal(), 1)
  assert.equal(await heal(), 0)
  assert.equal(await deliverOnce(scene, order), 'done')
  await assertHasFile(scene, { ...order, bytes })
  const { rows } = await db.query(`select resolved_by as by from dead_letters where ref = $1`, [order.deliveryId])
  assert.deepEqual(rows, [{ by: 'a file that is whole' }])
})

test('an original that is whole again is brought to whom it was owed', async () => {
  const order = await aPaidOrder(scene)
  await bucket.store.remove(order.key)
  await deliverOnce(scene, order)
  assert.equal((await deliveryState(scene, order)).state, 'dead')
  await bucket.store.put(order.key, order.bytes, pdf)
  assert.ok(await markFileWhole(db, order.product.fileId))
  assert.ok(!(await markFileWhole(db, order.product.fileId)))
  assert.equal(await heal(), 1)
  await deliverOnce(scene, order)
  await assertHasFile(scene, order)
})

test('whoever was refunded meanwhile gets nothing, and a delivery that died of something else stays for a person', async () => {
  const [refunded, other] = [await aPaidOrder(scene), await aPaidOrder(scene)]
  await alter(refunded)
  await deliverOnce(scene, refunded)
  await db.query(`update entitlements set ended_at = now() where order_id = $1`, [refunded.id])
  await aNewVersion(refunded)
  await db.query(`update deliveries set state = 'dead' where id = $1`, [other.deliveryId])
  await db.query(
    `insert into dead_letters (kind, ref, reason, payload) values ('delivery', $1, 'a week of failures', '{}')`,
    [other.deliveryId],
  )
  assert.equal(await heal(), 0)
})

test('Telegram still gives a damaged original to whom it knows it, byte for byte', async () => {
  const order = await aPaidOrder(scene)
  await deliverOnce(scene, order)
  await alter(order)
  const another = await aPaidOrder(scene)
  await alter(another)
  await deliverOnce(scene, another)
  await db.query(`update product_files set state = 'damaged' where id = $1`, [order.product.fileId])
  const again = await aRequestedFile(scene, order)
  await deliverOnce(scene, again)
  assert.equal(filesOf(order).length, 2)
  for (const { document } of filesOf(order)) {
    assert.deepEqual(await scene.emulator.fileBytes(document?.file_id ?? ''), order.bytes)
  }
})

test('a large file that was found damaged is given by no link', async () => {
  const order = await aPaidOrder(scene)
  await db.query(`update product_files set state = 'damaged' where id = $1`, [order.product.fileId])
  await db.query(`update deliveries set document_tries = 4 where id = $1`, [order.deliveryId])
  assert.equal(await deliverOnce(scene, order), 'done')
  assert.equal((await deliveryState(scene, order)).state, 'dead')
  const { rows } = await db.query(`select from download_links where order_id = $1`, [order.id])
  assert.deepEqual(rows, [])
})
