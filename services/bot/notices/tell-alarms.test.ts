import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { clearAlarm, raiseAlarm } from '../../../shared/db/alarms.ts'
import { aBotScene } from '../../../shared/testing/a-bot.ts'
import { noteSilentServices, tellAlarms } from './tell-alarms.ts'

const bucket = { kind: 'bucket', subject: '', count: 1, detail: 'it says <no> & "never"' } as const

async function anAdmin(t: TestContext) {
  const { deps, emulator } = await aBotScene(t)
  const admin = emulator.addPerson({ first_name: 'Grace', language_code: 'en' })
  admin.send('/start')
  const telegram = { ...deps.config.telegram, admins: [BigInt(admin.id)] }
  const own = { ...deps, config: { ...deps.config, telegram } }
  const said = () =>
    admin
      .chat()
      .messages.filter(({ from }) => from === 'bot')
      .map(({ text }) => text ?? '')
  return { db: deps.db, said, tell: () => tellAlarms(own), deps: own }
}

test('what lasts is told once when it has lasted long enough, and once when it is over', async (t) => {
  const { db, said, tell } = await anAdmin(t)
  await raiseAlarm(db, bucket, { patienceSeconds: 600 })
  assert.deepEqual([await tell(), said()], [0, []])

  await db.query(`update alarms set since = now() - interval '11 min', due_at = now() - interval '1 min'`)
  await raiseAlarm(db, { ...bucket, count: 4 }, { patienceSeconds: 600 })
  assert.equal(await tell(), 1)
  assert.ok(said().length === 1 && said()[0]?.includes(bucket.detail), said().join('\n'))
  await raiseAlarm(db, bucket, { patienceSeconds: 600 })
  assert.equal(await tell(), 0)

  await clearAlarm(db, 'bucket')
  assert.deepEqual([await tell(), await tell()], [1, 0])
  assert.equal(said().length, 2)
  assert.match(said()[1] ?? '', /✅[^]*11\smin/)
})

test('the address of the administrator hears of the beginning and the end too, each once', async (t) => {
  const { db, deps } = await anAdmin(t)
  const telegram = { ...deps.config.telegram, adminEmail: 'grace@shop.example' }
  const withEmail = { ...deps, config: { ...deps.config, telegram } }
  await raiseAlarm(db, bucket)
  await tellAlarms(withEmail)
  await db.query(`update alarms set is_told_raised = false, told_at = '-infinity'`)
  await tellAlarms(withEmail)
  await clearAlarm(db, 'bucket')
  await tellAlarms(withEmail)
  const { rows } = await db.query(`select recipient as address, template from emails`)
  assert.deepEqual(
    rows,
    [1, 2].map(() => ({ address: 'grace@shop.example', template: 'alarm' })),
  )
})

test('what was over before anybody had to know is told to nobody', async (t) => {
  const { db, said, tell } = await anAdmin(t)
  await raiseAlarm(db, bucket, { patienceSeconds: 600 })
  await clearAlarm(db, 'bucket')
  assert.deepEqual([await tell(), said()], [0, []])
})

test('what comes and goes all the time is not told all the time, and its last end is told', async (t) => {
  const { db, said, tell } = await anAdmin(t)
  for (let time = 0; time < 3; time += 1) {
    await raiseAlarm(db, bucket)
    await tell()
    await clearAlarm(db, 'bucket')
    await tell()
  }
  assert.equal(said().length, 2)
  await raiseAlarm(db, bucket)
  assert.equal(await tell(), 0)
  await db.query(`update alarms set told_at = now() - interval '16 min'`)
  assert.equal(await tell(), 1)
})

test('an alarm that an event has told already only has its end told', async (t) => {
  const { db, said, tell } = await anAdmin(t)
  await raiseAlarm(db, { kind: 'dead letters', subject: 'delivery', count: 2, detail: 'late' }, { isTold: true })
  assert.deepEqual([await tell(), said()], [0, []])
  await clearAlarm(db, 'dead letters', 'delivery')
  assert.equal(await tell(), 1)
  assert.match(said()[0] ?? '', /Cleared: Dead letters: 2 \(delivery\)/)
})

test('an alarm that could not be told waits for the next try', async (t) => {
  const { db, deps, said, tell } = await anAdmin(t)
  await raiseAlarm(db, bucket)
  const unreachable = { ...deps, config: { ...deps.config, telegram: { ...deps.config.telegram, admins: [99n] } } }
  await assert.rejects(tellAlarms(unreachable), /No administrator/)
  assert.equal(await tell(), 0, 'not at once')
  await db.query(`update alarms set next_try_at = now()`)
  assert.deepEqual([await tell(), said().length], [1, 1])
})

test('a service that is not heard is told after two minutes, and its return', async (t) => {
  const { db, deps, said, tell } = await anAdmin(t)
  const beat = (service: string) =>
    db.query(
      `insert into service_heartbeats (service, instance, version) values ($1, 'a', '1')
           on conflict (service, instance) do update set at = clock_timestamp()`,
      [service],
    )
  for (const service of ['ipn', 'bot', 'delivery', 'media']) await beat(service)
  await noteSilentServices(deps)
  assert.equal(await tell(), 0)
  await db.query(`update alarms set due_at = now() - interval '1 s'`)
  await tell()
  assert.match(said()[0] ?? '', /janitor is not heard/)
  await beat('janitor')
  await noteSilentServices(deps)
  await tell()
  assert.match(said()[1] ?? '', /Cleared[^]*janitor/)
})
