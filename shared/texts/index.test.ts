import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCaption, readMessageText } from '../../sandbox/telegram/entities.ts'
import { alarmKinds } from '../domain/alarm.ts'
import { coins } from '../domain/coin.ts'
import { cents } from '../domain/money.ts'
import { type Html } from '../telegram/html.ts'
import { visibleLength } from '../telegram/text-length.ts'
import { languageFrom, languages, type Texts, textsFor } from './index.ts'

const hostile = `<b>Photoshop</b> & "CO" <br> _*[key]\u202e\u0000 ${'🦊é'.repeat(3000)}`
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

const order = { ...about, price: cents(1999n), fee: cents(149n), total: cents(2148n) }
const gift = { ...about, price: cents(0n), fee: cents(0n), total: cents(0n) }
const coinChoice = {
  offered: coins.map((coin) => ({ coin, estimate: '0.00021893' })),
  hidden: [
    { coin: 'btc' as const, minimum: cents(1880n) },
    { coin: 'eth' as const, minimum: undefined },
  ],
}
const payment = {
  coin: 'usdtsol',
  amount: '21.48',
  address: 'mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN',
  memo: '<12345>',
  network: 'sol',
  expiresAt: at,
  minutesLeft: 59,
}
const shortfall = { coin: 'btc', received: '0.0001', missing: '0.00002', missingDollars: cents(300n) }
const doubts = ['paid twice', 'withdrawn product', 'no such doubt', null]
const noAddress = ['below minimum', 'coin unavailable', 'closed', 'busy', 'refused', 'unknown'] as const
const refusals = ['own', 'owned', 'not visible', 'too many orders', 'too many payments', 'too many free'] as const
const failures = ['below minimum', 'closed', 'price changed', 'constructor', null]

const shopTexts = ({ home, forms, storefront, pages, common, delivery, library }: Texts): readonly Html[] => [
  home.welcome(coins),
  storefront.results(hostile, 1200),
  storefront.nothingFound(hostile),
  storefront.pausedShop(hostile),
  storefront.emptyShop(hostile),
  storefront.previewOf(hostile),
  storefront.queryFault({ kind: 'too long', length: 120 }, { least: 2, most: 100 }),
  storefront.queryFault({ kind: 'too short', length: 1 }, { least: 2, most: 100 }),
  ...[pages.help, pages.support, pages.terms, pages.privacy, pages.paysupport],
  ...[
    common.suspended(at),
    common.suspended(null),
    forms.tooLong(300, 100),
    forms.tooShort(1, 5),
    forms.kept(forms.titles.product),
    common.somethingWrong('0f<>'),
  ],
  delivery.caption(file),
  delivery.link({ ...file, reason: 'too large' }),
  delivery.link({ ...file, reason: 'not taken' }),
  ...[delivery.trouble(about), delivery.problem(about), delivery.withdrawn(about), delivery.placeholder(about)],
  ...[library.entry(owned), library.chooseVersion(hostile), library.announce(hostile)],
]

const stuck = { kind: 'delivery', ref: hostile, reason: hostile, at }
const happened = Array.from({ length: 7 }, () => ({ at, kind: 'notified', detail: hostile }))
const adminOrder = {
  ...about,
  status: 'review' as const,
  total: cents(2148n),
  buyerId: 5_000_000_001n,
  sellerName: hostile,
}

const finding = {
  name: hostile,
  count: 1000,
  refs: [hostile, hostile],
  firstSeenAt: at,
  lastSeenAt: at,
  acknowledgedAt: at,
}

const freeze = {
  sellerId: 5_000_000_001n,
  shop: 'ABCDEFGH',
  name: hostile,
  frozenAt: at,
  address: payment.address,
  changes: (['address', 'email', 'address', 'email'] as const).map((field) => {
    const value = field === 'address' ? payment.address : `${'a'.repeat(60)}@${'b'.repeat(180)}.example`
    return { field, old: value, new: value, at }
  }),
}

const adminTexts = ({ admin, alarms, freezes, invariants }: Texts): readonly Html[] => [
  ...[freezes.list(3), freezes.none, freezes.one(freeze), freezes.one({ ...freeze, address: null, changes: [] })],
  ...[freezes.ask(freeze), freezes.openAgain],
  ...alarmKinds.flatMap((kind) =>
    (['raised', 'cleared'] as const).map((what) =>
      alarms.tell({ kind, what, subject: hostile, count: 3, detail: hostile, lastedSeconds: 4_000 }),
    ),
  ),
  ...[invariants.list(0), invariants.list(3), invariants.one({ ...finding, name: 'quota-used' })],
  invariants.one({ ...finding, name: 'quota-used', acknowledgedAt: null }),
  invariants.ask('quota-used'),
  admin.home({
    deadLetters: 3,
    inReview: 2,
    openCases: 1,
    openRefunds: 1,
    blocked: 0,
    frozen: 0,
    appeals: 2,
    oldestUnsentSeconds: 0,
  }),
  admin.letters(
    'delivery',
    12,
    Array.from({ length: 10 }, (_, index) => ({ ...stuck, position: index + 1 })),
  ),
  ...[admin.letter({ ...stuck, position: 1 }, 'ABCDEFGH23'), admin.letter({ ...stuck, position: 1 }, null)],
  admin.timeline(adminOrder, 2, 3, happened),
]

const checkoutTexts = ({ checkout, order: said, orderAnswers }: Texts): readonly Html[] => [
  checkout.chooseCoin(hostile, order, coinChoice),
  checkout.noCoin(hostile, order),
  checkout.priceChanged(hostile, cents(999n), order),
  checkout.seeBelow(hostile),
  checkout.suspensionReason(hostile),
  said.preparing(hostile),
  said.awaiting(order, payment),
  said.awaiting(order, { ...payment, coin: 'doge', network: 'arbitrum', memo: null }),
  ...[said.askCancel(order), said.noAnswer(order), said.settling(order), said.cancelled(order), said.cancelled(gift)],
  said.askCoin(order, checkout.choice(coinChoice)),
  said.askRestCoin(order, cents(300n), checkout.choice(coinChoice)),
  ...[said.confirming(order, 'btc'), said.confirming(order, null)],
  ...[said.underpaid(order, shortfall, undefined), said.underpaid(order, shortfall, payment)],
  ...doubts.map((doubt) => said.review(order, doubt)),
  ...failures.map((why) => said.failed(order, why)),
  ...[said.expired(order, at), said.expired(order, null)],
  ...[
    said.refunded(order, undefined, false),
    said.refunded(order, { amount: '21.48', asset: 'usdtsol', hash: '5x<' }, true),
  ],
  ...Object.values(orderAnswers.told).map((tell) => tell('ABCDEFGH23')),
  ...[true, false].map((isReturned) =>
    orderAnswers.overpaid('ABCDEFGH23', { coin: 'doge<', amount: '0.5', cents: cents(501n), isReturned }),
  ),
  orderAnswers.entry(hostile, 'ABCDEFGH23', cents(2148n), 'underpaid', at),
  orderAnswers.list(1234),
]

const longerTexts = ({ notices, library, admin, storefront }: Texts): readonly Html[] => [
  storefront.contentsOf(hostile, Array(10).fill({ name: hostile, sizeBytes: 12_345 }), 9_990),
  admin.alert('delivery', hostile, 'ABCDEFGH23', 3),
  notices.sale(hostile, cents(1999n), 'usdtsol', 'ABCDEFGH23'),
  notices.sale(hostile, cents(1999n), null, 'ABCDEFGH23'),
  notices.freeOrders(hostile, 2),
  notices.fileReceived(hostile),
  notices.fileReceived(''),
  notices.fileRefused(hostile, 'blocked type'),
  notices.coverRefused(hostile, 'too large'),
  notices.originalDamaged(hostile),
  notices.moneyWaits(1999n),
  notices.codeNotSent('ada@example.org', false),
  notices.codeNotSent('ada@example.org', true),
  library.newVersion(hostile, 2, 'fixed <typos>'),
  library.fileEnding(hostile, new Date('2026-12-24T12:00:00Z')),
  notices.fileRefused(hostile, 'protected document'),
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
    for (const text of [...shopTexts(texts), ...checkoutTexts(texts), ...adminTexts(texts)]) {
      const seen = readCaption({ text, parseMode: 'HTML', entities: undefined })
      assert.ok(visibleLength(text) <= 1024 && seen.text !== '')
    }
    for (const text of longerTexts(texts)) readMessageText({ text, parseMode: 'HTML', entities: undefined })
  }
})

test('shows a title literally and an amount so that a tap copies it', () => {
  for (const language of languages) {
    const text = textsFor(language).order.awaiting({ ...order, title: '<b>50%</b> & _*[' }, payment)
    const seen = readCaption({ text, parseMode: 'HTML', entities: undefined })
    assert.ok(seen.text.includes('<b>50%</b> & _*['))
    const copied = seen.entities
      .filter(({ type }) => type === 'code')
      .map(({ offset, length }) => seen.text.slice(offset, offset + length))
    assert.deepEqual(copied, [payment.amount, payment.address, payment.memo, order.code])
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

test('says each paragraph on a line of its own, and the same number of them in both languages', () => {
  const [fr, en] = languages.map((language) => {
    const texts = textsFor(language)
    const fixed = catalogueOf(texts).flatMap(([, text]) => (typeof text === 'string' ? [text] : []))
    return [...fixed, ...shopTexts(texts), ...checkoutTexts(texts), ...adminTexts(texts), ...longerTexts(texts)]
  })
  assert.equal(fr?.length, en?.length)
  fr?.forEach((text, index) => {
    const other = en?.[index] ?? ''
    assert.equal(other.split('\n').length, text.split('\n').length, other)
    for (const one of [text, other]) assert.doesNotMatch(one, /\n[ \t]|[ \t]\n| {2}/)
  })
})

test('keeps what appears as a toast or in the menu short enough', () => {
  for (const language of languages) {
    const { common, checkout, orderAnswers, storefront, library, admin, commands } = textsFor(language)
    const plain = [common, checkout, orderAnswers, storefront, library, admin].flatMap((group) =>
      Object.values<unknown>(group),
    )
    const said = [
      ...plain.filter((text) => typeof text === 'string' && !text.includes('<')),
      ...noAddress.map((why) => checkout.noAddress(why)),
      ...refusals.map((kind) => checkout.refusal({ kind })),
      checkout.refusal({ kind: 'suspended', until: at, reason: hostile }),
      orderAnswers.nothingSeen('btc'),
      orderAnswers.nothingSeen(null),
      orderAnswers.stateNow('awaiting_payment'),
      library.tooOften(at),
    ]
    for (const text of said) assert.ok(typeof text === 'string' && Array.from(text).length <= 200, String(text))
    for (const text of Object.values(commands)) assert.ok(text.length >= 3 && text.length <= 256)
  }
})

test('takes the language of a person from what Telegram says of them', () => {
  const spoken = ['fr', 'fr-CA', 'EN-us', 'en', 'de', 'pt-br', '', undefined, 'english', 'frr']
  const heard = spoken.map((code) => languageFrom(code, 'fr'))
  assert.deepEqual(heard, ['fr', 'fr', 'en', 'en', 'fr', 'fr', 'fr', 'fr', 'fr', 'fr'])
  assert.equal(languageFrom('de', 'en'), 'en')
})
