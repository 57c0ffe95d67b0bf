import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { takeToken, takeTurn } from './rate-buckets.ts'

test('a burst is allowed, and then no more than the rate', async (t) => {
  const db = await createTestDatabase(t)
  const rate = { burst: 3, perSecond: 1 }
  const taken = await Promise.all([1, 2, 3, 4, 5].map(() => takeToken(db, 'actions:1', rate)))
  assert.equal(taken.filter(Boolean).length, 3)
  assert.equal(await takeToken(db, 'actions:2', rate), true)
  await db.query(`update rate_buckets set updated_at = updated_at - interval '1 second'`)
  assert.equal(await takeToken(db, 'actions:1', rate), true)
  assert.equal(await takeToken(db, 'actions:1', rate), false)
})

test('a clock that was set back takes nothing from anybody', async (t) => {
  const db = await createTestDatabase(t)
  const rate = { burst: 2, perSecond: 1 }
  await takeToken(db, 'actions:1', rate)
  await db.query(`update rate_buckets set updated_at = updated_at + interval '1 hour'`)
  assert.equal(await takeToken(db, 'actions:1', rate), true)
})

test('whoever takes turns waits for those before, and after a pause for nobody', async (t) => {
  const db = await createTestDatabase(t)
  const waits = []
  for (let turn = 0; turn < 4; turn += 1) waits.push(await takeTurn(db, 'reads', 2))
  for (const [turn, waitMs] of waits.entries()) {
    assert.ok(waitMs <= turn * 500 && waitMs > turn * 500 - 400, `turn ${turn} after ${waitMs} ms`)
  }
  await db.query(`update rate_buckets set updated_at = updated_at - interval '1 minute'`)
  assert.equal(await takeTurn(db, 'reads', 2), 0)
})
