import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCaption } from '../../sandbox/telegram/entities.ts'
import { coins } from '../domain/coin.ts'
import { cents } from '../domain/money.ts'
import { type Html } from '../telegram/html.ts'
import { visibleLength } from '../telegram/text-length.ts'
import { languages, type Texts, textsFor } from './index.ts'

const hostile = `<b>Photoshop</b> & "CO" <br> _*[key]\u202e\u0000 ${'🦊é'.repeat(3000)}`
const at = new Date('2026-11-24T14:05:00Z')
const order = { price: cents(1999n), fee: cents(149n), total: cents(2148n) }
const gift = { price: cents(0n), fee: cents(0n), total: cents(0n) }
const coinChoice = {
  offered: coins.map((coin) => ({ coin, estimate: '0.00021893' })),
  hidden: [
    { coin: 'btc' as const, minimum: cents(1880n) },
    { coin: 'eth' as const, minimum: undefined },
  ],
}

const mine = {
  code: 'ABCDEFGH',
  title: hostile,
  price: cents(1999n),
  state: 'withdrawn' as const,
  reason: hostile,
  until: at,
  sales: 1234n,
  views: 99_000n,
  ratingSum: 47n,
  reviewsCount: 10n,
  file: { number: 3, sizeBytes: 7_000_000n, isWhole: false },
  waitingFile: hostile,
  fileRefusal: 'blocked type' as const,
  isCoverWaiting: true,
  coverRefusal: 'too large' as const,
  position: 2,
  count: 7,
}
const blank = { ...mine, title: null, price: null, state: 'draft' as const, file: null, waitingFile: null }
const untouched = {
  fileRefusal: null,
  coverRefusal: null,
  isCoverWaiting: false,
  reviewsCount: 0n,
  views: 0n,
  sales: 0n,
}
const range = { least: 999n, most: 500_000n }
const limits = { least: 5, most: 100 }
const fileLimits = { chatBytes: 20_971_520n, pageBytes: 10 * 1024 ** 3 }
const priceFaults = ['not a number', 'negative', 'too many decimals', 'too low', 'too high'] as const

const sellingTexts = ({ ownProducts, productForm }: Texts): readonly Html[] => [
  ...[mine, { ...blank, ...untouched }].map((product) => ownProducts.card(product)),
  ...(['processing', 'active', 'inactive'] as const).map((state) => ownProducts.card({ ...mine, ...untouched, state })),
  ...[ownProducts.changeWhat(hostile), ownProducts.changeWhat(null), ownProducts.askRemoval(hostile)],
  ...[0, 1, 2].map((openOrders) => ownProducts.askHiding(hostile, openOrders)),
  ...[productForm.askTitle(limits, hostile), productForm.askTitle(limits, null)],
  ...[
    productForm.askDescription(limits, hostile),
    productForm.askCategory(hostile),
    productForm.askPrice(range, 1999n),
  ],
  ...(['too short', 'too long'] as const).map((kind) => productForm.textFault({ kind, length: 3 }, limits)),
  ...priceFaults.map((fault) => productForm.priceFault(fault, range)),
  ...[productForm.priced(order, coinChoice), productForm.priced(gift, coinChoice)],
  productForm.priced(order, { offered: [], hidden: [] }),
  ...[productForm.askCover(true), productForm.coverRefused('damaged'), productForm.askFile(fileLimits, hostile)],
  ...(['blocked type', 'quota'] as const).map((reason) => productForm.fileRefused(reason)),
  ...[productForm.fileTooLarge(22_020_096n, fileLimits), productForm.quotaFull(10n, 1000n)],
  ...[productForm.askUpload(fileLimits), productForm.askChangelog({ least: 0, most: 200 })],
]

test('what sellers read of their products is understood by Telegram, whatever they are called', () => {
  for (const language of languages) {
    for (const text of sellingTexts(textsFor(language))) {
      const seen = readCaption({ text, parseMode: 'HTML', entities: undefined })
      assert.ok(visibleLength(text) <= 1024 && seen.text !== '')
    }
  }
})

test('sellers read the same paragraphs in both languages, and toasts that are short enough', () => {
  const [fr = [], en = []] = languages.map((language) => sellingTexts(textsFor(language)))
  assert.equal(fr.length, en.length)
  fr.forEach((text, index) => {
    const other = en[index] ?? ''
    assert.equal(other.split('\n').length, text.split('\n').length, other)
    for (const one of [text, other]) assert.doesNotMatch(one, /\n[ \t]|[ \t]\n| {2}/)
  })
  for (const { ownProducts, productForm } of languages.map((language) => textsFor(language))) {
    for (const text of [...Object.values<unknown>(ownProducts), ...Object.values<unknown>(productForm)]) {
      if (typeof text === 'string' && !text.includes('<')) assert.ok(Array.from(text).length <= 200, text)
    }
  }
})
