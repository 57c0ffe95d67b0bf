import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stillTime } from '../testing/still-time.ts'
import { type Check, reportHealth } from './health.ts'

const identity = { service: 'bot', version: '1.0.0' }
const check = (name: string, isVital: boolean, ok: boolean): Check => ({
  name,
  isVital,
  look: () => Promise.resolve({ ok }),
})

test('a service is ok, degraded by what can wait, and down without what it needs', async () => {
  const status = async (...checks: Check[]) => (await reportHealth(identity, checks)).status
  assert.equal(await status(check('database', true, true), check('nats', false, true)), 'ok')
  assert.equal(await status(check('database', true, true), check('nats', false, false)), 'degraded')
  assert.equal(await status(check('database', true, false), check('nats', false, false)), 'down')
})

test('a part that never answers counts as down, and the report still comes within two seconds', async (t) => {
  const { pass } = stillTime(t)
  const reporting = reportHealth(identity, [
    { name: 'database', isVital: true, look: () => new Promise(() => undefined) },
    { name: 'nats', isVital: false, look: () => Promise.reject(new Error('a secret address')) },
  ])
  pass(1_999)
  const report = await reporting
  assert.equal(report.status, 'down')
  assert.doesNotMatch(JSON.stringify(report), /secret/)
})
