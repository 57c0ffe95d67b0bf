import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { claimOrderMessage, releaseOrderMessage } from '../../shared/db/order-messages.ts'
import { type DeliveryId } from '../../shared/domain/ids.ts'
import { ObjectCorrupt } from '../../shared/storage/errors.ts'
import {
  aDeliveryScene,
  aPaidOrder,
  assertHasFile,
  deliverOnce,
  deliveryState,
  filesOf,
  makeDue,
  shownTo,
} from '../../shared/testing/a-delivery.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'

const scene = await aDeliveryScene({ after })
const { deps, emulator } = scene
const { db } = deps

const anyPicture = join(import.meta.dirname, '../bot/assets/neutral.jpg')
const delivered = { state: 'sent', method: 'document', status: 'delivered', downloads: 1, tries: 0, deadLetters: 0 }

test('the message of the order becomes the very file, and one line says so', async () => {
  const order = await aPaidOrder(scene)
  assert.equal(await deliverOnce(scene, order), 'done')
  await assertHasFile(scene, order)
  const [file, line, ...more] = shownTo(order)
  assert.equal(file?.message_id, order.messageId)
  assert.ok(file.caption?.includes(order.code))
  assert.equal(line?.reply_to?.message_id, order.messageId)
  assert.deepEqual(more, [])
  assert.deepEqual(await deliveryState(scene, order), delivered)
  assert.deepEqual(await readdir(deps.temporaryDir), [])
})

test('a delivery asked for again does nothing, and one done again shows the same file without another line', async () => {
  const order = await aPaidOrder(scene)
  assert.equal(await deliverOnce(scene, order), 'done')
  assert.equal(await deliverOnce(scene, order), 'done')
  await db.query(`update deliveries set state = 'queued' where id = $1`, [order.deliveryId])
  assert.equal(await deliverOnce(scene, order), 'done')
  await assertHasFile(scene, order)
  assert.equal(shownTo(order).length, 2)
  assert.deepEqual(await deliveryState(scene, order), delivered)
})

test('two workers at once bring one file', async () => {
  const order = await aPaidOrder(scene)
  const outcomes = await Promise.all([deliverOnce(scene, order), deliverOnce(scene, order), deliverOnce(scene, order)])
  assert.ok(outcomes.includes('done'))
  await assertHasFile(scene, order)
  assert.deepEqual(await deliveryState(scene, order), delivered)
})

test('a worker that was overtaken writes nothing down', async () => {
  const order = await aPaidOrder(scene)
  const overtaken: DeliverOrderDeps['telegram'] = {
    ...deps.telegram,
    upload: async (upload, options) => {
      await db.query(`update deliveries set attempt = attempt + 1 where id = $1`, [order.deliveryId])
      return deps.telegram.upload(upload, options)
    },
  }
  assert.equal(await deliverOnce(scene, order, { telegram: overtaken }), 'done')
  const { rows } = await db.query(`select state, method from deliveries where id = $1`, [order.deliveryId])
  assert.deepEqual(rows, [{ state: 'sending', method: null }])
  await db.query(`update deliveries set lease_until = '-infinity' where id = $1`, [order.deliveryId])
  assert.equal(await deliverOnce(scene, order), 'done')
  await assertHasFile(scene, order)
})

test('while the bot is drawing the message the delivery waits for its turn, and counts no failure', async () => {
  const order = await aPaidOrder(scene)
  const held = (await claimOrderMessage(db, order.id, 20_000)) ?? assert.fail('free')
  const waited = await deliverOnce(scene, order)
  assert.ok(waited !== 'done' && waited.retryMs > 10_000)
  await releaseOrderMessage(db, held, null)
  assert.equal(await deliverOnce(scene, order), 'done')
  assert.deepEqual(await deliveryState(scene, order), delivered)
})

test('a message the buyer deleted is replaced, and the file is in the new one', async () => {
  const order = await aPaidOrder(scene)
  order.buyer.delete(order.messageId)
  assert.equal(await deliverOnce(scene, order), 'done')
  await assertHasFile(scene, order)
  assert.notEqual(filesOf(order)[0]?.message_id, order.messageId)
  const { rows } = await db.query(`select message_id::int as id from orders where id = $1`, [order.id])
  assert.deepEqual(rows, [{ id: filesOf(order)[0]?.message_id }])
})

test('a file Telegram knows is shown without the bucket, and a forgotten id costs one upload', async () => {
  const order = await aPaidOrder(scene)
  assert.equal(await deliverOnce(scene, order), 'done')
  await db.query(`update deliveries set state = 'queued' where id = $1`, [order.deliveryId])
  const away = { download: () => Promise.reject(new Error('not asked')) }
  await deliverOnce(scene, order, { bucket: { ...deps.bucket, ...away } })
  await db.query(`update telegram_files set file_id = 'BQACAgQAAxkBAAIforgotten'`)
  await db.query(`update deliveries set state = 'queued' where id = $1`, [order.deliveryId])
  assert.equal(await deliverOnce(scene, order), 'done')
  await assertHasFile(scene, order)
  const { rows } = await db.query(`select count(*)::int as count from telegram_files where file_id like '%forgotten'`)
  assert.deepEqual(rows, [{ count: 0 }])
})

test('answers lost on their way leave one file and one note of it', async () => {
  const order = await aPaidOrder(scene)
  emulator.faults.add({ kind: 'drop', after: true, method: 'editMessageMedia', count: 1 })
  for (let result = await deliverOnce(scene, order); result !== 'done'; result = await deliverOnce(scene, order))
    await makeDue(scene, order)
  await assertHasFile(scene, order)
  assert.deepEqual(await deliveryState(scene, order), delivered)
})

test('a file asked for again goes to a message of its own', async () => {
  const order = await aPaidOrder(scene)
  assert.equal(await deliverOnce(scene, order), 'done')
  const { message_id: messageId } = (await deps.telegram.call('sendMessage', {
    chat_id: order.buyer.id,
    text: 'again',
  })) as { message_id: number }
  const { rows } = await db.query<{ id: DeliveryId }>(
    `insert into deliveries (order_id, file_id, kind, chat_id, message_id) values ($1, $2, 'again', $3, $4) returning id`,
    [order.id, order.product.fileId, order.buyer.id, messageId],
  )
  const again = { ...order, deliveryId: rows[0]?.id ?? assert.fail('no delivery') }
  assert.equal(await deliverOnce(scene, again), 'done')
  assert.deepEqual(
    filesOf(order).map(({ message_id }) => message_id),
    [order.messageId, messageId],
  )
  assert.equal((await deliveryState(scene, order)).downloads, 2)
})

test('words that a paused worker drew over the file give way to the file again', async () => {
  const order = await aPaidOrder(scene)
  const paused: DeliverOrderDeps['telegram'] = {
    ...deps.telegram,
    upload: () => Promise.reject(new ObjectCorrupt(order.key, 'as this worker read it')),
    call: async (method, params, options) => {
      if (method !== 'editMessageText' && method !== 'editMessageCaption')
        return deps.telegram.call(method, params, options)
      await db.query(`update orders set message_lease_until = '-infinity' where id = $1`, [order.id])
      await db.query(`update deliveries set lease_until = '-infinity' where id = $1`, [order.deliveryId])
      assert.equal(await deliverOnce(scene, order), 'done')
      return deps.telegram.upload({
        method: 'editMessageMedia',
        params: { ...params, media: { type: 'photo', media: 'attach://cover', caption: 'late' } },
        files: { cover: { name: 'cover.jpg', contentType: 'image/jpeg', source: { path: anyPicture } } },
      })
    },
  }
  await deliverOnce(scene, order, { telegram: paused })
  assert.equal(filesOf(order).length, 0, 'the file is covered')
  assert.equal((await deliveryState(scene, order)).state, 'queued', 'asked for again')
  assert.equal(await deliverOnce(scene, order), 'done')
  await assertHasFile(scene, order)
})
