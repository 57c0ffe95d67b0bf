import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toKeep } from './keep.ts'

test('messages and presses of one person go into the same lane', () => {
  const from = { id: 42, is_bot: false, first_name: 'Ada' }
  assert.equal(toKeep({ update_id: 1, message: { from, text: 'hello' } }).personId, 42n)
  assert.equal(toKeep({ update_id: 2, callback_query: { from, data: 'home' } }).personId, 42n)
  assert.equal(toKeep({ update_id: 3, my_chat_member: { from } }).personId, 42n)
})

test('an update without a sender has no lane, whatever its shape', () => {
  assert.equal(toKeep({ update_id: 1 }).personId, null)
  assert.equal(toKeep({ update_id: 1, message: null }).personId, null)
  assert.equal(toKeep({ update_id: 1, message: { from: { id: 'x' } } }).personId, null)
  assert.equal(toKeep({ update_id: 1, message: { from: { id: 1.5 } } }).personId, null)
})

test('characters the database cannot keep are replaced, the rest stays', () => {
  const { payload } = toKeep({ update_id: 1, message: { text: 'a\u0000b\ud800c 🎁' } })
  assert.deepEqual(JSON.parse(payload), { update_id: 1, message: { text: 'a\ufffdb\ufffdc 🎁' } })
})
