import assert from 'node:assert/strict'
import { test } from 'node:test'
import { badgesOf } from './product.ts'

const now = new Date('2026-11-24T12:00:00Z')
const quiet = { sales: 0n, views: 0n, ratingSum: 0n, reviewsCount: 0n, publishedAt: new Date('2026-01-01T00:00:00Z') }

test('a product earns its badges exactly at their thresholds', () => {
  assert.deepEqual(badgesOf(quiet, now), [])
  assert.deepEqual(badgesOf({ ...quiet, sales: 50n }, now), ['best-seller'])
  assert.deepEqual(badgesOf({ ...quiet, views: 100n }, now), ['popular'])
  assert.deepEqual(badgesOf({ ...quiet, ratingSum: 45n, reviewsCount: 10n }, now), ['top rated'])
  assert.deepEqual(badgesOf({ ...quiet, ratingSum: 44n, reviewsCount: 10n }, now), [])
  assert.deepEqual(badgesOf({ ...quiet, ratingSum: 45n, reviewsCount: 9n }, now), [])
})

test('a product is new for seven days', () => {
  const publishedAt = new Date('2026-11-17T12:00:00Z')
  assert.deepEqual(badgesOf({ ...quiet, publishedAt }, now), [])
  assert.deepEqual(badgesOf({ ...quiet, publishedAt: new Date(publishedAt.getTime() + 1) }, now), ['new'])
})
