import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { personId } from '../domain/ids.ts'
import { findPerson, greetPerson, setLanguage, setReachable } from './users.ts'

const ada = { id: personId(42), username: 'ada', firstName: 'Ada', language: 'en' } as const

test('the first update of a person makes the account, later ones keep it', async (t) => {
  const db = await createTestDatabase(t)
  assert.equal((await greetPerson(db, ada)).firstName, 'Ada')
  assert.equal((await greetPerson(db, { ...ada, firstName: 'Augusta' })).firstName, 'Ada')
  await db.query(`update users set last_seen_at = now() - interval '6 minutes'`)
  assert.equal((await greetPerson(db, { ...ada, firstName: 'Augusta', username: null })).firstName, 'Augusta')
})

test('ten first updates at once make one account', async (t) => {
  const db = await createTestDatabase(t)
  const met = await Promise.all(Array.from({ length: 10 }, () => greetPerson(db, ada)))
  assert.deepEqual(new Set(met.map(({ id }) => id)), new Set([42n]))
})

test('a chosen language is kept whatever Telegram says afterwards', async (t) => {
  const db = await createTestDatabase(t)
  await greetPerson(db, ada)
  await setLanguage(db, ada.id, 'fr')
  await db.query(`update users set last_seen_at = now() - interval '6 minutes'`)
  assert.equal((await greetPerson(db, ada)).language, 'fr')
})

test('blocking and coming back is news only once', async (t) => {
  const db = await createTestDatabase(t)
  await greetPerson(db, ada)
  assert.deepEqual([await setReachable(db, ada.id, false), await setReachable(db, ada.id, false)], [true, false])
  assert.equal((await findPerson(db, ada.id))?.reachable, false)
})
