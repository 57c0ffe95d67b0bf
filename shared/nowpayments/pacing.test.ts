import assert from 'node:assert/strict'
import test from 'node:test'
import { openPace } from './pacing.ts'

test('calls to the provider are spaced evenly', async () => {
  const pace = openPace(50)
  const startedAt = performance.now()
  const taken = await Promise.all([1, 2, 3, 4, 5].map(() => pace.take(1000)))
  assert.deepEqual(taken, [true, true, true, true, true])
  assert.ok(performance.now() - startedAt >= 78)
})

test('nobody waits longer for a turn than they can, and nobody is held up by those who left', async () => {
  const pace = openPace(1, () => 0)
  assert.equal(await pace.take(0), true)
  assert.equal(await pace.take(999), false)
  assert.equal(await pace.take(500), false)
})
