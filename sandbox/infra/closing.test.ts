import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Closing } from './closing.ts'

test('what was opened is closed in reverse order, and one that cannot be closed keeps no other open', async () => {
  const closing = new Closing()
  const closed: string[] = []
  const close = (name: string): Promise<void> => {
    closed.push(name)
    return Promise.resolve()
  }
  assert.equal(closing.add('first', close), 'first')
  closing.after(() => Promise.reject(new Error('stuck')))
  closing.add('last', close)
  await assert.rejects(closing.close(), (error: AggregateError) => String(error.errors).includes('stuck'))
  assert.deepEqual(closed, ['last', 'first'])
  await closing.close() // nothing is left
})
