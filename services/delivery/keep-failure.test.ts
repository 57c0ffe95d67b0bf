import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { inTransaction } from '../../shared/db/pool.ts'
import { resumeDeliveries } from '../../shared/db/requeue-deliveries.ts'
import { markReturned } from '../../shared/db/users.ts'
import { personId } from '../../shared/domain/ids.ts'
import { TelegramBusy, TelegramRefused, TelegramUnreachable } from '../../shared/telegram/errors.ts'
import {
  aDeliveryScene,
  aPaidOrder,
  assertHasFile,
  deliverOnce,
  deliveryState,
  failingUploads,
  filesOf,
  makeDue,
  shownTo,
} from '../../shared/testing/a-delivery.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'

const scene = await aDeliveryScene({ after })
const { deps, bucket } = scene
const { db } = deps

const delivered = { state: 'sent', method: 'document', status: 'delivered', downloads: 1, tries: 0, deadLetters: 0 }

test('a failed upload is tried again after 2, 5 and 10 s, and then a link is given', async () => {
  const order = await aPaidOrder(scene)
  const error = new TelegramUnreachable('editMessageMedia', 'unknown', 'the connection was cut')
  for (const seconds of [2, 5, 10, 10]) {
    const put = await deliverOnce(scene, order, failingUploads(scene, error))
    assert.ok(put !== 'done' && put.retryMs >= seconds * 1000 && put.retryMs <= seconds * 1200)
    await makeDue(scene, order)
  }
  assert.equal(await deliverOnce(scene, order, failingUploads(scene, error)), 'done')
  assert.deepEqual(await deliveryState(scene, order), { ...delivered, method: 'link', downloads: 0 })
  assert.match(shownTo(order)[0]?.text ?? '', /not taking the file right now/)
})

test('a pause Telegram asks for is kept to the millisecond', async () => {
  const order = await aPaidOrder(scene)
  assert.deepEqual(
    await deliverOnce(scene, order, failingUploads(scene, new TelegramBusy('editMessageMedia', 33_000))),
    { retryMs: 33_000 },
  )
})

test('an altered original is never sent: sale stopped, people told, the buyer too', async () => {
  const order = await aPaidOrder(scene)
  await bucket.store.put(order.key, Buffer.alloc(order.bytes.length, 7), { contentType: 'application/pdf' })
  assert.equal(await deliverOnce(scene, order), 'done')
  assert.deepEqual(filesOf(order), [])
  assert.match(shownTo(order)[0]?.text ?? '', /A person is on it/)
  assert.deepEqual(await deliveryState(scene, order), {
    state: 'dead',
    method: null,
    status: 'paid',
    downloads: 0,
    tries: 1,
    deadLetters: 1,
  })
  const { rows } = await db.query(
    `select status, (select count(*)::int from outbox where subject = 'admin.alert' and dedupe_key = $2) as alerts
       from products where id = $1`,
    [order.product.id, `delivery:${order.deliveryId}`],
  )
  assert.deepEqual(rows, [{ status: 'inactive', alerts: 1 }])
})

test('an original that is missing is told at once, and the buyer as soon as Telegram can be reached', async () => {
  const order = await aPaidOrder(scene)
  await bucket.store.remove(order.key)
  const cut = () => Promise.reject(new TelegramUnreachable('any', 'unknown', 'the connection was cut'))
  const put = await deliverOnce(scene, order, { telegram: { ...deps.telegram, call: cut } })
  assert.ok(put !== 'done')
  assert.deepEqual(await deliveryState(scene, order), {
    state: 'retry_wait',
    method: null,
    status: 'paid',
    downloads: 0,
    tries: 0,
    deadLetters: 1,
  })
  await makeDue(scene, order)
  assert.equal(await deliverOnce(scene, order), 'done')
  assert.match(shownTo(order)[0]?.text ?? '', /A person is on it/)
  assert.equal((await deliveryState(scene, order)).state, 'dead')
})

test('while the bucket is away the file waits without using up its tries, and after a while the buyer is told', async () => {
  const order = await aPaidOrder(scene)
  const stop = bucket.running.faults.inject({ kind: 'reset', on: 'get' })
  try {
    assert.ok((await deliverOnce(scene, order)) !== 'done')
    assert.equal(shownTo(order)[0]?.text, 'preparing')
    await makeDue(scene, order)
    await db.query(`update deliveries set first_failed_at = now() - interval '20 minutes' where id = $1`, [
      order.deliveryId,
    ])
    assert.ok((await deliverOnce(scene, order)) !== 'done')
  } finally {
    stop()
  }
  assert.match(shownTo(order)[0]?.text ?? '', /already in your library/)
  assert.equal((await deliveryState(scene, order)).tries, 0)
  const { rows } = await db.query(
    `select kind, subject, is_told_raised as "isTold" from alarms where cleared_at is null`,
  )
  assert.deepEqual(rows, [{ kind: 'bucket', subject: 'deliveries', isTold: false }])
  await makeDue(scene, order)
  assert.equal(await deliverOnce(scene, order), 'done')
  await assertHasFile(scene, order)
})

test('who blocked the bot is left alone, and has the file when they come back, however late', async () => {
  const order = await aPaidOrder(scene)
  order.buyer.block()
  assert.equal(await deliverOnce(scene, order), 'done')
  assert.equal((await deliveryState(scene, order)).state, 'blocked')
  const { rows } = await db.query(`select reachable from users where id = $1`, [BigInt(order.buyer.id)])
  assert.deepEqual(rows, [{ reachable: false }], 'so that whatever they write next resumes it')
  order.buyer.unblock()
  await db.query(`update deliveries set first_failed_at = now() - interval '30 days' where id = $1`, [order.deliveryId])
  assert.deepEqual(await resumeDeliveries(db, BigInt(order.buyer.id)), [order.deliveryId])
  const busy = await deliverOnce(scene, order, failingUploads(scene, new TelegramBusy('editMessageMedia', 5)))
  assert.deepEqual(busy, { retryMs: 5 }, 'one hiccup after a long absence is not the end')
  await makeDue(scene, order)
  assert.equal(await deliverOnce(scene, order), 'done')
  await assertHasFile(scene, order)
})

test('who comes back while Telegram still says that they are gone is not waited for', async () => {
  const order = await aPaidOrder(scene)
  const backMeanwhile: Partial<DeliverOrderDeps> = {
    telegram: {
      ...deps.telegram,
      upload: async () => {
        await inTransaction(db, (tx) => markReturned(tx, personId(order.buyer.id)))
        throw new TelegramRefused('editMessageMedia', 403, 'Forbidden: bot was blocked by the user')
      },
    },
  }
  assert.deepEqual(await deliverOnce(scene, order, backMeanwhile), { retryMs: 1000 })
  await makeDue(scene, order)
  assert.equal(await deliverOnce(scene, order), 'done')
  await assertHasFile(scene, order)
})

test('the sixth failure alerts, and after a week of failures a person takes over', async () => {
  const order = await aPaidOrder(scene)
  const refused = new TelegramRefused('any', 400, 'Bad Request: something new')
  const broken = {
    telegram: { ...deps.telegram, upload: () => Promise.reject(refused), call: () => Promise.reject(refused) },
  }
  for (let tries = 1; tries <= 7; tries += 1) {
    assert.ok((await deliverOnce(scene, order, broken)) !== 'done')
    await makeDue(scene, order)
  }
  const alerts = async () =>
    (
      await db.query(`select payload->'alert'->>'tries' as tries from outbox where dedupe_key = $1`, [
        `delivery:${order.deliveryId}`,
      ])
    ).rows
  assert.equal((await alerts())[0]?.['tries'], '6')
  await db.query(`update deliveries set first_failed_at = now() - interval '8 days' where id = $1`, [order.deliveryId])
  assert.equal(await deliverOnce(scene, order, broken), 'done')
  assert.deepEqual(
    [(await deliveryState(scene, order)).state, (await deliveryState(scene, order)).deadLetters],
    ['dead', 1],
  )
})

test('markup that Telegram rejects does not stop the file', async () => {
  const order = await aPaidOrder(scene)
  const strict: DeliverOrderDeps['telegram'] = {
    ...deps.telegram,
    upload: (upload, options) =>
      'parse_mode' in (upload.params['media'] as object)
        ? Promise.reject(new TelegramRefused('editMessageMedia', 400, "Bad Request: can't parse entities"))
        : deps.telegram.upload(upload, options),
  }
  await deliverOnce(scene, order, { telegram: strict })
  await assertHasFile(scene, order)
  assert.ok(filesOf(order)[0]?.caption?.includes('A template'))
})

test('an order refunded before its delivery brings nothing', async () => {
  const order = await aPaidOrder(scene)
  await db.query(`update entitlements set ended_at = now() where order_id = $1`, [order.id])
  assert.equal(await deliverOnce(scene, order), 'done')
  assert.deepEqual(filesOf(order), [])
  assert.deepEqual(
    [(await deliveryState(scene, order)).state, (await deliveryState(scene, order)).deadLetters],
    ['dead', 0],
  )
})

test('while Telegram refuses the token the file waits, and no try of it is used up', async () => {
  const order = await aPaidOrder(scene)
  const refused = failingUploads(scene, new TelegramRefused('editMessageMedia', 401, 'Unauthorized'))
  for (let time = 1; time <= 5; time += 1) {
    assert.ok((await deliverOnce(scene, order, refused)) !== 'done')
    await makeDue(scene, order)
  }
  assert.equal(await deliverOnce(scene, order), 'done')
  assert.deepEqual(await deliveryState(scene, order), delivered)
})
