import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { countRemovals, markRemoved, queueRemovals, takeDueRemovals } from './object-removals.ts'

test('an object to remove is taken once at a time, later each time it fails, and forgotten when it is gone', async (t) => {
  const db = await createTestDatabase(t)
  const key = 'originals/p/f'
  await queueRemovals(db, [{ objectKey: key }, { objectKey: key, uploadId: 'parts' }], 'product deleted')
  await queueRemovals(db, [{ objectKey: key }], 'rejected')
  const [taken, ...more] = await takeDueRemovals(db, 10)
  assert.deepEqual(taken, { objectKey: key, uploadId: 'parts', reason: 'product deleted', tries: 1 })
  assert.deepEqual(more, [])
  assert.deepEqual(await takeDueRemovals(db, 10), [], 'the same object is not taken by two')
  const { rows } = await db.query<{ seconds: number }>(
    `select extract(epoch from next_try_at - clock_timestamp())::float8 as seconds from objects_to_remove`,
  )
  assert.ok(Number(rows[0]?.seconds) > 25 && Number(rows[0]?.seconds) <= 30)
  assert.equal(await markRemoved(db, taken), true)
  assert.equal(await countRemovals(db), 0)
})

test('an object queued again while it is being removed is removed once more', async (t) => {
  const db = await createTestDatabase(t)
  await queueRemovals(db, [{ objectKey: 'images/p/i/cover.jpg' }], 'replaced')
  const [taken = assert.fail('nothing to remove')] = await takeDueRemovals(db, 1)
  await queueRemovals(db, [{ objectKey: 'images/p/i/cover.jpg' }], 'product deleted')
  assert.equal(await markRemoved(db, taken), false)
  assert.equal((await takeDueRemovals(db, 1))[0]?.tries, 2)
})
