import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { waitForTurn } from './wait-for-turn.ts'

const db = await createTestDatabase({ after })

test('files that wait together leave no faster than Telegram takes messages', async () => {
  const began = performance.now()
  const left: number[] = []
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      await waitForTurn(db, 1n, 50)
      left.push(performance.now() - began)
    }),
  )
  const last = Math.max(...left)
  assert.ok(last >= 370, `20 at 50 a second left within ${last} ms`)
})

test('a file that comes alone leaves at once', async () => {
  const began = performance.now()
  await waitForTurn(db, 2n, 0.01)
  assert.ok(performance.now() - began < 50_000, 'it did not wait for a turn of 100 s')
})
