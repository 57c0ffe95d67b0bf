import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { createTestDatabaseConfig } from '../../shared/testing/database.ts'
import { fuzz } from './fuzz/run.ts'

test('whatever is posted as a notification, an order is only ever what NOWPayments says of it', async (t) => {
  const seed = randomInt(1_000_000)
  t.diagnostic(`seed ${seed}`)
  const { answers, faults, kept } = await fuzz(await createTestDatabaseConfig(t), { notifications: 400, rate: 0, seed })
  assert.deepEqual(faults, [], `npm run fuzz -- --notifications 400 --rate 0 --seed ${seed}`)
  const codes = new Set(answers.map(({ status }) => status))
  for (const code of [200, 400, 401]) assert.ok(codes.has(code), `nothing was answered ${code}`)
  assert.ok(kept > 100)
})
