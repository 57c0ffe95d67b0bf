import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ObjectCorrupt } from '../../shared/storage/errors.ts'
import { TelegramUnreachable } from '../../shared/telegram/errors.ts'
import {
  aDeliveryScene,
  aPaidOrder,
  aRequestedFile,
  assertHasFile,
  deliverOnce,
  deliveryState,
  filesOf,
  type PaidOrder,
} from '../../shared/testing/a-delivery.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'

const scene = await aDeliveryScene({ after })
const { deps } = scene
const { db } = deps

const anyPicture = join(import.meta.dirname, '../bot/assets/neutral.jpg')

/**
 * A worker that finds the file broken and says so, but stands still for longer than its lease while its words are on their
 * way: another one brings the file meanwhile, and then the words arrive, with or without an answer.
 */
const pausedWhileTelling = (order: PaidOrder, answer: 'answered' | 'lost'): DeliverOrderDeps['telegram'] => ({
  ...deps.telegram,
  upload: () => Promise.reject(new ObjectCorrupt(order.key, 'as this worker read it')),
  call: async (method, params, options) => {
    if (method !== 'editMessageText' && method !== 'editMessageCaption')
      return deps.telegram.call(method, params, options)
    await db.query(`update orders set message_lease_until = '-infinity' where id = $1`, [order.id])
    await db.query(`update deliveries set lease_until = '-infinity' where id = $1`, [order.deliveryId])
    assert.equal(await deliverOnce(scene, order), 'done')
    const drawn = await deps.telegram.upload({
      method: 'editMessageMedia',
      params: { ...params, media: { type: 'photo', media: 'attach://cover', caption: 'late' } },
      files: { cover: { name: 'cover.jpg', contentType: 'image/jpeg', source: { path: anyPicture } } },
    })
    if (answer === 'lost') throw new TelegramUnreachable(method, 'unknown', 'the answer was lost')
    return drawn
  },
})

for (const answer of ['answered', 'lost'] as const) {
  test(`words that a paused worker drew over the file (${answer}) give way to the file again`, async () => {
    const order = await aPaidOrder(scene)
    await deliverOnce(scene, order, { telegram: pausedWhileTelling(order, answer) })
    assert.equal(filesOf(order).length, 0, 'the file is covered')
    assert.equal((await deliveryState(scene, order)).state, 'queued', 'asked for again')
    assert.equal(await deliverOnce(scene, order), 'done')
    await assertHasFile(scene, order)
  })

  test(`words that a paused worker drew over a file asked for again (${answer}) give way to it again`, async () => {
    const order = await aPaidOrder(scene)
    assert.equal(await deliverOnce(scene, order), 'done')
    await db.query('delete from telegram_files')
    const again = await aRequestedFile(scene, order)
    await deliverOnce(scene, again, { telegram: pausedWhileTelling(again, answer) })
    assert.equal(filesOf(order).length, 1, 'the second file is covered')
    assert.equal((await deliveryState(scene, again)).state, 'queued')
    assert.equal(await deliverOnce(scene, again), 'done')
    assert.equal(filesOf(order).length, 2)
  })
}
