import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { takeToken, takeTurn } from './rate-buckets.ts'

test('a burst is allowed, and then no more than the rate', async (t) => {
  const db = await createTestDatabase(t)
  const rate = { burst: 3, perSecond: 1 / 3600 }
  const taken = await Promise.all([1, 2, 3, 4, 5].map(() => takeToken(db, 'actions:1', rate)))
  assert.equal(taken.filter(Boolean).length, 3)
  assert.equal(await takeToken(db, 'actions:2', rate), true)
  await db.query(`update rate_buckets set updated_at = updated_at - interval '1 hour'`)
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
  const everyMs = 60_000
  const turnOf = () => takeTurn(db, 'reads', 1_000 / everyMs)
  for (let turn = 0; turn < 4; turn += 1) waits.push(await turnOf())
  for (const [turn, waitMs] of waits.entries()) {
    assert.ok(waitMs <= turn * everyMs && waitMs > (turn - 0.8) * everyMs, `turn ${turn} after ${waitMs} ms`)
  }
  await db.query(`update rate_buckets set updated_at = updated_at - interval '2 hours'`)
  assert.equal(await turnOf(), 0)
})
