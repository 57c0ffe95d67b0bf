import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { insertDeadLetter, listOpenDeadLetters, markDeadLetterResolved } from './dead-letters.ts'
import { listSilentServices, removeHeartbeat, setHeartbeat } from './heartbeats.ts'
import { insertHandled } from './inbox.ts'
import { claimEvents, insertEvent, markSent, oldestUnsentSeconds, releaseEvents } from './outbox.ts'
import { inTransaction } from './pool.ts'

test('a message is noted as handled once, also by two who have it at the same time', async (t) => {
  const db = await createTestDatabase(t)
  const notes = await Promise.all([1, 2, 3].map(() => insertHandled(db, 'bot-updates', '77')))
  assert.deepEqual(notes.sort(), [false, false, true])
  assert.equal(await insertHandled(db, 'other', '77'), true)
})

test('a trouble has one open dead letter with its latest reason, and may come back after it was settled', async (t) => {
  const db = await createTestDatabase(t)
  const letter = { kind: 'test', ref: 'order 1', payload: { a: 1 } }
  assert.equal(await insertDeadLetter(db, { ...letter, reason: 'first' }), true)
  assert.equal(await insertDeadLetter(db, { ...letter, reason: 'second' }), false)
  const [open, ...others] = await listOpenDeadLetters(db, { limit: 10 })
  assert.deepEqual([open?.reason, others.length], ['second', 0])
  assert.ok(open !== undefined)
  assert.equal((await markDeadLetterResolved(db, open.id, 'admin'))?.ref, 'order 1')
  assert.equal(await markDeadLetterResolved(db, open.id, 'admin'), undefined)
  assert.equal(await insertDeadLetter(db, { ...letter, reason: 'third' }), true)
})

test('a service not heard of for a minute is named', async (t) => {
  const db = await createTestDatabase(t)
  const bot = { service: 'bot', instance: 'a', version: '1' }
  await setHeartbeat(db, bot)
  await setHeartbeat(db, { ...bot, service: 'ipn' })
  await db.query(`update service_heartbeats set at = now() - interval '61 seconds' where service = 'ipn'`)
  assert.deepEqual(await listSilentServices(db, ['bot', 'ipn', 'media']), ['ipn', 'media'])
  await setHeartbeat(db, { ...bot, service: 'ipn', instance: 'b' })
  assert.deepEqual(await listSilentServices(db, ['bot', 'ipn']), [])
  await removeHeartbeat(db, bot)
  assert.deepEqual(await listSilentServices(db, ['bot', 'ipn']), ['bot'])
})

test('an event of a transaction that failed was never announced', async (t) => {
  const db = await createTestDatabase(t)
  const failing = inTransaction(db, async (tx) => {
    await insertEvent(tx, 'delivery.requested', 'k', {})
    throw new Error('no')
  })
  await assert.rejects(failing)
  assert.deepEqual(await claimEvents(db, 10, 1_000), [])
})

test('two relays never take the same event, and one that died leaves it to the other', async (t) => {
  const db = await createTestDatabase(t)
  for (let index = 0; index < 20; index += 1) await insertEvent(db, 'delivery.requested', String(index), { index })
  const taken = (await Promise.all([claimEvents(db, 20, 60_000), claimEvents(db, 20, 60_000)])).flat()
  assert.equal(new Set(taken.map(({ id }) => id)).size, 20)
  assert.equal(taken.length, 20)
  assert.deepEqual(await claimEvents(db, 20, 60_000), [])
  await db.query(`update outbox set next_try_at = now() where dedupe_key = '7'`)
  assert.deepEqual(
    (await claimEvents(db, 20, 60_000)).map(({ dedupeKey, tries }) => [dedupeKey, tries]),
    [['7', 2]],
  )
})

test('an event is due again after it could not be published, and never after it was', async (t) => {
  const db = await createTestDatabase(t)
  await insertEvent(db, 'delivery.requested', 'k', {})
  await db.query(`update outbox set created_at = now() - interval '90 seconds'`)
  const seconds = await oldestUnsentSeconds(db)
  assert.ok(seconds >= 90 && seconds < 120, `${seconds} s`)
  const positions = (await claimEvents(db, 10, 60_000)).map(({ position }) => position)
  await releaseEvents(db, positions, 0)
  assert.equal((await claimEvents(db, 10, 60_000)).length, 1)
  await markSent(db, positions)
  await releaseEvents(db, positions, 0)
  assert.deepEqual(await claimEvents(db, 10, 60_000), [])
  assert.equal(await oldestUnsentSeconds(db), 0)
})
