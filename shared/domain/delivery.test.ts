import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  canBecomeDelivery,
  deliveryMethod,
  deliveryStates,
  deliveryStatesBefore,
  largestDocumentBytes,
  mostDocumentTries,
  pauseAfter,
  pauseForStorage,
} from './delivery.ts'

test('a file of exactly 50 MB comes as a document, one byte more as a link', () => {
  assert.equal(deliveryMethod(largestDocumentBytes, 0), 'document')
  assert.equal(deliveryMethod(largestDocumentBytes + 1n, 0), 'link')
})

test('after four refused documents the buyer gets a link', () => {
  assert.equal(deliveryMethod(1000n, mostDocumentTries - 1), 'document')
  assert.equal(deliveryMethod(1000n, mostDocumentTries), 'link')
})

test('a bucket that hiccups costs a buyer a second, and one that stays away is asked twice a minute', () => {
  const pauses: number[] = []
  for (let awayMs = 0; awayMs < 120_000; awayMs += pauses.at(-1) ?? 0) pauses.push(pauseForStorage(awayMs, 0))
  assert.deepEqual(pauses.map((ms) => ms / 1000).slice(0, 8), [1, 1, 2, 4, 8, 16, 30, 30])
  assert.equal(pauseForStorage(0, 0.5), 1_100)
})

test('pauses between tries grow up to a day', () => {
  assert.deepEqual(
    [1, 2, 3].map((tries) => pauseAfter('document', tries, 0)),
    [2000, 5000, 10_000],
  )
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((tries) => pauseAfter('link', tries, 0) / 1000)
  assert.deepEqual(pauses, [30, 120, 600, 3600, 21_600, 86_400, 86_400])
  assert.equal(pauseAfter('link', 1, 0.5), 33_000)
})

test('only a delivery in hand can be sent, and one that died waits for a person', () => {
  assert.deepEqual(deliveryStatesBefore('sent'), ['sending'])
  for (const state of deliveryStates) assert.equal(canBecomeDelivery('dead', state), state === 'queued')
})
