import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escape } from '../telegram/html.ts'
import { formatFor, formatSize } from './format.ts'
import { label, phrase } from './french.ts'

const fr = formatFor('fr', 'Europe/Paris')
const en = formatFor('en', 'America/New_York')
const at = new Date('2026-11-24T14:05:00Z')

test('writes money as each language does, and never breaks it over two lines', () => {
  assert.equal(fr.money(123_456n), '1\u202f234,56\u00a0$US')
  assert.equal(en.money(123_456n), '$1,234.56')
  assert.equal(fr.money(5n), '0,05\u00a0$US')
  assert.equal(en.money(500_000_00n), '$500,000.00')
  assert.equal(en.money(-1999n), '-$19.99')
})

test('tells the time of the place, and says which place that is', () => {
  assert.equal(fr.time(at), '15:05 UTC+1')
  assert.equal(en.time(at).replaceAll('\u202f', ' '), '9:05 AM EST')
  assert.equal(fr.date(at), '24 novembre 2026')
  assert.equal(en.date(new Date('2026-11-25T02:00:00Z')), 'November 24, 2026')
})

test('shortens large counts, sizes and durations', () => {
  assert.deepEqual([0, 999, 1000, 1249, 12_000, 999_999, 1_500_000].map(en.count), [
    '0',
    '999',
    '1k',
    '1.2k',
    '12k',
    '999.9k',
    '1.5M',
  ])
  assert.equal(fr.count(1249n), '1,2k')
  assert.deepEqual(
    [1n, 1023n, 1024n, 1_572_864n, 52_428_800n, 10_737_418_240n].map((bytes) => formatSize(bytes, 'fr')),
    ['1\u00a0o', '1023\u00a0o', '1\u00a0Ko', '1,5\u00a0Mo', '50\u00a0Mo', '10\u00a0Go'],
  )
  assert.equal(en.size(2_400_000n), '2.3\u00a0MB')
  assert.deepEqual([0.2, 59, 125, 1440].map(fr.duration), [
    '1\u00a0min',
    '59\u00a0min',
    '2\u00a0h\u00a005',
    '24\u00a0h',
  ])
})

test('writes figures that need no escaping', () => {
  for (const figure of [fr.money(123_456n), en.time(at), fr.moment(at), en.size(5n)]) {
    assert.equal(escape(figure), figure)
  }
})

test('keeps French punctuation at the end of its word', () => {
  assert.equal(label`Payé ? « Oui » : 100 % !`, 'Payé\u202f? «\u00a0Oui\u00a0»\u00a0: 100\u00a0%\u202f!')
  assert.equal(phrase`Titre : ${escape('a : b ?')} !`, 'Titre\u00a0: a : b ?\u202f!')
})
