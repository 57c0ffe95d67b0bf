import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { aBotScene } from '../../../shared/testing/a-bot.ts'
import { tellAdmins } from './tell-admins.ts'

const alert = { kind: 'telegram update', text: 'Expected <this>, got "that" & more', ref: 'ABCDEFGHJK' }

async function anAdmin(t: TestContext) {
  const { deps, emulator } = await aBotScene(t)
  const admin = emulator.addPerson({ first_name: 'Grace' })
  admin.send('/start')
  const telegram = { ...deps.config.telegram, admins: [900_000_001n, BigInt(admin.id)] }
  const withAdmin = { ...deps, config: { ...deps.config, telegram } }
  const texts = () =>
    admin
      .chat()
      .messages.filter(({ from }) => from === 'bot')
      .map(({ text }) => text ?? '')
  return { db: deps.db, texts, tell: (text: string, id: string) => tellAdmins(withAdmin, { ...alert, text }, id) }
}

const waits = (error: unknown): boolean => error instanceof RetryLater && error.ms > 14 * 60_000

test('an alert is told to every administrator who can be reached, once', async (t) => {
  const { texts, tell } = await anAdmin(t)
  await tell(alert.text, 'first')
  await tell(alert.text, 'first')
  assert.equal(texts().length, 1)
  assert.ok(texts()[0]?.includes(alert.text) && texts()[0]?.includes(alert.ref))
})

test('alerts of one kind within a quarter of an hour are told as one, with their number', async (t) => {
  const { db, texts, tell } = await anAdmin(t)
  await tell('one', 'first')
  await assert.rejects(tell('two', 'second'), waits)
  await tell('three', 'third')
  await tell('four', 'fourth')
  await tell('four', 'fourth')
  await assert.rejects(tell('two', 'second'), waits)
  assert.equal(texts().length, 1)

  await db.query(`update admin_alerts set told_at = now() - interval '16 minutes'`)
  await tell('two', 'second')
  assert.equal(texts().length, 2)
  assert.match(texts()[1] ?? '', /two[^]*2 more/)
  const { rows } = await db.query(`select held, keeper from admin_alerts`)
  assert.deepEqual(rows, [{ held: 0, keeper: null }])
})

test('an alert is mailed to ADMIN_EMAIL as well, once, even while no administrator can be reached in the chat', async (t) => {
  const { deps } = await aBotScene(t)
  const telegram = { ...deps.config.telegram, adminEmail: 'operator@example.org' }
  const withMail = { ...deps, config: { ...deps.config, telegram } }
  await assert.rejects(tellAdmins(withMail, alert, 'first'), /No administrator/)
  await assert.rejects(tellAdmins(withMail, alert, 'first'), /No administrator/)
  const { rows } = await deps.db.query(`select template, recipient, data from emails`)
  assert.deepEqual(rows, [{ template: 'alert', recipient: 'operator@example.org', data: alert }])
})

test('an alert of another kind does not wait', async (t) => {
  const { db, texts, tell } = await anAdmin(t)
  await tell('one', 'first')
  await db.query(`update admin_alerts set kind = 'something else'`)
  await tell('two', 'second')
  assert.equal(texts().length, 2)
})

test('an alert that reached nobody comes again', async (t) => {
  const { deps } = await aBotScene(t)
  await assert.rejects(tellAdmins(deps, alert, 'first'), /No administrator/)
  await assert.rejects(tellAdmins(deps, alert, 'first'), /No administrator/)
})

test('every administrator reads an alert in their own language, and one of an older release as it was written', async (t) => {
  const { deps, emulator } = await aBotScene(t)
  const [grace, camille] = [
    emulator.addPerson({ first_name: 'Grace', language_code: 'en' }),
    emulator.addPerson({ first_name: 'Camille', language_code: 'fr' }),
  ]
  for (const person of [grace, camille]) {
    person.send('/start')
    const language = person === grace ? 'en' : 'fr'
    await deps.db.query(`insert into users (id, first_name, language) values ($1, 'Somebody', $2)`, [
      person.id,
      language,
    ])
  }
  const telegram = { ...deps.config.telegram, admins: [BigInt(grace.id), BigInt(camille.id)] }
  const withBoth = { ...deps, config: { ...deps.config, telegram } }
  const { about, ref } = { about: { about: 'case', case: 'wrong coin' } as const, ref: 'ABCDEFGHJK' }
  await tellAdmins(withBoth, { kind: 'case', ref, alert: about }, 'first')
  await tellAdmins(withBoth, { kind: 'an old kind', ref, text: 'As it <was> written' }, 'second')
  const told = (person: typeof grace) =>
    person
      .chat()
      .messages.filter(({ from }) => from === 'bot')
      .map(({ text }) => text ?? '')
  assert.match(told(grace)[0] ?? '', /Case to decide[^]*Order ABCDEFGHJK: Wrong coin/)
  assert.match(told(camille)[0] ?? '', /Cas à trancher[^]*Commande ABCDEFGHJK\s: Autre monnaie/)
  for (const person of [grace, camille]) assert.match(told(person)[1] ?? '', /an old kind[^]*As it <was> written/)
})
