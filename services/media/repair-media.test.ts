import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { pino } from 'pino'
import sharp from 'sharp'
import { findCurrentImage } from '../../shared/db/images.ts'
import { type ImageId, type ProductId } from '../../shared/domain/ids.ts'
import { imageKey } from '../../shared/domain/object-key.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { aBucket } from '../../shared/testing/a-bucket.ts'
import { aProductOnSale } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { playsFaults } from '../../shared/testing/real-bucket.ts'
import { repairMedia, repairPictures } from './repair-media.ts'
import { syncPictures } from './sync-pictures.ts'

const db = await createTestDatabase({ after })
const bucket = await aBucket({ after })
const dataDir = await mkdtemp(join(tmpdir(), 'comptoir-media-'))
after(() => rm(dataDir, { recursive: true }))
const deps = { db, bucket: bucket.store, log: pino({ enabled: false }), dataDir }

const whole = await sharp({ create: { width: 600, height: 300, channels: 3, background: '#3B82F6' } })
  .jpeg()
  .toBuffer()
const small = await sharp(whole).resize(512, 512).jpeg().toBuffer()
const pictures = { 'cover.jpg': whole, 'thumb.jpg': small } as const
type Name = keyof typeof pictures
const names: readonly Name[] = ['cover.jpg', 'thumb.jpg']
const jpeg = { contentType: 'image/jpeg' }

type Shop = { readonly id: ProductId; readonly imageId: ImageId; readonly keys: Readonly<Record<Name, string>> }

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** A product whose seller sent a picture, both copies where they belong. */
async function aProductWithPicture(): Promise<Shop> {
  const { id } = await aProductOnSale(db)
  const { rows } = await db.query<{ id: ImageId }>(`insert into images (product_id) values ($1) returning id`, [id])
  const imageId = rows[0]?.id ?? assert.fail('no image')
  const keys = { 'cover.jpg': imageKey(id, imageId, 'cover.jpg'), 'thumb.jpg': imageKey(id, imageId, 'thumb.jpg') }
  await db.query(
    `update images set state = 'ready', cover_key = $2, cover_sha256 = $3, cover_bytes = $4,
                       thumb_key = $5, thumb_sha256 = $6, thumb_bytes = $7 where id = $1`,
    [imageId, keys['cover.jpg'], digest(whole), whole.length, keys['thumb.jpg'], digest(small), small.length],
  )
  await db.query(`update products set image_id = $2 where id = $1`, [id, imageId])
  for (const name of names) {
    await mkdir(dirname(join(dataDir, keys[name])), { recursive: true })
    await writeFile(join(dataDir, keys[name]), pictures[name])
    await bucket.store.put(keys[name], pictures[name], jpeg)
  }
  return { id, imageId, keys }
}

type Damage = 'there' | 'missing' | 'corrupt' | 'cut'

async function damage(
  { keys }: Shop,
  name: Name,
  { disk, inBucket }: { disk: Damage; inBucket: Damage },
): Promise<void> {
  const bytes = pictures[name]
  const corrupt = Buffer.from(bytes).fill(0, 100, 200)
  const made = { there: bytes, corrupt, cut: bytes.subarray(0, 150), missing: undefined }
  const [local, remote] = [made[disk], made[inBucket]]
  const path = join(dataDir, keys[name])
  if (local === undefined) await rm(path)
  else await writeFile(path, local)
  if (remote === undefined) await bucket.store.remove(keys[name])
  else if (inBucket !== 'there') await bucket.store.put(keys[name], remote, jpeg)
}

/** Both copies of the picture a product shows are whole, on both sides. */
async function assertWhole(id: ProductId): Promise<void> {
  const image = (await findCurrentImage(db, id)) ?? assert.fail('no picture')
  assert.equal(image.state, 'ready')
  assert.equal(image.copies.length, 2)
  for (const { key, sha256, sizeBytes } of image.copies) {
    assert.equal(digest(await readFile(join(dataDir, key))), sha256)
    await bucket.store.get(key, { sizeBytes: Number(sizeBytes), sha256 })
  }
}

const outcomes: readonly (readonly [disk: Damage, inBucket: Damage, outcome: string])[] = [
  ['there', 'there', 'present'],
  ['there', 'missing', 'uploaded'],
  ['there', 'cut', 'uploaded'],
  ['there', 'corrupt', 'uploaded'],
  ['missing', 'there', 'fetched'],
  ['corrupt', 'there', 'fetched'],
  ['cut', 'there', 'fetched'],
  ['missing', 'missing', 'lost'],
  ['missing', 'corrupt', 'lost'],
  ['corrupt', 'missing', 'lost'],
  ['corrupt', 'cut', 'lost'],
]

for (const name of names) {
  for (const [disk, inBucket, outcome] of outcomes) {
    test(`a ${name} that is ${disk} on the disk and ${inBucket} in the bucket is ${outcome}, and whole afterwards`, async () => {
      const shop = await aProductWithPicture()
      await damage(shop, name, { disk, inBucket })
      const done = await repairPictures(deps, shop.id)
      assert.equal(done[names.indexOf(name)], outcome)
      await assertWhole(shop.id)
      const image = await findCurrentImage(db, shop.id)
      assert.equal(image?.id === shop.imageId, !(name === 'cover.jpg' && outcome === 'lost'), 'whose picture is shown')
      assert.ok((await repairPictures(deps, shop.id)).every((copy) => copy === 'present'))
    })
  }
}

test('a lost thumbnail is made again from its cover, 512 by 512', async () => {
  const shop = await aProductWithPicture()
  await damage(shop, 'thumb.jpg', { disk: 'missing', inBucket: 'missing' })
  assert.deepEqual(await repairPictures(deps, shop.id), ['present', 'lost', 'remade'])
  const { width, height } = await sharp(await readFile(join(dataDir, shop.keys['thumb.jpg']))).metadata()
  assert.deepEqual([width, height], [512, 512])
})

test('a cover lost on both sides is told once, and a drawn one is shown instead', async () => {
  const shop = await aProductWithPicture()
  await damage(shop, 'cover.jpg', { disk: 'missing', inBucket: 'missing' })
  await repairMedia(deps, { productId: shop.id })
  await repairMedia(deps, { productId: shop.id })
  assert.equal((await findCurrentImage(db, shop.id))?.source, 'drawn')
  const { rows } = await db.query(`select count(*)::int as count from outbox where dedupe_key = $1`, [
    `image:${shop.imageId}`,
  ])
  assert.deepEqual(rows, [{ count: 1 }])
})

test('a lost picture that turns up again is shown again, and its seller hears of a later loss in the log alone', async () => {
  const shop = await aProductWithPicture()
  const lose = () => damage(shop, 'cover.jpg', { disk: 'missing', inBucket: 'missing' })
  await lose()
  await repairMedia(deps, { productId: shop.id })
  await bucket.store.put(shop.keys['cover.jpg'], pictures['cover.jpg'], jpeg)
  assert.deepEqual(await repairPictures(deps, shop.id), ['fetched', 'present', 'found'])
  assert.equal((await findCurrentImage(db, shop.id))?.id, shop.imageId)
  await assertWhole(shop.id)
  await lose()
  await repairMedia(deps, { productId: shop.id })
  assert.equal((await findCurrentImage(db, shop.id))?.source, 'drawn')
  const { rows } = await db.query(`select count(*)::int as count from notices where subject = $1`, [shop.imageId])
  assert.deepEqual(rows, [{ count: 1 }])
})

test('a cover lost on both sides is made again from what its seller sent, and nobody is troubled', async () => {
  const shop = await aProductWithPicture()
  const key = imageKey(shop.id, shop.imageId, 'original')
  const { sha256 } = await bucket.store.put(key, whole, jpeg)
  await db.query(`update images set original_key = $2, original_sha256 = $3, original_bytes = $4 where id = $1`, [
    shop.imageId,
    key,
    sha256,
    whole.length,
  ])
  await damage(shop, 'cover.jpg', { disk: 'missing', inBucket: 'missing' })
  await damage(shop, 'thumb.jpg', { disk: 'missing', inBucket: 'missing' })
  assert.deepEqual(await repairPictures(deps, shop.id), ['lost', 'lost', 'remade'])
  assert.equal((await findCurrentImage(db, shop.id))?.id, shop.imageId)
  await assertWhole(shop.id)
  assert.equal((await db.query(`select from notices where subject = $1`, [shop.imageId])).rowCount, 0)
})

test(
  'a copy that was damaged on the way here is read once more before anything is given up',
  { skip: playsFaults },
  async () => {
    const shop = await aProductWithPicture()
    await damage(shop, 'cover.jpg', { disk: 'missing', inBucket: 'there' })
    bucket.running.faults.inject({ kind: 'corrupt', on: 'get', times: 1 })
    assert.deepEqual(await repairPictures(deps, shop.id), ['fetched', 'present'])
  },
)

test('a copy replaced in the bucket leaves no older version behind', async () => {
  const shop = await aProductWithPicture()
  await damage(shop, 'cover.jpg', { disk: 'there', inBucket: 'corrupt' })
  await repairPictures(deps, shop.id)
  for await (const { key, sizeBytes } of bucket.store.listKept(shop.keys['cover.jpg'])) {
    assert.deepEqual([key, sizeBytes], [shop.keys['cover.jpg'], whole.length])
  }
})

test('a drawn picture is drawn anew once its product has another initial, and only then', async () => {
  const { id } = await aProductOnSale(db, { title: 'A template' })
  const drawnSha = async () => (await findCurrentImage(db, id))?.copies[0]?.sha256
  await repairPictures(deps, id)
  const first = await drawnSha()
  await db.query(`update products set title = 'Another template' where id = $1`, [id])
  assert.deepEqual(await repairPictures(deps, id), ['present', 'present'])
  await db.query(`update products set title = 'Template' where id = $1`, [id])
  assert.deepEqual(await repairPictures(deps, id), ['drawn'])
  assert.notEqual(await drawnSha(), first)
  await assertWhole(id)
})

test('a product without a picture gets one drawing, however many draw it at once', async () => {
  const { id } = await aProductOnSale(db)
  await Promise.all([repairPictures(deps, id), repairPictures(deps, id), repairPictures(deps, id)])
  await assertWhole(id)
  const { rows } = await db.query(`select count(*)::int as count from images where product_id = $1`, [id])
  assert.deepEqual(rows, [{ count: 1 }])
  const image = await findCurrentImage(db, id)
  const folder = dirname(join(dataDir, image?.copies[0]?.key ?? ''))
  assert.deepEqual((await readdir(folder)).sort(), ['cover.jpg', 'thumb.jpg'], 'nothing half-written is left')
})

test('while the bucket is away nothing is given up, and nothing is taken for lost', { skip: playsFaults }, async () => {
  const shop = await aProductWithPicture()
  await damage(shop, 'cover.jpg', { disk: 'missing', inBucket: 'there' })
  const stop = bucket.running.faults.inject({ kind: 'reset' })
  try {
    await assert.rejects(repairMedia(deps, { productId: shop.id }), RetryLater)
  } finally {
    stop()
  }
  await repairMedia(deps, { productId: shop.id })
  assert.equal((await findCurrentImage(db, shop.id))?.id, shop.imageId)
  await assertWhole(shop.id)
})

test('a product that is gone needs no picture', async () => {
  const { id } = await aProductOnSale(db)
  await db.query(`update products set status = 'purged', purged_at = now() where id = $1`, [id])
  assert.deepEqual(await repairPictures(deps, id), [])
})

test('the daily look repairs every product, and counts those it could not look at', async () => {
  const shops = [await aProductWithPicture(), await aProductWithPicture(), await aProductWithPicture()]
  const [first, second, third] = shops as [Shop, Shop, Shop]
  await damage(first, 'cover.jpg', { disk: 'missing', inBucket: 'there' })
  await damage(second, 'thumb.jpg', { disk: 'there', inBucket: 'missing' })
  const path = join(dataDir, third.keys['cover.jpg'])
  await rm(path)
  await mkdir(path)
  const totals = await syncPictures(deps, new AbortController().signal)
  assert.deepEqual([totals.fetched, totals.uploaded, totals.failed], [1, 1, 1])
  assert.ok(totals.total >= 3)
  await assertWhole(first.id)
  await assertWhole(second.id)
})
