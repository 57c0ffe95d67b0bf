import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TelegramBusy, TelegramRefused, TelegramUnreachable } from '../../../shared/telegram/errors.ts'
import { isWornOut, nextTry } from './retry.ts'

test('an update that fails by a fault of ours is tried five times, with growing pauses', () => {
  const tries = [1, 2, 3, 4, 5].map((n) => nextTry(new Error('boom'), n))
  assert.deepEqual(tries, [
    { kind: 'later', pauseMs: 1000 },
    { kind: 'later', pauseMs: 2000 },
    { kind: 'later', pauseMs: 5000 },
    { kind: 'later', pauseMs: 10_000 },
    { kind: 'give up' },
  ])
})

test('an outage of Telegram is waited for, much longer than a fault', () => {
  const away = new TelegramUnreachable('editMessageMedia', 'unknown', 'timeout')
  assert.deepEqual(nextTry(away, 10), { kind: 'later', pauseMs: 30_000 })
  assert.equal(nextTry(away, 30).kind, 'give up')
})

test('a pause asked by Telegram is kept to the millisecond', () => {
  assert.deepEqual(nextTry(new TelegramBusy('sendMessage', 7300), 1), { kind: 'later', pauseMs: 7300 })
})

test('an update that keeps killing the process is not begun for ever', () => {
  assert.equal(isWornOut(30), false)
  assert.equal(isWornOut(31), true)
})

test('while Telegram refuses the token nothing that people sent is given up', () => {
  assert.equal(nextTry(new TelegramRefused('sendMessage', 401, 'Unauthorized'), 20).kind, 'later')
})
