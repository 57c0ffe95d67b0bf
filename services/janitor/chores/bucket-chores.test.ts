import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { countRemovals, queueRemovals } from '../../../shared/db/object-removals.ts'
import { type FileId, type ProductId } from '../../../shared/domain/ids.ts'
import { originalKey } from '../../../shared/domain/object-key.ts'
import { type ObjectStore } from '../../../shared/storage/object-store.ts'
import { aBucket } from '../../../shared/testing/a-bucket.ts'
import { type ProductOnSale } from '../../../shared/testing/a-shop.ts'
import {
  aStockedPicture,
  aStockedProduct,
  keysIn,
  type StockedProduct,
} from '../../../shared/testing/a-stocked-shop.ts'
import { choreDeps } from '../../../shared/testing/chore-deps.ts'
import { bareClient } from '../../../shared/testing/conformance/storage.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { playsFaults, realServer } from '../../../shared/testing/real-bucket.ts'
import { type Chore } from '../chore.ts'
import { checkIntegrity } from './check-integrity.ts'
import { removeObjects } from './remove-objects.ts'
import { sweepObjects } from './sweep-objects.ts'

const db = await createTestDatabase({ after })
const bucket = await aBucket({ after })
const { store } = bucket
const anything = { contentType: 'application/octet-stream' }

beforeEach(async () => {
  await db.query(
    `delete from outbox; update product_files set state = 'rejected'; update images set state = 'rejected'`,
  )
  await db.query(`update products set image_id = null; delete from upload_sessions; delete from notices`)
  for await (const { key } of store.listKept('')) await store.remove(key)
})

const aSoldProduct = (): Promise<StockedProduct> => aStockedProduct(db, store)
const aPicture = (product: ProductId, state?: string): Promise<readonly string[]> =>
  aStockedPicture(db, store, product, state)

/** Objects put before the last two days; those named stay as young as they are. */
const young = new Set<string>()
const old = new Date(Date.now() - 49 * 3_600_000)
const aged: ObjectStore = {
  ...store,
  async *listKept(prefix) {
    for await (const object of store.listKept(prefix))
      yield young.has(object.key) ? object : { ...object, modifiedAt: old }
  },
  async *listMultiparts(prefix) {
    for await (const upload of store.listMultiparts(prefix))
      yield young.has(upload.key) ? upload : { ...upload, begunAt: old }
  },
}
const deps = choreDeps(db, { bucket: aged })

/** A dry run tells the same list as the run after it, and changes nothing. */
async function run(chore: Chore): Promise<{ changed: number; found: string[] }> {
  const [promised, found]: [string[], string[]] = [[], []]
  const before = await keysIn(store)
  const previewed = await chore.preview(deps, (what) => promised.push(what))
  assert.equal(previewed.changed, 0)
  assert.deepEqual(await keysIn(store), before, 'a dry run deleted something')
  assert.equal((await db.query(`select from outbox`)).rowCount, 0, 'a dry run told somebody')
  const { changed } = await chore.run(deps, (what) => found.push(what))
  assert.deepEqual(found.toSorted(), promised.toSorted())
  return { changed, found }
}

const fileState = async (id: FileId): Promise<unknown> =>
  (await db.query(`select state from product_files where id = $1`, [id])).rows[0]?.['state']

const told = async (): Promise<unknown[]> =>
  (await db.query(`select subject, dedupe_key as key from outbox order by subject, dedupe_key`)).rows.map(
    ({ subject, key }) => `${String(subject)} ${String(key)}`,
  )

test('objects nobody names go with all their versions, and whatever a row names stays', async () => {
  const product = await aSoldProduct()
  const shown = await aPicture(product.id)
  const lostOnce = await aPicture(product.id, 'missing')
  const underWay = await aPicture(product.id, 'processing')
  const replaced = await aPicture(product.id, 'replaced')
  const orphan = originalKey(product.id, randomUUID() as string as FileId)
  const hidden = originalKey(product.id, randomUUID() as string as FileId)
  for (const key of [orphan, orphan, hidden, 'backups/today', 'originals-of-somebody-else']) {
    await store.put(key, randomBytes(10), anything)
  }
  await hide(hidden)
  const { changed } = await run(sweepObjects)
  assert.equal(changed, 4)
  assert.deepEqual(
    await keysIn(store),
    [product.key, ...shown, ...lostOnce, ...underWay, 'backups/today', 'originals-of-somebody-else'].sort(),
  )
  assert.ok(replaced.every((key) => key.startsWith('images/')))
  assert.equal((await run(sweepObjects)).changed, 0)
})

test('what is younger than two days is left alone: its row may be about to be written', async () => {
  const { id } = await aSoldProduct()
  const key = originalKey(id, randomUUID() as string as FileId)
  await store.put(key, randomBytes(10), anything)
  young.add(key)
  assert.equal((await run(sweepObjects)).changed, 0)
  young.delete(key)
  assert.equal((await run(sweepObjects)).changed, 1)
})

test('the object of an upload that just arrived is not swept away, however long it took', async () => {
  const product = await aSoldProduct()
  const key = await anUploadSession(product, 'completing')
  await store.put(key, randomBytes(10), anything)
  assert.equal((await run(sweepObjects)).changed, 0)
  await db.query(`update upload_sessions set state = 'aborted'`)
  assert.equal((await run(sweepObjects)).changed, 1)
})

test('an object that gets its row between the look and the deletion stays', async () => {
  const { id } = await aSoldProduct()
  const fileId = randomUUID() as string as FileId
  const key = originalKey(id, fileId)
  await store.put(key, randomBytes(10), anything)
  const late: ObjectStore = {
    ...aged,
    async *listMultiparts() {
      // the last thing that is looked at
      await db.query(
        `insert into product_files (id, product_id, object_key, file_name, size_bytes, content_type, kind, state, source)
         values ($1, $2, $3, 'late.pdf', 10, 'application/pdf', 'document', 'verifying', 'page')`,
        [fileId, id, key],
      )
      yield* store.listMultiparts('originals/')
    },
  }
  assert.equal((await sweepObjects.run({ ...deps, bucket: late }, () => undefined)).changed, 0)
  assert.ok((await store.head(key)) !== undefined)
})

test('uploads in parts that no seller can go on with are given up, and the others are not', async () => {
  const product = await aSoldProduct()
  const key = await anUploadSession(product, 'open')
  await store.createMultipart(key, anything)
  await store.createMultipart(originalKey(product.id, randomUUID() as string as FileId), anything)
  assert.equal((await run(sweepObjects)).changed, 1)
  const left: string[] = []
  for await (const upload of store.listMultiparts('')) left.push(upload.key)
  assert.deepEqual(left, [key])
  await db.query(`update upload_sessions set state = 'expired'`)
  await run(sweepObjects)
})

test('an original that is missing is withdrawn and told, a picture is repaired, and no row is deleted', async () => {
  const [gone, hidden, fine] = [await aSoldProduct(), await aSoldProduct(), await aSoldProduct()]
  const [cover = ''] = await aPicture(fine.id)
  await store.remove(gone.key)
  await store.remove(cover)
  await hide(hidden.key)
  const { changed } = await run(sweepObjects)
  assert.equal(changed, 3)
  assert.deepEqual(await Promise.all([gone, hidden, fine].map(({ fileId }) => fileState(fileId))), [
    'damaged',
    'damaged',
    'ready',
  ])
  const [first, second] = [gone.fileId, hidden.fileId].sort()
  assert.deepEqual(
    (await told()).filter((one) => !String(one).startsWith('notice')),
    [`admin.alert file:${first}`, `admin.alert file:${second}`, `media.missing ${fine.id}`],
  )
  assert.equal((await db.query(`select from notices where kind = 'original damaged'`)).rowCount, 2)
})

test('a database that names hardly anything of a full bucket is taken for the wrong one, and nothing is deleted', async () => {
  const { id } = await aSoldProduct()
  for (let count = 0; count < 101; count += 1) {
    await store.put(originalKey(id, randomUUID() as string as FileId), Buffer.from('x'), anything)
  }
  await assert.rejects(
    sweepObjects.run(deps, () => undefined),
    /right database/,
  )
  assert.equal((await keysIn(store)).length, 102)
  assert.deepEqual(await told(), ['admin.alert sweep-objects'])
})

test('once a month every original is read back: altered ones are withdrawn, whole ones come back', async () => {
  const [fine, altered, rotten, cut, regained] = [
    await aSoldProduct(),
    await aSoldProduct(),
    await aSoldProduct(),
    await aSoldProduct(),
    await aSoldProduct(),
  ]
  await store.put(altered.key, Buffer.alloc(altered.bytes.length, 1), anything)
  await rot(rotten)
  await store.put(cut.key, cut.bytes.subarray(1), anything)
  await db.query(`update product_files set state = 'damaged' where id = $1`, [regained.fileId])
  const { changed, found } = await run(checkIntegrity)
  assert.equal(changed, 4)
  assert.equal(found.length, 4)
  assert.deepEqual(await Promise.all([fine, altered, rotten, cut, regained].map(({ fileId }) => fileState(fileId))), [
    'ready',
    'damaged',
    'damaged',
    'damaged',
    'ready',
  ])
  const { rows } = await db.query(
    `select count(*)::int as count from product_files where state in ('ready', 'damaged') and checked_at is null`,
  )
  assert.deepEqual(rows, [{ count: 0 }])
})

test('a picture whose object is missing or of another size is repaired by media', async () => {
  const [one, two] = [await aSoldProduct(), await aSoldProduct()]
  const [cover = ''] = await aPicture(one.id)
  const [, thumb = ''] = await aPicture(two.id)
  await store.remove(cover)
  await store.put(thumb, Buffer.from('another'), { contentType: 'image/jpeg' })
  assert.equal((await run(checkIntegrity)).changed, 2)
  assert.deepEqual(
    await told(),
    [one.id, two.id].sort().map((id) => `media.missing ${id}`),
  )
})

test('what was let go of goes from the bucket and the disk, and what a row still names does not', async () => {
  const product = await aSoldProduct()
  const shown = await aPicture(product.id)
  const replaced = await aPicture(product.id, 'replaced')
  const dataDir = await mkdtemp(join(tmpdir(), 'comptoir-removals-'))
  after(() => rm(dataDir, { recursive: true }))
  for (const key of [...shown, ...replaced]) {
    await mkdir(dirname(join(dataDir, key)), { recursive: true })
    await writeFile(join(dataDir, key), 'picture')
  }
  const uploadId = await store.createMultipart(`originals/${product.id}/x`, anything)
  const given = [...replaced, product.key, shown[0] ?? ''].map((objectKey) => ({ objectKey }))
  await queueRemovals(db, [...given, { objectKey: `originals/${product.id}/x`, uploadId }], 'replaced')
  const found: string[] = []
  const local = { ...deps, dataDir }
  assert.equal((await removeObjects.preview(local, (what) => found.push(what))).checked, 3)
  assert.equal(await countRemovals(db), 5)
  const done: string[] = []
  const report = await removeObjects.run(local, (what) => done.push(what))
  assert.deepEqual(report, { checked: 5, changed: 3, failed: 2 })
  assert.deepEqual(done.toSorted(), found.toSorted())
  assert.deepEqual(await keysIn(store), [product.key, ...shown].sort())
  assert.deepEqual(
    (await readdir(join(dataDir, 'images', product.id), { recursive: true })).filter((name) => name.endsWith('.jpg'))
      .length,
    2,
  )
  assert.equal(await countRemovals(db), 2, 'they are asked for again later')
  for await (const upload of store.listMultiparts('')) assert.fail(`${upload.key} was not given up`)
})

test('a file of the upload page that was refused is removed at once, and one being verified is not', async () => {
  const product = await aSoldProduct()
  await db.query(`delete from objects_to_remove`)
  for (const state of ['verifying', 'rejected']) {
    const key = await anUploadSession(product, 'received')
    await aPageFile(product, key, state)
    await store.put(key, randomBytes(10), anything)
    await queueRemovals(db, [{ objectKey: key }], 'rejected')
    const isGone = state === 'rejected'
    assert.equal((await run(removeObjects)).changed, isGone ? 1 : 0)
    assert.equal((await keysIn(store)).includes(key), !isGone)
  }
})

test('while the bucket is away nothing on the list is forgotten', { skip: playsFaults }, async () => {
  const { id } = await aSoldProduct()
  const key = originalKey(id, randomUUID() as string as FileId)
  await store.put(key, Buffer.from('x'), anything)
  await db.query(`delete from objects_to_remove`)
  await queueRemovals(db, [{ objectKey: key }], 'rejected')
  const stop = bucket.running.faults.inject({ kind: 'refuse' })
  assert.deepEqual(await removeObjects.run(deps, () => undefined).finally(stop), { checked: 1, changed: 0, failed: 1 })
  await db.query(`update objects_to_remove set next_try_at = now()`)
  assert.equal((await run(removeObjects)).changed, 1)
  assert.equal(await countRemovals(db), 0)
})

test('one bad read is read again, and a bucket that is away condemns nothing', { skip: playsFaults }, async () => {
  const { fileId } = await aSoldProduct()
  bucket.running.faults.inject({ kind: 'corrupt', on: 'get', times: 1 })
  assert.equal((await checkIntegrity.run(deps, () => undefined)).changed, 0)
  await db.query(`update product_files set checked_at = now() - interval '1 day'`)
  const stop = bucket.running.faults.inject({ kind: 'refuse' })
  const report = await checkIntegrity.run(deps, () => undefined).finally(stop)
  assert.deepEqual(report, { checked: 1, changed: 0, failed: 2 })
  assert.equal(await fileState(fileId), 'ready')
})

/** A disk that turns a bit: the bucket itself notices nothing. A real server does not let us at its disk. */
async function rot({ key, bytes }: StockedProduct): Promise<void> {
  const turned = Buffer.concat([Buffer.from([(bytes[0] ?? 0) ^ 1]), bytes.subarray(1)])
  if (realServer() !== undefined) {
    await store.put(key, turned, anything)
    return
  }
  const folder = join(bucket.dir, 'bucket', 'versions')
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (!(await readFile(path)).equals(bytes)) continue
    return writeFile(path, turned)
  }
  assert.fail('the bytes are not in the bucket')
}

/** As a plain delete does where versions are kept. */
async function hide(key: string): Promise<void> {
  const client = bareClient(bucket.settings)
  await client.send(new DeleteObjectCommand({ Bucket: bucket.settings.bucket, Key: key }))
  client.destroy()
}

async function anUploadSession(product: ProductOnSale, state: string): Promise<string> {
  const fileId = randomUUID() as string as FileId
  const key = originalKey(product.id, fileId)
  await db.query(
    `with link as (
       insert into upload_links (token_hash, seller_id, product_id, expires_at)
       values ($1, $2, $3, now() + interval '1 day') returning id)
     insert into upload_sessions (link_id, seller_id, product_id, file_id, object_key, file_name, declared_bytes, part_bytes,
                                  state, expires_at)
     select id, $2, $3, $4, $5, 'big.zip', 10, 10, $6, now() + interval '1 day' from link`,
    [randomBytes(32).toString('hex'), product.seller, product.id, fileId, key, state],
  )
  return key
}

async function aPageFile(product: ProductOnSale, key: string, state: string): Promise<void> {
  await db.query(
    `insert into product_files (product_id, object_key, file_name, size_bytes, content_type, kind, state, source)
     values ($1, $2, 'big.zip', 10, 'application/zip', 'archive', $3, 'page')`,
    [product.id, key, state],
  )
}
