import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { type BucketState } from './check-bucket.ts'
import { bucketCheck, watchBucket } from './watch-bucket.ts'

function listen() {
  const said: string[] = []
  const log = pino({ base: null }, { write: (line) => said.push((JSON.parse(line) as { msg: string }).msg) })
  return { said, log }
}

const answering = (state: BucketState) => ({ checkBucket: () => Promise.resolve(state) })

test('a bucket that cannot be used is told once, in words, and makes the service degraded', async (t) => {
  const { said, log } = listen()
  const watch = watchBucket(answering({ kind: 'missing', says: 'There is no bucket files.' }), log)
  t.after(() => watch.stop())
  const check = bucketCheck(watch)
  assert.deepEqual(
    [await check.look(), await check.look()],
    [
      { ok: false, detail: 'missing' },
      { ok: false, detail: 'missing' },
    ],
  )
  assert.deepEqual([check.isVital, said], [false, ['There is no bucket files.']])
})

test('a bucket that answers is nothing to talk about', async (t) => {
  const { said, log } = listen()
  const watch = watchBucket(answering({ kind: 'ok', says: 'The bucket answers.' }), log)
  t.after(() => watch.stop())
  assert.deepEqual([await bucketCheck(watch).look(), said], [{ ok: true }, []])
})

test('a bucket that comes back is told as well', async (t) => {
  const { said, log } = listen()
  const states: BucketState[] = [
    { kind: 'refused', says: 'The key is wrong.' },
    { kind: 'ok', says: 'The bucket answers.' },
  ]
  const third = Promise.withResolvers<BucketState>()
  const asked = Promise.withResolvers<undefined>()
  const checkBucket = (): Promise<BucketState> => {
    const state = states.shift()
    if (state !== undefined) return Promise.resolve(state)
    asked.resolve(undefined)
    return third.promise
  }
  const watch = watchBucket({ checkBucket }, log, { ok: 1, otherwise: 1 })
  t.after(() => watch.stop())
  await asked.promise
  assert.deepEqual(said, ['The key is wrong.', 'The bucket answers.'])
  assert.deepEqual(await bucketCheck(watch).look(), { ok: true })
})

test('a bucket that never answers does not hold up a stop', async () => {
  const { log } = listen()
  await watchBucket({ checkBucket: () => new Promise(() => undefined) }, log).stop()
})
