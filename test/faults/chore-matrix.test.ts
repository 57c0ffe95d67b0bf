import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { startObjectStore } from '../../sandbox/infra/object-store.ts'
import { deleteProduct } from '../../shared/db/delete-product.ts'
import { countRemovals, queueRemovals } from '../../shared/db/object-removals.ts'
import { inTransaction, openPool } from '../../shared/db/pool.ts'
import { findQuota } from '../../shared/db/quotas.ts'
import { type FileId, type PersonId, type ProductId } from '../../shared/domain/ids.ts'
import { originalKey } from '../../shared/domain/object-key.ts'
import { aBucket } from '../../shared/testing/a-bucket.ts'
import { anOwnedOrder } from '../../shared/testing/a-shop.ts'
import { aStockedPicture, aStockedProduct, aStockedVersion, keysIn } from '../../shared/testing/a-stocked-shop.ts'
import { aDraftToFill } from '../../shared/testing/an-upload.ts'
import { createTestDatabaseConfig } from '../../shared/testing/database.ts'
import { bareEnvironment } from '../bare-environment.ts'

/**
 * The janitor's chores as processes of their own: one dies in the middle, two others go on at once, and what is left is what
 * would have been left anyway. FAULT_MATRIX=full tries every step, otherwise one.
 */
const isFull = process.env['FAULT_MATRIX'] === 'full'
const root = fileURLToPath(new URL('../..', import.meta.url))
const arm = fileURLToPath(new URL('arm.ts', import.meta.url))
const anything = { contentType: 'application/octet-stream' }

const database = await createTestDatabaseConfig({ after })
const db = openPool(database, pino({ enabled: false }))
after(() => db.end())
const bucket = await aBucket({ after })
const { store } = bucket
const folder = await mkdtemp(join(tmpdir(), 'comptoir-chores-'))
after(() => rm(folder, { recursive: true, force: true }))

const environment = {
  ...bareEnvironment,
  PGHOST: database.host,
  PGPORT: String(database.port),
  PGDATABASE: database.database,
  PGUSER: database.user,
  ...(database.password === undefined ? {} : { PGPASSWORD: database.password }),
  NATS_URL: 'nats://127.0.0.1:4222',
  B2_ENDPOINT: bucket.settings.endpoint,
  B2_BUCKET_NAME: bucket.settings.bucket,
  B2_KEY_ID: bucket.settings.keyId,
  B2_APPLICATION_KEY: bucket.settings.applicationKey,
  S3_REGION: bucket.settings.region,
  DATA_DIR: join(folder, 'data'),
  UPLOADS_DIR: join(folder, 'uploads'),
}

type End = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly said: string }

/** `npm run chore -- <name>`. */
async function runChore(name: string, arming: NodeJS.ProcessEnv = {}): Promise<End> {
  const child = spawn(process.execPath, ['--import', arm, 'scripts/chore.ts', name], {
    cwd: root,
    env: { ...environment, ...arming },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => said.push(piece.toString()))
  const [code, signal] = (await once(child, 'close')) as [End['code'], End['signal']]
  return { code, signal, said: said.join('') }
}

/** Dies at this step; afterwards two run at once, of which one may find the other at work. */
async function runThroughDeath(name: string, point: string): Promise<void> {
  const report = join(folder, `${name} ${point}`)
  const died = await runChore(name, { FAILPOINT: `${point}:kill`, FAILPOINT_REPORT: report })
  assert.deepEqual([died.signal, existsSync(report)], ['SIGKILL', true], died.said)
  await db.query(`update objects_to_remove set next_try_at = clock_timestamp()`) // half a minute passes
  const ends = await Promise.all([runChore(name), runChore(name)])
  const failed = ends.filter(({ code, said }) => code !== 0 && !said.includes('already running'))
  assert.deepEqual(failed, [])
  assert.ok(ends.some(({ code }) => code === 0))
}

/** What somebody bought stays; everything else of a product deleted long ago goes. */
async function aProductToPurge() {
  const product = await aStockedProduct(db, store)
  await anOwnedOrder(db, product)
  await aStockedPicture(db, store, product.id)
  await aStockedVersion(db, store, product.id)
  await inTransaction(db, (tx) => deleteProduct(tx, product.seller, product.code))
  await db.query(`update products set deleted_at = now() - interval '91 days' where id = $1`, [product.id])
  await db.query(`update orders set created_at = now() - interval '91 days' where product_id = $1`, [product.id])
  return product
}

async function isWhole(seller: PersonId, product: ProductId, key: string): Promise<void> {
  assert.deepEqual(await keysIn(store, `originals/${product}/`), [key])
  assert.deepEqual(await keysIn(store, `images/${product}/`), [])
  assert.equal(await countRemovals(db), 0)
  const quota = await findQuota(db, seller)
  assert.deepEqual([quota?.usedBytes, quota?.retainedBytes], [0n, 500n])
}

/** An upload past its time, its part in the bucket and its room held. */
async function anAbandonedUpload() {
  const { seller, productId } = await aDraftToFill(db)
  const key = originalKey(productId, randomUUID() as string as FileId)
  const uploadId = await store.createMultipart(key, anything)
  await db.query(
    `with room as (update sellers set reserved_bytes = 10 where user_id = $1)
     insert into upload_sessions (link_id, seller_id, product_id, file_id, object_key, file_name, declared_bytes, part_bytes,
                                  s3_upload_id, expires_at)
     select id, seller_id, product_id, new_id(), $3, 'a.pdf', 10, 10, $4, now() from upload_links where product_id = $2`,
    [seller, productId, key, uploadId],
  )
  return seller
}

/** What is in the bucket now was put there three days ago. */
async function threeDaysPass(): Promise<void> {
  await bucket.running.stop()
  const versions = join(bucket.dir, 'bucket', 'versions')
  for (const name of (await readdir(versions)).filter((file) => file.endsWith('.json'))) {
    const version = JSON.parse(await readFile(join(versions, name), 'utf8')) as object
    const modifiedAt = new Date(Date.now() - 72 * 3_600_000).toISOString()
    await writeFile(join(versions, name), JSON.stringify({ ...version, modifiedAt }))
  }
  const keys = { accessKey: bucket.settings.keyId, secretKey: bucket.settings.applicationKey }
  const running = await startObjectStore({
    dir: join(bucket.dir, 'bucket'),
    port: bucket.running.port,
    bucket: bucket.settings.bucket,
    ...keys,
  })
  after(() => running.stop())
}

describe('what the janitor does is done once and whole, wherever it dies', { timeout: 1_200_000 }, () => {
  const purgePoints = ['janitor.product-purged', 'janitor.object-removed']
  for (const point of isFull ? purgePoints : purgePoints.slice(1)) {
    test(`a purge that dies at ${point} is finished by the next`, async () => {
      const [one, other] = [await aProductToPurge(), await aProductToPurge()]
      await runThroughDeath('purge-products', point)
      for (const { seller, id, key } of [one, other]) await isWhole(seller, id, key)
    })
  }

  const full = { skip: isFull ? false : 'FAULT_MATRIX=full tries it' }

  test('objects to remove are removed though the janitor dies between two of them', full, async () => {
    const product = await aStockedProduct(db, store)
    const keys = [1, 2, 3].map(() => originalKey(product.id, randomUUID() as string as FileId))
    for (const key of keys) await store.put(key, randomBytes(10), anything)
    await queueRemovals(
      db,
      keys.map((objectKey) => ({ objectKey })),
      'replaced',
    )
    await runThroughDeath('remove-objects', 'janitor.object-removed')
    assert.deepEqual([await keysIn(store, `originals/${product.id}/`), await countRemovals(db)], [[product.key], 0])
  })

  for (const point of ['janitor.upload-expired', 'janitor.parts-freed']) {
    test(`abandoned uploads keep neither room nor parts though the janitor dies at ${point}`, full, async () => {
      const sellers = [await anAbandonedUpload(), await anAbandonedUpload()]
      await runThroughDeath('abort-abandoned-uploads', point)
      for (const seller of sellers) assert.equal((await findQuota(db, seller))?.reservedBytes, 0n)
      for await (const { key } of store.listMultiparts('')) assert.fail(`${key} was not given up`)
      const { rowCount } = await db.query(
        `select from upload_sessions where state = 'open' or s3_upload_id is not null`,
      )
      assert.equal(rowCount, 0)
    })
  }

  test('orphans go, and nothing else, though the janitor dies between two of them', full, async () => {
    const product = await aStockedProduct(db, store)
    for (let count = 0; count < 3; count += 1) {
      await store.put(originalKey(product.id, randomUUID() as string as FileId), randomBytes(10), anything)
    }
    await threeDaysPass()
    assert.equal((await keysIn(store, `originals/${product.id}/`)).length, 4)
    await runThroughDeath('sweep-objects', 'janitor.orphan-removed')
    assert.deepEqual(await keysIn(store, `originals/${product.id}/`), [product.key])
  })
})
