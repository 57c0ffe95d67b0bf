import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countUnsent } from '../db/outbox.ts'
import { createTestDatabase } from '../testing/database.ts'
import { aDelivery, ask } from '../testing/messaging.ts'

test('asking again for what still waits changes nothing', async (t) => {
  const db = await createTestDatabase(t)
  const id = aDelivery()
  for (let time = 0; time < 5; time += 1) await ask(db, id)
  assert.equal(await countUnsent(db), 1)
})

test('who asks for the same thing over and over is served ever more slowly', async (t) => {
  const db = await createTestDatabase(t)
  const id = aDelivery()
  for (let time = 0; time < 6; time += 1) {
    await ask(db, id)
    await db.query('update outbox set sent_at = now() where sent_at is null')
  }
  const { rows } = await db.query<{ wait: number }>(
    `select round(extract(epoch from next_try_at - created_at))::integer as wait from outbox order by position`,
  )
  assert.deepEqual(
    rows.map(({ wait }) => wait),
    [0, 0, 0, 0, 2, 4],
  )
})
