import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCaption } from '../../sandbox/telegram/entities.ts'
import { moderationReasons, productMeasures, writeReason } from '../domain/moderation.ts'
import { type Html } from '../telegram/html.ts'
import { visibleLength } from '../telegram/text-length.ts'
import { reasonIn as reasonInEnglish } from './en/moderation-reasons.ts'
import { reasonIn as reasonInFrench } from './fr/moderation-reasons.ts'
import { languages, type Texts, textsFor } from './index.ts'

const hostile = `<b>Photoshop</b> & "CO" <br> _*[key]\u202e\u0000 ${'🦊é'.repeat(3000)}`
const at = new Date('2026-11-24T14:05:00Z')
const product = {
  code: 'ABCDEFGH',
  title: hostile,
  status: 'active',
  moderation: 'banned' as const,
  reason: hostile,
  until: at,
  isWithdrawn: true,
  sales: 12n,
  owners: 10,
  sellerId: 9_007_199_254_740_991n,
  sellerName: hostile,
}
const person = {
  id: 9_007_199_254_740_991n,
  username: hostile,
  firstName: hostile,
  status: 'suspended',
  reason: hostile,
  until: at,
  bought: 3,
  shop: { code: 'ABCDEFGH', name: hostile, products: 3 },
}

const appeal = {
  personId: 9_007_199_254_740_991n,
  personName: hostile,
  product: { code: 'ABCDEFGH', title: hostile },
  words: hostile.slice(0, 3000),
  reason: hostile,
  until: at,
  openedAt: at,
}

const all = ({ moderation, appeals }: Texts): readonly Html[] => [
  ...[moderation.productSuspended(hostile, at, hostile), moderation.productSuspended(hostile, null, 'scam')],
  ...[true, false].flatMap((is) => [
    moderation.productBanned(hostile, hostile, is),
    moderation.productRestored(hostile, is),
    moderation.personRestored(is),
  ]),
  moderation.contentReturned(hostile),
  ...[appeals.one(appeal), appeals.one({ ...appeal, product: null, reason: null, until: null, words: 'short' })],
  appeals.list(
    99,
    1,
    Array.from({ length: 10 }, () => appeal),
  ),
  ...[
    appeals.confirmReason(hostile.slice(0, 300)),
    appeals.toldRefused(hostile, hostile),
    appeals.toldRefused(null, 'no'),
  ],
  ...[moderation.contentWithdrawn(hostile, true), moderation.contentWithdrawn(hostile, false)],
  ...[moderation.personSuspended(at, hostile), moderation.personSuspended(null, 'other: words')],
  ...[moderation.product(product), moderation.product({ ...product, until: null, reason: null, isWithdrawn: false })],
  ...[moderation.person(person), moderation.person({ ...person, username: null, shop: null, reason: null })],
  ...productMeasures.map((measure) =>
    moderation.confirm({ measure, about: hostile, days: 7, reason: hostile, standing: null }),
  ),
  moderation.confirm({ measure: 'suspend', about: hostile, days: null, reason: null, standing: null }),
  moderation.confirm({ measure: 'restore', about: hostile, days: null, reason: hostile, standing: product }),
]

test('what is said of moderation is understood by Telegram, and in both languages in as many paragraphs', () => {
  const [fr = [], en = []] = languages.map((language) => all(textsFor(language)))
  assert.equal(fr.length, en.length)
  fr.forEach((text, index) => {
    const other = en[index] ?? ''
    assert.equal(other.split('\n').length, text.split('\n').length, other)
    for (const one of [text, other]) {
      const seen = readCaption({ text: one, parseMode: 'HTML', entities: undefined })
      assert.ok(visibleLength(one as Html) <= 1024 && seen.text !== '')
      assert.doesNotMatch(one, /\n[ \t]|[ \t]\n| {2}/)
    }
  })
})

test('a reason is kept once and read in each language, with the words of whoever decided', () => {
  assert.equal(reasonInFrench(writeReason('scam', '')), 'tromperie ou spam')
  assert.match(reasonInFrench(writeReason('other', 'un prix: trop haut')), /^autre motif\s: un prix: trop haut$/)
  assert.equal(reasonInEnglish(writeReason('copyright', 'the pictures')), 'copyright: the pictures')
  assert.equal(reasonInEnglish('Written by hand: long ago'), 'Written by hand: long ago')
  for (const reason of moderationReasons) assert.notEqual(reasonInEnglish(reason), reason === 'copyright' ? '' : reason)
})
