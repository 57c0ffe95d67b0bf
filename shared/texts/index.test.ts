import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCaption, readMessageText } from '../../sandbox/telegram/entities.ts'
import { coins } from '../domain/coin.ts'
import { cents } from '../domain/money.ts'
import { visibleLength } from '../telegram/text-length.ts'
import { languageFrom, languages, type Texts, textsFor } from './index.ts'

const hostile = `<b>Photoshop</b> & "CO" <br> _*[key]\u202e \u0000 ${'🦊é'.repeat(3000)}`
const at = new Date('2026-11-24T14:05:00Z')

/** Every leaf of a catalogue by its path. */
function leaves(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path === '' ? key : `${path}.${key}`))
}

const catalogueOf = (texts: Texts) => leaves({ ...texts, format: undefined, language: undefined }, '')

const file = {
  title: hostile,
  sellerName: hostile,
  fileNumber: 3,
  sizeBytes: 7_000_000n,
  sha256: 'ab'.repeat(32),
  orderCode: 'ABCDEFGH23',
}

const owned = {
  title: hostile,
  sellerName: hostile,
  price: cents(1999n),
  boughtAt: at,
  boughtVersion: 1,
  latestVersion: 2,
  downloads: 0,
  sizeBytes: 10n,
  isPurged: true,
}

const about = { title: hostile, code: 'ABCDEFGH23' }

/** Everything that goes into a chat as HTML and is told something from outside. */
const captions = ({ home, storefront, delivery, library, pages, common }: Texts) => [
  home.welcome(coins),
  storefront.results(hostile, 1200),
  storefront.nothingFound(hostile),
  storefront.pausedShop(hostile),
  storefront.emptyShop(hostile),
  storefront.queryFault({ kind: 'too long', length: 120 }, { least: 2, most: 100 }),
  storefront.queryFault({ kind: 'too short', length: 1 }, { least: 2, most: 100 }),
  delivery.caption(file),
  delivery.link({ ...file, reason: 'too large' }),
  delivery.link({ ...file, reason: 'not taken' }),
  delivery.arrived({ code: hostile, method: 'document' }),
  delivery.trouble(about),
  delivery.problem(about),
  delivery.withdrawn(about),
  library.entry(owned),
  library.chooseVersion(hostile),
  library.announce(hostile),
  common.suspended(at),
  common.suspended(null),
  common.tooLong(300, 100),
  ...Object.values(pages),
]

const messages = ({ notices, library, common, delivery }: Texts) => [
  notices.sale(hostile, cents(1999n), 'usdtsol', 'ABCDEFGH23'),
  notices.sale(hostile, cents(1999n), null, 'ABCDEFGH23'),
  notices.freeOrders(hostile, 2),
  notices.fileRefused(hostile, hostile),
  notices.orderRefunded(hostile, 'ABCDEFGH23'),
  library.newVersion(hostile, 2, 'fixed <typos>'),
  common.somethingWrong('0f<>'),
  delivery.placeholder({ code: 'ABCDEFGH23' }),
]

test('says everything in both languages, under the same keys and in the same way', () => {
  const [fr, en] = languages.map((language) => new Map(catalogueOf(textsFor(language))))
  assert.deepEqual([...(fr?.keys() ?? [])].sort(), [...(en?.keys() ?? [])].sort())
  for (const [path, text] of fr ?? []) {
    const other = en?.get(path)
    assert.equal(typeof text, typeof other, path)
    if (typeof text === 'function' && typeof other === 'function') assert.equal(text.length, other.length, path)
  }
})

test('leaves no text empty, and none of one language in the other', () => {
  const shared = /^(common\.languageName|storefront\.fileKinds|.*\.(version|place)s?)$|🏪|^🏠/
  const en = new Map(catalogueOf(textsFor('en')))
  for (const [path, text] of catalogueOf(textsFor('fr'))) {
    if (typeof text !== 'string' || shared.test(path)) continue
    assert.notEqual(text.trim(), '', path)
    if (text.length > 25) assert.notEqual(text, en.get(path), path)
  }
})

test('is always understood by Telegram, whatever people call their products', () => {
  for (const language of languages) {
    const texts = textsFor(language)
    for (const text of captions(texts)) {
      const { text: seen } = readCaption({ text, parseMode: 'HTML', entities: undefined })
      assert.ok(visibleLength(text) <= 1024)
      assert.equal(seen.includes('</'), text.includes('&lt;/'), seen)
    }
    for (const text of messages(texts)) readMessageText({ text, parseMode: 'HTML', entities: undefined })
  }
})

test('understands each fixed text that holds markup', () => {
  for (const language of languages) {
    for (const [path, text] of catalogueOf(textsFor(language))) {
      if (typeof text !== 'string' || !text.includes('<')) continue
      const seen = readCaption({ text, parseMode: 'HTML', entities: undefined })
      assert.ok(seen.entities.length > 0, path)
    }
  }
})

test('keeps what appears as a toast or on a button short enough', () => {
  const toasts = ['languageChosen', 'outdated', 'slowDown', 'notFound', 'formConflict'] as const
  for (const language of languages) {
    const { common, buying, orderMessage, orders, storefront, library, commands } = textsFor(language)
    const said = [
      ...toasts.map((key) => common[key]),
      ...Object.values(buying.refused),
      ...Object.values(orderMessage.noAddress),
      buying.owned,
      buying.suspended(undefined, '24 novembre 2026'),
      orderMessage.cancelled,
      orderMessage.tooLate,
      orderMessage.refundAsked,
      `${orderMessage.nothingSeen} ${orderMessage.usualTime(10, 30)}`,
      orders.notFound,
      storefront.noLongerForSale,
      library.tooOften(at),
      library.sending,
    ]
    for (const text of said) assert.ok(Array.from(text).length <= 200, text)
    for (const text of Object.values(commands)) assert.ok(text.length <= 256)
  }
})

test('takes the language of a person from what Telegram says of them', () => {
  const spoken = ['fr', 'fr-CA', 'EN-us', 'en', 'de', 'pt-br', '', undefined, 'english', 'frr']
  const heard = spoken.map((code) => languageFrom(code, 'fr'))
  assert.deepEqual(heard, ['fr', 'fr', 'en', 'en', 'fr', 'fr', 'fr', 'fr', 'fr', 'fr'])
  assert.equal(languageFrom('de', 'en'), 'en')
})
