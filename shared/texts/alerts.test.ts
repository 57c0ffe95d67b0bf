import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Alert, alertNames, factsOfAlert, kindOfAlert } from '../domain/alert.ts'
import { languages, textsFor } from './index.ts'

/** Numbers where a text makes an amount or a moment of them. */
const values: Readonly<Record<string, string>> = { cents: '1999', at: '2026-11-24T14:05:00Z' }

const alertAbout = (about: (typeof alertNames)[number]): Alert =>
  ({ about, ...Object.fromEntries(factsOfAlert(about).map((fact) => [fact, values[fact] ?? 'x1'])) }) as Alert

test('whatever administrators are alerted of has a title and a sentence of its own in each language', () => {
  const [fr = [], en = []] = languages.map((language) =>
    alertNames.map((about) => {
      const { alerts } = textsFor(language)
      const alert = alertAbout(about)
      assert.notEqual(alerts.title(kindOfAlert(alert)), '')
      return alerts.says(alert, 'ABCDEFGHJK')
    }),
  )
  assert.equal(new Set(fr).size, alertNames.length)
  fr.forEach((text, index) => {
    assert.doesNotMatch(text, /undefined|\[object/)
    assert.notEqual(text, en[index])
  })
})

test('what is told for each person apart has the title of its kind, and an unknown kind its own', () => {
  const { alerts } = textsFor('en')
  assert.equal(alerts.title('appeal 900000001'), 'Appeal')
  assert.equal(alerts.title('an older kind'), 'an older kind')
})
