import assert from 'node:assert/strict'
import { test } from 'node:test'
import { badgesOf, canBecome, keptStatuses, productStatuses, statusesBefore } from './product.ts'

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

test('a product moves only along the arrows of its table', () => {
  const arrows = productStatuses.flatMap((from) =>
    productStatuses.filter((to) => canBecome(from, to)).map((to) => `${from} > ${to}`),
  )
  assert.deepEqual(arrows, [
    'draft > processing',
    'draft > active',
    'processing > draft',
    'processing > active',
    'active > inactive',
    'active > deleted',
    'inactive > active',
    'inactive > deleted',
    'deleted > inactive',
    'deleted > purged',
  ])
})

test('a purged product stays purged, and a deleted one is not put on sale again at once', () => {
  assert.deepEqual(
    productStatuses.filter((to) => canBecome('purged', to)),
    [],
  )
  assert.equal(statusesBefore('active').includes('deleted'), false)
  assert.deepEqual(statusesBefore('purged'), ['deleted'])
  assert.ok(statusesBefore('deleted').every((status) => keptStatuses.includes(status)))
})
