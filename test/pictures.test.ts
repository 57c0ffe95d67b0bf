import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { until } from '../sandbox/infra/until.ts'
import { administrator } from '../sandbox/people.ts'
import { type World } from '../sandbox/world.ts'
import { type Seen, Shopper, wordsOf } from './shopper.ts'
import { story } from './story.ts'

const code = 'TSBYEX23'
const products = { products: [code, 'FACTVRE2'] }

type Copy = { readonly key: string; readonly sha256: string; readonly bytes: bigint; readonly source: string }

/** Cover and thumbnail of every picture that is shown now. */
async function copiesOf(world: World): Promise<readonly Copy[]> {
  const { rows } = await world.db.query<Copy>(
    `select copy.key, copy.sha256, copy.bytes, i.source
       from products p
       join images i on i.id = p.image_id
      cross join lateral (values (i.cover_key, i.cover_sha256, i.cover_bytes),
                                 (i.thumb_key, i.thumb_sha256, i.thumb_bytes)) copy (key, sha256, bytes)
      order by copy.key`,
  )
  return rows
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const pathOf = (world: World, key: string): string => join(world.environment['DATA_DIR'] ?? '', key)

/** Every picture that is shown is whole on the disk and in the bucket. */
async function untilAllWhole(world: World): Promise<readonly Copy[]> {
  return until(async () => {
    const copies = await copiesOf(world)
    assert.equal(copies.length, 4)
    for (const { key, sha256, bytes } of copies) {
      assert.equal(digest(await readFile(pathOf(world, key))), sha256)
      await world.store.get(key, { sizeBytes: Number(bytes), sha256 })
    }
    return copies
  })
}

const localImages = (world: World): string => pathOf(world, 'images')

async function emptyBucketOfImages(world: World): Promise<void> {
  for await (const { key } of world.store.listKept('images/')) await world.store.remove(key)
}

/** The picture the person sees of the product. */
async function pictureSeenBy(shopper: Shopper): Promise<Buffer> {
  const { message_id: asked } = shopper.client.send(`/start p_${code}`)
  const message = await shopper.client.waitForMessage(
    (message) => message.message_id > asked && wordsOf(message).includes(code),
    15_000,
  )
  assert.ok(message.photo, 'the screen has no photo')
  return Buffer.from(await shopper.world.telegram.fileBytes(message.photo.file_id))
}

/** Telegram encodes photos anew, so that only what they show can be compared. */
async function showsTheSame(one: Buffer, other: Buffer): Promise<boolean> {
  const [left, right] = await Promise.all(
    [one, other].map((bytes) => sharp(bytes).resize(24, 24, { fit: 'fill' }).removeAlpha().raw().toBuffer()),
  )
  const differences = [...(left ?? [])].map((value, at) => Math.abs(value - (right?.[at] ?? 0)))
  return differences.reduce((sum, difference) => sum + difference, 0) / differences.length < 6
}

async function bytesOf(world: World, { key, sha256, bytes }: Copy): Promise<Buffer> {
  return world.store.get(key, { sizeBytes: Number(bytes), sha256 })
}

async function coverOf(world: World): Promise<Copy> {
  const { rows } = await world.db.query<Copy>(
    `select i.cover_key as key, i.cover_sha256 as sha256, i.cover_bytes as bytes, i.source
       from products p join images i on i.id = p.image_id
      where p.code = $1`,
    [code],
  )
  return rows[0] ?? assert.fail('no picture')
}

/** Telegram keeps what it was sent; a new bot, or an emptied cache, needs the pictures themselves. */
const forgetTelegramsCopies = (world: World): Promise<unknown> => world.db.query(`delete from telegram_files`)

story(
  'the folder of pictures is deleted: at the next start every picture is back from the bucket',
  async (world) => {
    const before = await untilAllWhole(world)
    await world.stop('media')
    await rm(localImages(world), { recursive: true })
    await world.start('media')
    assert.deepEqual(await untilAllWhole(world), before)
    const cover = await bytesOf(world, await coverOf(world))
    assert.ok(await showsTheSame(await pictureSeenBy(new Shopper(world)), cover))
  },
  products,
)

story(
  "the bucket's pictures are deleted: at the next start they are back from the disk",
  async (world) => {
    const before = await untilAllWhole(world)
    await world.stop('media')
    await emptyBucketOfImages(world)
    await world.start('media')
    assert.deepEqual(await untilAllWhole(world), before)
  },
  products,
)

story(
  'pictures altered on the disk or in the bucket are replaced from the good side, and no altered one is ever shown',
  async (world) => {
    const before = await untilAllWhole(world)
    await world.stop('media')
    const cover = await coverOf(world)
    const shown = await bytesOf(world, cover)
    for (const [index, { key, bytes }] of before.entries()) {
      const altered = Buffer.alloc(Number(bytes), 'x')
      if (index % 2 === 0) await writeFile(pathOf(world, key), altered)
      else await world.store.put(key, altered, { contentType: 'image/jpeg' })
    }
    await writeFile(pathOf(world, cover.key), 'altered')
    assert.ok(await showsTheSame(await pictureSeenBy(new Shopper(world)), shown), 'the bucket still has a good one')
    await world.start('media')
    assert.deepEqual(await untilAllWhole(world), before)
  },
  products,
)

story(
  'a picture lost on both sides gives way to a drawn one; its seller and the administrators hear of it once',
  async (world) => {
    await untilAllWhole(world)
    const lost = await coverOf(world)
    assert.equal(lost.source, 'sent')
    const lostPicture = await bytesOf(world, lost)
    const seller = world.telegram.addPerson({ id: await sellerId(world), first_name: 'Seller', language_code: 'en' })
    const admin = world.telegram.addPerson(administrator)
    for (const person of [seller, admin]) {
      person.send('/start')
      await person.waitForMessage(({ photo }) => photo !== undefined)
    }
    await rm(localImages(world), { recursive: true })
    await emptyBucketOfImages(world)
    await forgetTelegramsCopies(world)

    const alice = new Shopper(world)
    assert.ok(!(await showsTheSame(await pictureSeenBy(alice), lostPicture)), 'the screen appears all the same')
    const drawn = await until(async () => {
      const cover = await coverOf(world)
      return cover.source === 'drawn' ? cover : undefined
    })
    assert.ok(await showsTheSame(await pictureSeenBy(alice), await bytesOf(world, drawn)))
    assert.ok(!alice.client.chat().messages.some((message) => wordsOf(message).includes('went wrong')))

    const title = await titleOf(world)
    const isTold = (message: Seen): boolean => wordsOf(message).includes(title)
    for (const person of [seller, admin]) await person.waitForMessage(isTold)

    await world.stop('media')
    await world.start('media')
    await untilAllWhole(world)
    await world.settle()
    for (const person of [seller, admin]) assert.equal(person.chat().messages.filter(isTold).length, 1)
  },
  products,
)

async function sellerId(world: World): Promise<number> {
  const { rows } = await world.db.query<{ id: bigint }>(`select seller_id as id from products where code = $1`, [code])
  return Number(rows[0]?.id)
}

async function titleOf(world: World): Promise<string> {
  const { rows } = await world.db.query<{ title: string }>(`select title from products where code = $1`, [code])
  return rows[0]?.title ?? assert.fail('no product')
}
