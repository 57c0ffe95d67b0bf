import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alertNames, factsOfAlert, isAlert, kindOfAlert } from './alert.ts'

test('an alert that was read is one only with each of its facts, as text', () => {
  assert.ok(isAlert({ about: 'case', case: 'wrong coin' }))
  assert.ok(isAlert({ about: 'executables' }))
  for (const other of [null, 'case', [], {}, { about: 'case' }, { about: 'case', case: 3 }, { about: 'constructor' }])
    assert.equal(isAlert(other), false, JSON.stringify(other))
  for (const about of alertNames) {
    const alert = { about, ...Object.fromEntries(factsOfAlert(about).map((fact) => [fact, '1'])) }
    assert.ok(isAlert(alert), about)
    assert.ok(kindOfAlert(alert).length > 0)
  }
})
