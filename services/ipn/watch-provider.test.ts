import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { lookAtProvider } from './watch-provider.ts'

const db = await createTestDatabase({ after })
const log = pino({ enabled: false })

test('NOWPayments that does not answer is an alarm after ten minutes, until it answers', async () => {
  let reply: Awaited<ReturnType<Parameters<typeof lookAtProvider>[0]['provider']['status']>> = {
    kind: 'unreachable',
    cause: 'no answer in time',
  }
  const look = () => lookAtProvider({ db, log, provider: { status: () => Promise.resolve(reply) } })
  const { rows: none } = await db.query(`select from alarms`)
  assert.deepEqual(none, [])
  await look()
  await look()
  const read = `select detail, round(extract(epoch from due_at - since))::integer as "patienceSeconds",
                       cleared_at is not null as "isOver" from alarms`
  assert.deepEqual((await db.query(read)).rows, [{ detail: 'no answer in time', patienceSeconds: 600, isOver: false }])
  reply = { kind: 'found', value: 'OK' }
  await look()
  assert.deepEqual((await db.query(read)).rows, [{ detail: 'no answer in time', patienceSeconds: 600, isOver: true }])
})
