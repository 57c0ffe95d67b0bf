import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { type Database } from './pool.ts'
import { holdLock, withSessionLock } from './session-lock.ts'

const cutHolders = `select pg_terminate_backend(pid) from pg_stat_activity
                     where datname = current_database() and application_name like '%holds%'`

async function hold(db: Database, name: string) {
  const lock = await holdLock(db, name)
  assert.ok(lock !== undefined, `Expected the lock ${name} to be free`)
  return lock
}

test('one process at a time holds a lock, and giving it back lets another have it', async (t) => {
  const db = await createTestDatabase(t)
  const first = await hold(db, 'poller')
  assert.equal(await holdLock(db, 'poller'), undefined)
  const other = await hold(db, 'janitor')
  await other.release()
  await first.release()
  assert.equal(first.lost.aborted, true)
  const second = await hold(db, 'poller')
  await second.release()
})

test('who loses the connection is told that the lock may be gone', async (t) => {
  const db = await createTestDatabase(t)
  const lock = await hold(db, 'poller')
  const told = once(lock.lost, 'abort')
  await db.query(cutHolders)
  await told
  await lock.release()
})

test('the work of one goes on after its connection was cut, and ends when the service stops', async (t) => {
  const db = await createTestDatabase(t)
  const stopping = new AbortController()
  const begun: AbortSignal[] = []
  let onBegun = Promise.withResolvers<undefined>()
  const done = withSessionLock(db, { name: 'poller', stopping: stopping.signal }, async (held) => {
    begun.push(held)
    onBegun.resolve(undefined)
    if (!held.aborted) await once(held, 'abort')
  })
  await onBegun.promise
  onBegun = Promise.withResolvers()
  await db.query(cutHolders)
  await onBegun.promise
  assert.deepEqual(
    begun.map(({ aborted }) => aborted),
    [true, false],
  )
  stopping.abort()
  await done
  assert.equal(begun.length, 2)
})

test('two that want the work of one never do it at the same time', async (t) => {
  const db = await createTestDatabase(t)
  let working = 0
  let most = 0
  const turn = async (): Promise<void> => {
    const stopping = new AbortController()
    await withSessionLock(db, { name: 'chores', stopping: stopping.signal }, async () => {
      working += 1
      most = Math.max(most, working)
      await db.query('select pg_sleep(0.05)')
      working -= 1
      stopping.abort()
    })
  }
  await Promise.all([turn(), turn()])
  assert.equal(most, 1)
})
