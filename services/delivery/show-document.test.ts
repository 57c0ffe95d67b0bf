import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  aDeliveryScene,
  aPaidOrder,
  assertHasFile,
  deliverOnce,
  deliveryState,
  shownTo,
} from '../../shared/testing/a-delivery.ts'

const scene = await aDeliveryScene({ after })
const { bucket, emulator } = scene

const mostBytes = 52_428_800

test('a file of exactly 50 MB comes as the document it is, and one byte more as a link', async () => {
  const largest = await aPaidOrder(scene, { sizeBytes: mostBytes })
  assert.equal(await deliverOnce(scene, largest), 'done')
  await assertHasFile(scene, largest)
  const larger = await aPaidOrder(scene, { sizeBytes: mostBytes + 1 })
  assert.equal(await deliverOnce(scene, larger), 'done')
  assert.equal((await deliveryState(scene, larger)).method, 'link')
  assert.match(shownTo(larger)[0]?.text ?? '', /too large for Telegram/)
})

test('Telegram is told to leave a document as it is, whatever is in it', async () => {
  const order = await aPaidOrder(scene)
  assert.equal(await deliverOnce(scene, order), 'done')
  const media = emulator.transcript.list().findLast(({ method }) => method === 'editMessageMedia')?.params['media']
  const sent = typeof media === 'string' ? (JSON.parse(media) as unknown) : media
  assert.equal((sent as Record<string, unknown>)['disable_content_type_detection'], true)
})

test('a file that is changed once on the way from the bucket arrives all the same, and is not called damaged', async () => {
  const order = await aPaidOrder(scene)
  bucket.running.faults.inject({ kind: 'corrupt', on: 'get', prefix: order.key, times: 1 })
  assert.equal(await deliverOnce(scene, order), 'done')
  await assertHasFile(scene, order)
})
