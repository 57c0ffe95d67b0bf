import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { startListening } from './listen.ts'

test('a notice is heard at once, and again after the connection was cut', async (t) => {
  const db = await createTestDatabase(t)
  let heard = Promise.withResolvers<number>()
  let notices = 0
  const listener = startListening(db, 'a_channel', () => {
    notices += 1
    heard.resolve(notices)
  })
  t.after(() => listener.stop())

  await heard.promise // listening has begun
  heard = Promise.withResolvers()
  await db.query(`select pg_notify('a_channel', '')`)
  assert.equal(await heard.promise, 2)

  heard = Promise.withResolvers()
  const { rowCount } = await db.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like '%listens to a_channel'`,
  )
  assert.equal(rowCount, 1)
  assert.equal(await heard.promise, 3)
})
