import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { TelegramRefused } from '../../shared/telegram/errors.ts'
import {
  aDeliveryScene,
  aPaidOrder,
  deliverOnce,
  deliveryState,
  failingUploads,
  makeDue,
  shownTo,
  type PaidOrder,
} from '../../shared/testing/a-delivery.ts'

const scene = await aDeliveryScene({ after })
const { deps } = scene
const { db } = deps

test('a file Telegram finds too large comes as a link at the next try', async () => {
  const order = await aPaidOrder(scene)
  const tooLarge = new TelegramRefused('editMessageMedia', 413, 'Request Entity Too Large')
  assert.deepEqual(await deliverOnce(scene, order, failingUploads(scene, tooLarge)), { retryMs: 100 })
  await makeDue(scene, order)
  assert.equal(await deliverOnce(scene, order), 'done')
  assert.equal((await deliveryState(scene, order)).method, 'link')
})

test('a file above 50 MB comes as a link to our own page, never with a token of ours in the table', async () => {
  const order = await aPaidOrder(scene, { declaredBytes: 52_428_801n })
  const head = () => Promise.resolve({ sizeBytes: 52_428_801 } as never)
  await deliverOnce(scene, order, { bucket: { ...deps.bucket, head } })
  const [message] = shownTo(order)
  assert.match(message?.text ?? '', /too large for Telegram/)
  const [, token = ''] = /^https:\/\/shop\.example\/d\/([\w-]{43})$/.exec(message?.keyboard?.[0]?.[0]?.url ?? '') ?? []
  const hash = createHash('sha256').update(token).digest('hex')
  const { rows } = await db.query(`select token_hash from download_links where order_id = $1`, [order.id])
  assert.deepEqual(rows, [{ token_hash: hash }])
})

/** The product's picture on this disk, and the QR code in the chat. */
async function withPictures(order: PaidOrder, { onDisk }: { onDisk: boolean }): Promise<void> {
  const cover = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#10B981' } })
    .jpeg()
    .toBuffer()
  const sha256 = createHash('sha256').update(cover).update(order.code).digest('hex')
  const real = createHash('sha256').update(cover).digest('hex')
  const { rows } = await db.query<{ key: string }>(
    `with made as (
       insert into images (product_id, state, cover_key, cover_sha256, cover_bytes, thumb_key, thumb_sha256, thumb_bytes)
       values ($1::uuid, 'ready', 'images/' || $1::uuid || '/cover.jpg', $2, $3, 'images/' || $1::uuid || '/thumb.jpg', $2, $3)
       returning id, cover_key),
     shown as (update products set image_id = made.id from made where products.id = $1::uuid)
     select cover_key as "key" from made`,
    [order.product.id, onDisk ? real : sha256, cover.length],
  )
  const path = join(deps.dataDir, rows[0]?.key ?? '')
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, cover)
  await deps.telegram.upload({
    method: 'editMessageMedia',
    params: { chat_id: order.buyer.id, message_id: order.messageId, media: { type: 'photo', media: 'attach://qr' } },
    files: {
      qr: {
        name: 'qr.png',
        contentType: 'image/png',
        source: { bytes: await sharp(cover).resize(64).png().toBuffer() },
      },
    },
  })
}

const large = { head: () => Promise.resolve({ sizeBytes: 60_000_000 } as never) }

test('when a link is given the QR code that was paid gives way to the cover', async () => {
  const order = await aPaidOrder(scene, { declaredBytes: 60_000_000n })
  await withPictures(order, { onDisk: true })
  assert.equal(shownTo(order)[0]?.photo?.width, 64)
  await deliverOnce(scene, order, { bucket: { ...deps.bucket, ...large } })
  const [message] = shownTo(order)
  assert.equal(message?.photo?.width, 40)
  assert.match(message.caption ?? '', /too large for Telegram/)
})

test('without a cover at hand only the words of the message change', async () => {
  const order = await aPaidOrder(scene, { declaredBytes: 60_000_000n })
  await withPictures(order, { onDisk: false })
  await deliverOnce(scene, order, { bucket: { ...deps.bucket, ...large } })
  const [message] = shownTo(order)
  assert.equal(message?.photo?.width, 64)
  assert.match(message.caption ?? '', /too large for Telegram/)
})

test('a link to an original that is not there is not given', async () => {
  const order = await aPaidOrder(scene, { declaredBytes: 60_000_000n })
  assert.equal(await deliverOnce(scene, order), 'done')
  assert.equal((await deliveryState(scene, order)).state, 'dead')
  assert.match(shownTo(order)[0]?.text ?? '', /A person is on it/)
})
