import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { readdir } from 'node:fs/promises'
import { claimOrderMessage, releaseOrderMessage } from '../../shared/db/order-messages.ts'
import {
  aDeliveryScene,
  aPaidOrder,
  aRequestedFile,
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
  assert.ok(waited !== 'done' && waited.retryMs <= 500)
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
  const again = await aRequestedFile(scene, order)
  assert.equal(await deliverOnce(scene, again), 'done')
  assert.deepEqual(
    filesOf(order).map(({ message_id }) => message_id),
    [order.messageId, again.messageId],
  )
  assert.equal((await deliveryState(scene, order)).downloads, 2)
})
