import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { stillTime } from '../testing/still-time.ts'
import { startLoop } from './loop.ts'

const quiet = pino({ enabled: false })

test('work goes on at once while there is some, and after a ring', async (t) => {
  stillTime(t) // by itself it would never look again
  const found = [2, 1, 0, 0]
  let waiter = Promise.withResolvers<undefined>()
  const loop = startLoop(quiet, 'test', () => {
    const next = found.shift() ?? 0
    if (next === 0) waiter.resolve(undefined)
    return Promise.resolve(next)
  })
  t.after(() => loop.stop())
  await waiter.promise
  assert.equal(found.length, 1)
  waiter = Promise.withResolvers()
  loop.ring()
  await waiter.promise
})

test('work that fails is tried again', async (t) => {
  let tries = 0
  const worked = Promise.withResolvers<undefined>()
  const loop = startLoop(quiet, 'test', () => {
    tries += 1
    if (tries === 1) return Promise.reject(new Error('not today'))
    worked.resolve(undefined)
    return Promise.resolve(0)
  })
  t.after(() => loop.stop())
  await worked.promise
})

test('a loop stops only when the work in hand is done', async () => {
  const begun = Promise.withResolvers<undefined>()
  const goOn = Promise.withResolvers<undefined>()
  let isDone = false
  const loop = startLoop(quiet, 'test', async () => {
    begun.resolve(undefined)
    await goOn.promise
    isDone = true
    return 1
  })
  await begun.promise
  const stopped = loop.stop()
  goOn.resolve(undefined)
  await stopped
  assert.equal(isDone, true)
})
