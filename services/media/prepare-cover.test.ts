import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, test } from 'node:test'
import { pino } from 'pino'
import sharp from 'sharp'
import { recountSeller } from '../../shared/db/chores/recount.ts'
import { inTransaction } from '../../shared/db/pool.ts'
import { findQuota, recountBytes } from '../../shared/db/quotas.ts'
import { type ImageId, type PersonId, type ProductId } from '../../shared/domain/ids.ts'
import { receiveCover } from '../../shared/messaging/receive-cover.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { armFailpoints, type Failpoint } from '../../shared/runtime/failpoint.ts'
import { type Telegram } from '../../shared/telegram/client.ts'
import { TelegramRefused, TelegramUnreachable } from '../../shared/telegram/errors.ts'
import { aBucket } from '../../shared/testing/a-bucket.ts'
import { aProductOnSale } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { playsFaults } from '../../shared/testing/real-bucket.ts'
import { prepareCover } from './prepare-cover.ts'
import { repairPictures } from './repair-media.ts'

const db = await createTestDatabase({ after })
const bucket = await aBucket({ after })
const dataDir = await mkdtemp(join(tmpdir(), 'comptoir-cover-'))
after(() => rm(dataDir, { recursive: true }))
const log = pino({ enabled: false })
const temporaryDir = join(dataDir, 'temp')
const signal = new AbortController().signal

const picture = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#3B82F6' } })
  .png()
  .toBuffer()

function chatWith(bytes: Buffer, failure?: Error): Pick<Telegram, 'download'> {
  return {
    download: async (_id, path, { maxBytes }) => {
      if (failure !== undefined) throw failure
      if (bytes.length > maxBytes) throw new TelegramRefused('a file', 413, 'too many bytes')
      await writeFile(path, bytes)
      return { sizeBytes: BigInt(bytes.length), sha256: '' }
    },
  }
}

const depsWith = (telegram = chatWith(picture)) => ({ db, bucket: bucket.store, log, dataDir, telegram, temporaryDir })

type Shop = { readonly id: ProductId; readonly seller: PersonId }

async function send({ id, seller }: Shop, sizeBytes = BigInt(picture.length)): Promise<ImageId> {
  const sent = { seller, productId: id, telegramFileId: 'AgAC', sizeBytes }
  const received = await inTransaction(db, (tx) => receiveCover(tx, sent))
  return received.kind === 'received' ? received.imageId : assert.fail('not found')
}

async function stateOf(imageId: ImageId) {
  const { rows } = await db.query<{ state: string; reason: string | null; isShown: boolean; waits: boolean }>(
    `select i.state, i.reject_reason as "reason", coalesce(p.image_id = i.id, false) as "isShown",
            coalesce(p.next_image_id = i.id, false) as "waits"
       from images i
       join products p on p.id = i.product_id
      where i.id = $1`,
    [imageId],
  )
  return rows[0] ?? assert.fail('no image')
}

/** The keys of a picture that lie in the bucket and are not to go. */
async function kept({ id }: Shop, imageId: ImageId): Promise<string[]> {
  const prefix = `images/${id}/${imageId}/`
  const { rows } = await db.query<{ key: string }>(
    `select object_key as key from objects_to_remove where starts_with(object_key, $1)`,
    [prefix],
  )
  const names: string[] = []
  for await (const { key } of bucket.store.list(prefix)) {
    if (!rows.some((row) => row.key === key)) names.push(key.slice(prefix.length))
  }
  return names.sort()
}

async function told(person: PersonId): Promise<string[]> {
  const { rows } = await db.query<{ said: string }>(
    `select kind || coalesce(': ' || (facts->>'reason'), '') as said from notices where person_id = $1 order by id`,
    [person],
  )
  return rows.map(({ said }) => said)
}

const shown = { state: 'ready', reason: null, isShown: true, waits: false }
const refusedFor = (reason: string) => ({ state: 'rejected', reason, isShown: false, waits: false })
const all = ['cover.jpg', 'original', 'thumb.jpg']

afterEach(() => {
  armFailpoints(() => Promise.resolve())
})

test('a picture that was sent is shown once cover and thumbnail lie on the disk and in the bucket', async () => {
  const shop = await aProductOnSale(db)
  const imageId = await send(shop)
  await prepareCover(depsWith(), { imageId }, signal)
  assert.deepEqual(await stateOf(imageId), shown)
  assert.deepEqual(await kept(shop, imageId), all)
  assert.deepEqual((await readdir(join(dataDir, 'images', shop.id, imageId))).sort(), ['cover.jpg', 'thumb.jpg'])
  const { rows } = await db.query<{ bytes: bigint }>(
    `select original_bytes + cover_bytes + thumb_bytes as bytes from images where id = $1`,
    [imageId],
  )
  assert.equal((await findQuota(db, shop.seller))?.usedBytes, rows[0]?.bytes)
  assert.deepEqual([await readdir(temporaryDir), await told(shop.seller)], [[], []])
})

test('a new picture takes the place and the room of the old one, whose objects go', async () => {
  const shop = await aProductOnSale(db)
  const first = await send(shop)
  await prepareCover(depsWith(), { imageId: first }, signal)
  const before = await findQuota(db, shop.seller)
  const second = await send(shop)
  await prepareCover(depsWith(), { imageId: second }, signal)
  assert.deepEqual([await stateOf(second), (await stateOf(first)).state], [shown, 'replaced'])
  assert.deepEqual([await kept(shop, first), await kept(shop, second)], [[], all])
  assert.deepEqual(await findQuota(db, shop.seller), before)
})

test('a product that is being published is put on sale by its picture when that came last', async () => {
  const shop = await aProductOnSale(db)
  await db.query(`update products set status = 'processing', published_at = null where id = $1`, [shop.id])
  const imageId = await send(shop)
  await prepareCover(depsWith(), { imageId }, signal)
  const { rows } = await db.query(`select status from products where id = $1`, [shop.id])
  assert.deepEqual([rows, await told(shop.seller)], [[{ status: 'active' }], ['product on sale']])
})

const gone = new TelegramRefused('getFile', 400, 'wrong file_id')
const refusals: readonly (readonly [what: string, chat: Pick<Telegram, 'download'>, size: bigint, reason: string])[] = [
  ['an SVG', chatWith(Buffer.from('<svg/>')), 6n, 'not a picture'],
  ['an empty picture', chatWith(Buffer.alloc(0)), 0n, 'empty'],
  ['a picture cut in the middle', chatWith(picture.subarray(0, picture.length / 2)), 1n, 'damaged'],
  ['a picture of 6 MB', chatWith(picture), 6_291_456n, 'too many bytes'],
  ['a picture larger than it was said to be', chatWith(Buffer.alloc(6_291_456)), 1n, 'too many bytes'],
  ['a picture Telegram forgot', chatWith(picture, gone), 1n, 'gone from Telegram'],
]

for (const [what, chat, size, reason] of refusals) {
  test(`${what} is refused with a word, and the picture shown before stays`, async () => {
    const shop = await aProductOnSale(db)
    const before = await send(shop)
    await prepareCover(depsWith(), { imageId: before }, signal)
    const imageId = await send(shop, size)
    await prepareCover(depsWith(chat), { imageId }, signal)
    assert.deepEqual([await stateOf(imageId), await stateOf(before)], [refusedFor(reason), shown])
    assert.deepEqual([await told(shop.seller), await kept(shop, imageId)], [[`cover refused: ${reason}`], []])
  })
}

test('a picture for which there is no room is refused, and nothing of it stays', async () => {
  const shop = await aProductOnSale(db)
  await db.query(`update sellers set quota_bytes = 1000, used_bytes = 900 where user_id = $1`, [shop.seller])
  const imageId = await send(shop)
  await prepareCover(depsWith(), { imageId }, signal)
  assert.deepEqual([await stateOf(imageId), await kept(shop, imageId)], [refusedFor('quota'), []])
  assert.equal((await findQuota(db, shop.seller))?.usedBytes, 900n)
})

test(
  'a picture waits for Telegram and the bucket, and is given up after a week with a word',
  { skip: playsFaults },
  async () => {
    const shop = await aProductOnSale(db)
    const imageId = await send(shop)
    const isLater = (error: unknown) => error instanceof RetryLater
    const away = depsWith(chatWith(picture, new TelegramUnreachable('getFile', 'unknown', 'the line was cut')))
    await assert.rejects(prepareCover(away, { imageId }, signal), isLater)
    const back = bucket.running.faults.inject({ kind: 'unavailable', on: 'put' })
    await assert.rejects(prepareCover(depsWith(), { imageId }, signal), isLater)
    back()
    assert.equal((await stateOf(imageId)).state, 'processing')
    await db.query(`update images set created_at = now() - interval '8 days' where id = $1`, [imageId])
    await prepareCover(away, { imageId }, signal)
    assert.deepEqual(await told(shop.seller), ['cover refused: given up'])
  },
)

const steps: readonly Failpoint[] = [
  'media.cover-claimed',
  'media.cover-rendered',
  'media.cover-stored',
  'media.cover-marked',
]

for (const step of steps) {
  test(`a picture whose worker breaks at ${step} is finished by the next`, async () => {
    const shop = await aProductOnSale(db)
    const imageId = await send(shop)
    armFailpoints((name) => (name === step ? Promise.reject(new Error('broken')) : Promise.resolve()))
    await assert.rejects(prepareCover(depsWith(), { imageId }, signal), /broken/)
    armFailpoints(() => Promise.resolve())
    await prepareCover(depsWith(), { imageId }, signal)
    assert.deepEqual([await stateOf(imageId), await kept(shop, imageId)], [shown, all])
    assert.ok((await stat(join(dataDir, 'images', shop.id, imageId, 'cover.jpg'))).size > 0)
  })

  test(`a picture whose worker stands still at ${step} is finished once, by another`, async () => {
    const shop = await aProductOnSale(db)
    const imageId = await send(shop)
    const [reached, freed] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    let isFirst = true
    armFailpoints(async (name) => {
      if (name !== step || !isFirst) return
      isFirst = false
      reached.resolve(undefined)
      await freed.promise
    })
    const slow = prepareCover(depsWith(), { imageId }, signal)
    await reached.promise
    if (step !== 'media.cover-marked') {
      await assert.rejects(prepareCover(depsWith(), { imageId }, signal), (error) => error instanceof RetryLater)
    }
    await db.query(`update images set lease_until = now() - interval '1 second' where id = $1`, [imageId])
    await prepareCover(depsWith(), { imageId }, signal)
    const used = (await findQuota(db, shop.seller))?.usedBytes
    freed.resolve(undefined)
    await slow
    assert.deepEqual([await stateOf(imageId), await kept(shop, imageId)], [shown, all])
    assert.equal((await findQuota(db, shop.seller))?.usedBytes, used)
  })
}

test('a picture that is overtaken by a newer one while it is prepared leaves no object behind', async () => {
  const shop = await aProductOnSale(db)
  const first = await send(shop)
  let second: ImageId | undefined
  armFailpoints(async (name) => {
    if (name === 'media.cover-stored') second ??= await send(shop)
  })
  await prepareCover(depsWith(), { imageId: first }, signal)
  assert.deepEqual([await stateOf(first), await kept(shop, first)], [refusedFor('replaced'), []])
  const imageId = second ?? assert.fail('not sent')
  await prepareCover(depsWith(), { imageId }, signal)
  assert.deepEqual(await stateOf(imageId), shown)
})

test('what a worker stored before it died is removed once the picture is overtaken, however late it is asked for', async () => {
  const shop = await aProductOnSale(db)
  const first = await send(shop)
  const [stored, ended] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  armFailpoints((name) => {
    if (name !== 'media.cover-stored') return Promise.resolve()
    stored.resolve(undefined)
    return ended.promise
  })
  const dead = assert.rejects(prepareCover(depsWith(), { imageId: first }, signal), /dead/)
  await stored.promise
  assert.deepEqual(await kept(shop, first), all)
  await send(shop)
  assert.deepEqual(await kept(shop, first), [], 'the newer picture lets go of them')
  await db.query(`delete from objects_to_remove`)
  await prepareCover(depsWith(), { imageId: first }, signal)
  assert.deepEqual(await kept(shop, first), [], 'and whoever is asked for the old one finds what came later')
  ended.reject(new Error('dead'))
  await dead
})

test('the room a seller takes is what is counted, whatever becomes of the picture', async () => {
  const shop = await aProductOnSale(db)
  await inTransaction(db, (tx) => recountBytes(tx, shop.seller))
  const drift = () => inTransaction(db, (tx) => recountSeller(tx, shop.seller, false))
  const repair = () => repairPictures(depsWith(), shop.id)
  const lose = async (imageId: ImageId, names: readonly string[]) => {
    const folder = `images/${shop.id}/${imageId}`
    for (const name of names) {
      await bucket.store.remove(`${folder}/${name}`)
      await rm(join(dataDir, folder, name), { force: true })
    }
  }
  const first = await send(shop)
  await prepareCover(depsWith(), { imageId: first }, signal)
  assert.equal(await drift(), undefined, 'shown')

  // as another release of the library once made them
  await db.query(`update images set cover_bytes = cover_bytes + 100, thumb_bytes = thumb_bytes + 10 where id = $1`, [
    first,
  ])
  await inTransaction(db, (tx) => recountBytes(tx, shop.seller))
  await lose(first, ['thumb.jpg'])
  assert.ok((await repair()).includes('remade'))
  assert.equal(await drift(), undefined, 'with another thumbnail')
  await lose(first, ['cover.jpg', 'thumb.jpg'])
  assert.ok((await repair()).includes('remade'))
  assert.equal(await drift(), undefined, 'with another cover')

  await lose(first, all)
  assert.ok((await repair()).includes('drawn'))
  assert.equal(await drift(), undefined, 'lost')
  const second = await send(shop)
  await prepareCover(depsWith(), { imageId: second }, signal)
  assert.deepEqual([await stateOf(second), await drift()], [shown, undefined])
})
