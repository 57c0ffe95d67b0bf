import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { personId } from '../domain/ids.ts'
import { findScreen, setScreen, setSearch } from './screens.ts'
import { greetPerson } from './users.ts'

test('a new screen forgets the old message, but not what was searched for', async (t) => {
  const db = await createTestDatabase(t)
  const { id } = await greetPerson(db, { id: personId(42), username: null, firstName: 'Ada', language: 'en' })
  assert.equal(await findScreen(db, 7n, id), undefined)
  await setSearch(db, 7n, id, '100% "photo" \\ pack')
  await setScreen(db, 7n, id, { messageId: 5n, at: 'home' })
  await setScreen(db, 7n, id, { messageId: 6n, at: 'categories' })
  assert.deepEqual(await findScreen(db, 7n, id), { messageId: 6n, at: 'categories', query: '100% "photo" \\ pack' })
  assert.equal(await findScreen(db, 8n, id), undefined)
})
