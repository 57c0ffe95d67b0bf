import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCaption } from '../../sandbox/telegram/entities.ts'
import { cents } from '../domain/money.ts'
import { type Html } from '../telegram/html.ts'
import { visibleLength } from '../telegram/text-length.ts'
import { type CorrectionFacts } from './facts.ts'
import { languages, type Texts, textsFor } from './index.ts'

const hostile = `<b>Photoshop</b> & "CO" <br> _*[key]\u202e\u0000 ${'🦊é'.repeat(3000)}`
const at = new Date('2026-11-24T14:05:00Z')

const judged = {
  kind: hostile,
  note: hostile,
  openedAt: at,
  order: { code: 'ABCDEFGH23', title: hostile, status: 'review', total: 2148n, buyerId: 5n, sellerName: hostile },
  payments: Array.from({ length: 9 }, () => ({
    attempt: 1,
    coin: 'usdtsol',
    reportedCoin: hostile.slice(0, 20),
    payAmount: '21.48',
    actuallyPaid: '10.5',
    status: 'partially_paid',
    providerId: '5000000001',
    isAccepted: true,
  })),
  received: cents(1050n),
  isRefundOpen: true,
} as const
const refund = {
  orderCode: 'ABCDEFGH23',
  kind: 'money',
  state: 'sent',
  cents: cents(1050n),
  asset: 'usdtsol',
  address: 'a'.repeat(44),
  amount: '10.5',
  txHash: 'h'.repeat(88),
  reason: hostile,
  openedAt: at,
} as const
const openCase = {
  position: 1,
  kind: hostile,
  orderCode: 'ABCDEFGH23',
  status: 'review',
  total: 1n,
  openedAt: at,
} as const

const caseTexts = ({ cases, refunds }: Texts): readonly Html[] => [
  ...[
    cases.card(judged),
    cases.askAccept(judged),
    cases.list(
      99,
      Array.from({ length: 10 }, () => openCase),
    ),
  ],
  ...[cases.refundCard(refund, 'ABCDEFGH'), cases.refundCard({ ...refund, state: 'rejected', address: null }, null)],
  ...[
    cases.refunds(
      12,
      1,
      Array.from({ length: 10 }, () => refund),
    ),
    cases.confirmSent(refund, '10.5', 'h'.repeat(88)),
  ],
  ...[
    cases.confirmReason(hostile.slice(0, 300)),
    ...[cases.askNote, cases.confirmNote(hostile.slice(0, 300))],
    cases.askAmount('btc', hostile.slice(0, 90)),
    cases.askForget(hostile.slice(0, 90)),
    cases.notHash('eth'),
  ],
  ...[
    refunds.closed('ABCDEFGH23', hostile, 'request'),
    refunds.closed('ABCDEFGH23', hostile, 'payment'),
    refunds.refused('ABCDEFGH23', hostile),
    refunds.accepted('ABCDEFGH23'),
  ],
  refunds.sent('ABCDEFGH23', '1.5', 'btc', 'h'.repeat(64)),
  refunds.sellerTold(hostile, 'ABCDEFGH23', 1999n, 'set off'),
  refunds.sellerTold(hostile, 'ABCDEFGH23', 1999n, 'cancelled'),
]

const due = { shopName: hostile, cents: 4200n, since: at, obstacle: 'address on hold' } as const
const batch = { code: 'ABCDEFGH', state: 'confirmed', count: 12, cents: 4200n, createdAt: at } as const
const payout = {
  number: 1,
  shopName: hostile,
  address: 'a'.repeat(44),
  cents: 4200n,
  state: 'confirmed',
  txHash: 'h'.repeat(88),
  reason: hostile,
  at,
  orderCodes: Array.from({ length: 50 }, () => 'ABCDEFGH23'),
  obstacle: 'other address',
} as const

const correction = (reason: CorrectionFacts['reason'], isSettled: boolean): CorrectionFacts => ({
  ...{ orderCode: 'ABCDEFGH23', title: hostile, cents: -515_700n, at, reason, isSettled },
})

const payoutTexts = ({ corrections, payouts }: Texts): readonly Html[] => [
  corrections.card(99, [
    ...(['withdrawn', 'asked', 'provider', 'refunded'] as const).map((reason) => correction(reason, true)),
    correction('asked', false),
  ]),
  corrections.none,
  payouts.due(
    Array.from({ length: 30 }, () => due),
    Array.from({ length: 30 }, () => due),
  ),
  ...[
    payouts.due([], []),
    payouts.batches(
      30,
      11,
      Array.from({ length: 10 }, () => batch),
    ),
    payouts.askCode(batch),
    payouts.askCancel(batch),
  ],
  payouts.batch(
    batch,
    Array.from({ length: 10 }, () => payout),
  ),
  ...[payouts.payout(payout), payouts.askHash(payout), payouts.confirmHash(payout, 'h'.repeat(88))],
  ...[null, { cents: 4200n, hash: null }, { cents: 4200n, hash: 'h'.repeat(88) }].flatMap((of) => [
    payouts.askWhyFailed(of),
    payouts.confirmReason(hostile.slice(0, 300), of),
  ]),
  payouts.sent({ cents: 4200n, address: 'a'.repeat(44), hash: 'h'.repeat(88), orderCodes: payout.orderCodes }),
  payouts.failed(4200n, hostile),
  payouts.own(
    30,
    1,
    Array.from({ length: 10 }, () => payout),
  ),
  payouts.ownOne(payout),
]

test('what is said of cases, refunds and payouts is short enough and valid for Telegram, whatever people are called', () => {
  const told = languages.map((language) => {
    const texts = textsFor(language)
    return [...caseTexts(texts), ...payoutTexts(texts)]
  })
  for (const text of told.flat()) {
    const seen = readCaption({ text, parseMode: 'HTML', entities: undefined })
    assert.ok(seen.text !== '' && visibleLength(text) <= 1024, `${visibleLength(text)}: ${seen.text.slice(0, 200)}`)
  }
  const [fr = [], en = []] = told
  fr.forEach((text, index) => {
    assert.notEqual(text, en[index])
  })
})
