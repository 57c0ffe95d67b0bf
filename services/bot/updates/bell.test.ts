import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bell } from './bell.ts'

const never = 60_000

test('a ring wakes whoever waits', async () => {
  const bell = new Bell()
  const waiting = bell.wait(never)
  bell.ring()
  await waiting
})

test('a ring that nobody heard is kept for the next who waits, once', async () => {
  const bell = new Bell()
  bell.ring()
  bell.ring()
  await bell.wait(never)
  const startedAt = performance.now()
  await bell.wait(30)
  assert.ok(performance.now() - startedAt >= 25)
})
