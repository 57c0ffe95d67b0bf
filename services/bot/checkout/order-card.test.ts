import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type OrderId, type PaymentId, personId, type ProductId, type FileId } from '../../../shared/domain/ids.ts'
import { coins } from '../../../shared/domain/coin.ts'
import { cents } from '../../../shared/domain/money.ts'
import { type OrderStatus, orderStatuses } from '../../../shared/domain/order.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { type Order } from '../../../shared/db/orders.ts'
import { type Attempt } from '../../../shared/db/payment-attempts.ts'
import { visibleLength } from '../../../shared/telegram/text-length.ts'
import { textsFor } from '../../../shared/texts/index.ts'
import { type Key } from '../keyboard.ts'
import { orderCard } from './order-card.ts'
import { fingerprint, pictureKey, pictureOf, toldAbout } from './order-drawing.ts'
import { type OrderView } from './order-view.ts'

const order: Order = {
  id: 'o' as OrderId,
  code: '0123456789' as PublicCode,
  buyerId: personId(1),
  sellerId: personId(2),
  productId: 'p' as ProductId,
  productCode: 'ABCDEFGH' as PublicCode,
  fileId: 'f' as FileId,
  title: 'A template',
  price: cents(1999n),
  fee: cents(149n),
  total: cents(2148n),
  status: 'awaiting_payment',
  reason: null,
  question: null,
  late: false,
  overpaid: false,
  expiresAt: null,
  watchUntil: new Date(0),
  seenAt: null,
  paidAt: null,
  told: [],
  createdAt: new Date(0),
}
const payment: Attempt = {
  id: 'y' as PaymentId,
  orderId: order.id,
  attempt: 1,
  kind: 'main',
  status: 'waiting',
  price: order.total,
  coin: 'usdtsol',
  payAmount: '21.48000001',
  actuallyPaid: '0',
  covered: cents(0n),
  address: 'So1anaAddress',
  memo: null,
  network: 'sol',
  validUntil: new Date(0),
  minutesLeft: 42,
  isOpen: true,
  isNew: false,
  isBeingAsked: false,
  refusal: null,
  isUnread: false,
}
const choice = { offered: [{ coin: 'btc', estimate: undefined }], hidden: [] } as const
const view: OrderView = { order, attempts: [payment], choice: undefined, refund: undefined, texts: textsFor('en') }
const cardOf = (change: Partial<Order>, attempts: readonly Attempt[] = [payment], more: Partial<OrderView> = {}) =>
  orderCard({ ...view, ...more, order: { ...order, ...change }, attempts }) ?? assert.fail('no card')
const labels = (card: { readonly keyboard: readonly (readonly Key[])[] }) =>
  card.keyboard.flat().map(({ text }) => text)

test('the amount is the same text in caption, copy button and QR code, and never less than was asked', () => {
  const { picture, text, keyboard } = cardOf({})
  const copied = keyboard.flat().flatMap((key) => ('copy_text' in key ? [key.copy_text.text] : []))
  assert.deepEqual(copied, ['21.480001', 'So1anaAddress'])
  assert.match(text, /<code>21\.480001<\/code>/)
  assert.ok(picture.kind === 'qr' && picture.text.includes('amount=21.480001&'))
})

test('a memo is shown and can be copied, and the QR code then holds the bare address', () => {
  const card = cardOf({}, [{ ...payment, memo: '777' }])
  assert.match(card.text, /<code>777<\/code>/)
  assert.ok(labels(card).some((label) => label.includes('memo')))
  assert.deepEqual(card.picture, { kind: 'qr', text: 'So1anaAddress' })
})

test('from the first deposit on there is no QR code, no cancelling and no other coin', () => {
  for (const status of orderStatuses.filter((one) => one !== 'awaiting_payment' && one !== 'creating')) {
    if (status === 'paid' || status === 'delivered') continue
    const card = cardOf({ status, seenAt: new Date(0) })
    assert.equal(card.picture.kind, 'cover', status)
    assert.ok(!labels(card).includes('Change coin') && !labels(card).includes('Cancel'), status)
  }
})

test('a paid order has no card of ours: the message belongs to the file', () => {
  for (const status of ['paid', 'delivered'] as const) {
    assert.equal(orderCard({ ...view, order: { ...order, status } }), undefined)
  }
})

test('an order without an address never shows one', () => {
  const unasked = { ...payment, address: null, payAmount: null, isOpen: false, validUntil: null, minutesLeft: null }
  const preparing = cardOf({ status: 'creating' }, [{ ...unasked, isNew: true }])
  assert.deepEqual([preparing.picture.kind, labels(preparing)], ['none', []])
  const silent = cardOf({ status: 'creating' }, [{ ...unasked, status: 'unknown' }])
  assert.ok(labels(silent).some((label) => label.includes('Try again')))
  const failed = cardOf({ status: 'failed', reason: 'below minimum' }, [{ ...unasked, status: 'refused' }])
  assert.equal(failed.picture.kind, 'none')
  assert.match(failed.text, /minimum/)
})

test('a window that is over shows no address, even before anybody marked the order expired', () => {
  const card = cardOf({}, [{ ...payment, isOpen: false, minutesLeft: 0 }])
  assert.equal(card.picture.kind, 'cover')
  assert.match(card.text, /Time is up/)
})

test('while the message asks something there is no address to pay to by mistake', () => {
  assert.ok(labels(cardOf({ question: 'cancel' })).includes('Yes, cancel it'))
  const coins = cardOf({ question: 'coin' }, [payment], { choice })
  assert.deepEqual(labels(coins), ['BTC · Bitcoin', '‹ Back'])
  assert.equal(coins.picture.kind, 'cover')
})

test('underpaid tells what came and what is missing, and offers the rest or the money back', () => {
  const short = { ...payment, status: 'partially_paid', actuallyPaid: '10', covered: cents(1000n), isOpen: false }
  const card = cardOf({ status: 'underpaid' }, [short])
  assert.match(card.text, /Received: 10 USDT/)
  assert.match(card.text, /Missing: 11\.480001 USDT, that is <b>\$11\.48<\/b>/)
  assert.ok(labels(card).includes('Pay the rest · $11.48') && labels(card).includes('Ask for a refund'))

  const topup = { ...payment, attempt: 2, kind: 'topup', price: cents(1148n), payAmount: '11.48' } as const
  const paying = cardOf({ status: 'underpaid' }, [short, topup])
  assert.equal(paying.picture.kind, 'qr')
  assert.match(paying.text, /<code>11\.48<\/code>/)
})

test('a payment that settled with nothing in it is told in the coin that was asked for', () => {
  const empty = { ...payment, status: 'finished', actuallyPaid: '0', covered: cents(0n), isOpen: false }
  assert.match(cardOf({ status: 'underpaid' }, [empty]).text, /Received: 0 USDT\nMissing: 21\.480001 USDT, that is/)
})

test('two deposits to one address are told together, and what two coins lack is told by the last one', () => {
  const short = { ...payment, status: 'partially_paid', payAmount: '21.48', isOpen: false }
  const first = { ...short, actuallyPaid: '10', covered: cents(1000n) }
  const second = { ...short, attempt: 2, kind: 'redeposit', actuallyPaid: '5', covered: cents(500n) } as const
  assert.match(cardOf({ status: 'underpaid' }, [first, second]).text, /Received: 15 USDT\nMissing: 6\.48 USDT, that is/)

  const other = { ...short, attempt: 2, coin: 'sol', payAmount: '0.1', actuallyPaid: '0.05', covered: cents(1074n) }
  assert.match(
    cardOf({ status: 'underpaid' }, [first, other]).text,
    /Received: 0\.05 SOL\nMissing: 0\.0034\d+ SOL, that is <b>\$0\.74/,
  )
})

test('who has just paid the rest is told that it was seen, and asked for nothing more', () => {
  const short = { ...payment, status: 'partially_paid', actuallyPaid: '10', covered: cents(1000n), isOpen: false }
  const rest = { ...payment, attempt: 2, kind: 'topup', status: 'confirming', isOpen: false, coin: 'btc' } as const
  for (const question of [null, 'topup'] as const) {
    const card = cardOf({ status: 'underpaid', question }, [short, rest])
    assert.match(card.text, /Payment seen/)
    assert.deepEqual([card.picture.kind, labels(card)], ['cover', ['🔄 Refresh', '💬 Help']])
  }
})

test('while NOWPayments cannot be asked, who waits is told that their money is safe, in both languages', () => {
  const unread = { ...payment, isUnread: true }
  for (const [language, words] of [
    ['en', 'Your money is safe'],
    ['fr', 'Votre argent est en sécurité'],
  ] as const) {
    const texts = textsFor(language)
    for (const status of ['awaiting_payment', 'confirming', 'underpaid'] as const) {
      assert.ok(cardOf({ status }, [unread], { texts }).text.includes(words), status)
      assert.ok(!cardOf({ status }, [payment], { texts }).text.includes(words), status)
    }
    assert.ok(!cardOf({ status: 'cancelled' }, [unread], { texts }).text.includes(words), 'nobody waits for it')
  }
})

test('the rest that no coin can carry goes to a person', () => {
  const none = { offered: [], hidden: [] }
  const card = cardOf({ status: 'underpaid', question: 'topup' }, [payment], { choice: none })
  assert.match(card.text, /too small/)
})

test('hostile titles are shown literally and never make a message too long or a button too large', () => {
  const titles = fc.string({ minLength: 5, maxLength: 100, unit: 'grapheme' })
  const statuses = fc.constantFrom<OrderStatus>(...orderStatuses)
  const questions = fc.constantFrom('cancel', 'coin', 'topup', null)
  const longest = { ...payment, address: 'A'.repeat(128), memo: '9'.repeat(64), isUnread: true }
  const attempts = [longest, { ...longest, attempt: 2, kind: 'topup' as const }]
  const all = { offered: coins.map((coin) => ({ coin, estimate: '123.45678901' })), hidden: [] }
  fc.assert(
    fc.property(titles, statuses, questions, fc.constantFrom('fr', 'en'), (title, status, question, language) => {
      const asking = { ...order, title, status, question, reason: 'withdrawn product' }
      const card = orderCard({ ...view, attempts, choice: all, texts: textsFor(language), order: asking })
      if (card === undefined) return
      assert.ok(visibleLength(card.text) <= 1024)
      assert.ok(!/<(?!\/?(b|i|code|a|blockquote)\b)/.test(card.text))
      for (const key of card.keyboard.flat()) {
        if ('callback_data' in key) assert.ok(Buffer.byteLength(key.callback_data) <= 64)
        if ('copy_text' in key) assert.ok(key.copy_text.text.length <= 256)
      }
    }),
  )
})

test('the fingerprint changes with words and picture, and names the picture', () => {
  const card = cardOf({})
  assert.equal(fingerprint(card), fingerprint(cardOf({})))
  assert.notEqual(fingerprint(card), fingerprint(cardOf({}, [{ ...payment, minutesLeft: 41 }])))
  assert.equal(pictureOf(fingerprint(card)), pictureKey(card))
  assert.equal(pictureOf(null), undefined)
})

test('a short reply is due when money moved or the buyer must act, not for every state', () => {
  const due = orderStatuses.filter((status) => toldAbout({ status }, [payment]) !== undefined)
  assert.deepEqual(due, ['underpaid', 'review', 'failed', 'refunded'])
  assert.equal(toldAbout({ status: 'failed' }, [{ ...payment, address: null }]), undefined)
})
