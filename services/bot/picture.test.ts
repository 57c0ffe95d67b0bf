import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { type ObjectStore } from '../../shared/storage/object-store.ts'
import { aBotScene } from '../../shared/testing/a-bot.ts'
import { aProductOnSale } from '../../shared/testing/a-shop.ts'
import { saveTelegramFile } from '../../shared/db/telegram-files.ts'
import { type BotDeps } from './context.ts'
import { type Picture, type PictureSource, pictureSources } from './picture.ts'

const cover = Buffer.from('the bytes of a cover')
const coverSha256 = createHash('sha256').update(cover).digest('hex')

/** A product with a verified cover, and where the cover lies on this machine. */
async function aCoveredProduct(t: TestContext, bucket: Partial<ObjectStore> = {}) {
  const { deps } = await aBotScene(t, bucket)
  const product = await aProductOnSale(deps.db)
  const { rows } = await deps.db.query<{ id: string }>(
    `insert into images (product_id, state, cover_key, cover_sha256, cover_bytes, thumb_key, thumb_sha256, thumb_bytes)
     values ($1, 'ready', 'cover', $2, $3, 'thumb', $2, $3) returning id`,
    [product.id, coverSha256, cover.length],
  )
  const imageId = rows[0]?.id ?? ''
  await deps.db.query(`update products set image_id = $2 where id = $1`, [product.id, imageId])
  const path = join(deps.config.dataDir, 'images', product.id, imageId, 'cover.jpg')
  return { deps, picture: { product: product.id }, path }
}

async function keepLocally(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

async function sourcesOf(deps: BotDeps, picture: Picture): Promise<PictureSource[]> {
  const sources: PictureSource[] = []
  for await (const source of pictureSources(deps, picture)) sources.push(source)
  return sources
}

const first = async (deps: BotDeps, picture: Picture) => (await sourcesOf(deps, picture))[0]
const asked = async ({ db }: BotDeps) => (await db.query(`select from outbox where subject = 'media.missing'`)).rowCount

test('a picture Telegram knows is shown by its id, whatever became of the files', async (t) => {
  const { deps, picture } = await aCoveredProduct(t)
  await saveTelegramFile(deps.db, deps.bot.id, coverSha256, 'photo', 'known')
  assert.deepEqual(await first(deps, picture), { kind: 'cached', sha256: coverSha256, fileId: 'known' })
})

test('the copy on this machine is shown when it is intact', async (t) => {
  const { deps, picture, path } = await aCoveredProduct(t)
  await keepLocally(path, cover)
  assert.deepEqual(await first(deps, picture), { kind: 'file', sha256: coverSha256, path })
})

test('an altered copy is fetched anew from the bucket', async (t) => {
  const { deps, picture, path } = await aCoveredProduct(t, {
    download: (key, to, expected) => {
      assert.deepEqual([key, expected], ['cover', { sizeBytes: cover.length, sha256: coverSha256 }])
      return writeFile(to, cover)
    },
  })
  await keepLocally(path, Buffer.from('altered'))
  assert.deepEqual(await first(deps, picture), { kind: 'file', sha256: coverSha256, path })
  assert.deepEqual(await readFile(path), cover)
})

test('nobody waits more than three seconds for a slow bucket, and whoever looks next finds the picture', async (t) => {
  const slow = Promise.withResolvers<undefined>()
  let downloads = 0
  const { deps, picture, path } = await aCoveredProduct(t, {
    download: async (_key, to) => {
      downloads += 1
      await slow.promise
      await writeFile(to, cover)
    },
  })
  const startedAt = performance.now()
  const seen = await Promise.all([first(deps, picture), first(deps, picture)])
  assert.ok(performance.now() - startedAt < 4_000)
  const neutral = await first(deps, 'neutral')
  assert.deepEqual([...seen, downloads], [neutral, neutral, 1])
  slow.resolve(undefined)
  assert.deepEqual(await first(deps, picture), { kind: 'file', sha256: coverSha256, path })
})

test('without any copy the neutral picture is shown, and the repair is asked for once', async (t) => {
  const { deps, picture } = await aCoveredProduct(t)
  for (let look = 0; look < 3; look++) assert.deepEqual(await first(deps, picture), await first(deps, 'neutral'))
  assert.equal(await asked(deps), 1)
  await deps.db.query(`update outbox set sent_at = now()`)
  await first(deps, picture)
  assert.equal(await asked(deps), 1)
})

test('a product that never had a picture gets one drawn', async (t) => {
  const { deps } = await aBotScene(t)
  const { id } = await aProductOnSale(deps.db)
  assert.deepEqual(await first(deps, { product: id }), await first(deps, 'neutral'))
  assert.equal(await asked(deps), 1)
})
