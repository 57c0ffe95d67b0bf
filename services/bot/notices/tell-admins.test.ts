import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aBotScene } from '../../../shared/testing/a-bot.ts'
import { tellAdmins } from './tell-admins.ts'

const alert = { kind: 'telegram update', text: 'Expected <this>, got "that" & more', ref: 'ABCDEFGHJK' }

test('an alert is told to every administrator who can be reached', async (t) => {
  const { deps, emulator } = await aBotScene(t)
  const admin = emulator.addPerson({ first_name: 'Grace' })
  admin.send('/start')
  const telegram = { ...deps.config.telegram, admins: [900_000_001n, BigInt(admin.id)] }
  await tellAdmins({ ...deps, config: { ...deps.config, telegram } }, alert)
  await admin.waitForMessage(({ text = '' }) => text.includes(alert.text) && text.includes(alert.ref))
})

test('an alert that reached nobody comes again', async (t) => {
  const { deps } = await aBotScene(t)
  await assert.rejects(tellAdmins(deps, alert), /No administrator/)
})
