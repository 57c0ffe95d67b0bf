import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'

test('every test has a database of its own', async (t) => {
  const db = await createTestDatabase(t)
  const { rows } = await db.query('select count(*) as n from outbox')
  assert.deepEqual(rows, [{ n: 0n }])
})
