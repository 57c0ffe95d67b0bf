import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { coverageOf } from './coverage.ts'
import { compareDecimals, decimalText, parseDecimal } from './decimal.ts'
import { orderStatuses } from './order.ts'
import {
  type Appraisal,
  type AskedOrder,
  type AskedPayment,
  type Decision,
  decide,
  ranks,
  type Report,
} from './payment.ts'

const policy = { tolerance: 50n, volatileCoins: ['btc', 'eth', 'sol'] }

const order: AskedOrder = {
  status: 'awaiting_payment',
  totalCents: 2148n,
  coveredElsewhere: 0n,
  hasOtherLivePayment: false,
  wasSeen: false,
  isOwned: false,
  isWithdrawn: false,
  isLate: false,
  lateMs: -1000,
}

const payment: AskedPayment = {
  reference: 'ABCDE12345-1',
  rank: 0,
  priceCents: 2148n,
  payCurrency: 'usdtsol',
  payAmount: '21.512345',
  actuallyPaid: '0',
}

const finished: Report = {
  status: 'finished',
  reference: 'ABCDE12345-1',
  parentId: null,
  priceCents: 2148n,
  priceCurrency: 'usd',
  payCurrency: 'usdtsol',
  actuallyPaid: '21.512345',
}

const decideWith = (changes: {
  order?: Partial<AskedOrder>
  payment?: Partial<AskedPayment>
  report?: Partial<Report>
}): Decision =>
  decide({ ...order, ...changes.order }, { ...payment, ...changes.payment }, { ...finished, ...changes.report }, policy)

test('a finished payment of what was asked pays the order', () => {
  assert.deepEqual(decideWith({}), { kind: 'pay', covered: 2148n, late: false, overpaid: false })
})

test('of a payment alone no status but finished ever releases a file, whatever the amounts say', () => {
  const status = fc.oneof(fc.constantFrom(...Object.keys(ranks)), fc.string())
  fc.assert(
    fc.property(status, fc.constantFrom(...orderStatuses), fc.integer({ min: -1, max: 8 }), (status, state, rank) => {
      const decision = decideWith({ order: { status: state }, payment: { rank }, report: { status } })
      if (decision.kind === 'pay') assert.equal(status, 'finished')
    }),
  )
})

test('another coin, price, order or a second deposit waits for a person', () => {
  const mismatches: [Partial<Report>, string][] = [
    [{ payCurrency: 'usdcsol' }, 'wrong coin'],
    [{ priceCents: 2147n }, 'price differs'],
    [{ priceCents: null }, 'price differs'],
    [{ priceCurrency: 'eur' }, 'price differs'],
    [{ reference: 'ABCDE12345-2' }, 'another order'],
    [{ reference: null }, 'another order'],
    [{ parentId: '5745459419' }, 'second deposit'],
    [{ status: 'wrong_asset_confirmed' }, 'wrong coin'],
    [{ status: 'cancelled' }, 'cancelled at the provider'],
    [{ status: 'partially_paid' }, 'not finished'],
  ]
  for (const [report, doubt] of mismatches) {
    const decision = decideWith({ report })
    assert.equal(decision.kind === 'review' && decision.doubt, doubt)
  }
})

test('two halves that both settled as parts pay for the order together', () => {
  const half = { status: 'partially_paid', actuallyPaid: '10.74' }
  const decision = decideWith({ order: { status: 'underpaid', coveredElsewhere: 1074n }, report: half })
  assert.equal(decision.kind, 'pay')
  assert.equal(decideWith({ order: { status: 'underpaid', coveredElsewhere: 900n }, report: half }).kind, 'underpaid')
})

test('half a percent short is accepted, a hair more is not', () => {
  const enough = '21.40478328'
  assert.equal(decideWith({ report: { actuallyPaid: enough } }).kind, 'pay')
  assert.equal(decideWith({ report: { actuallyPaid: '21.40478327' } }).kind, 'underpaid')
})

test('a short payment covers its share of the price, never more than was paid and never all of it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 9n }), (digits) => {
      const actuallyPaid = decimalText({ digits, scale: 6 })
      const covered = coverageOf(payment, actuallyPaid, policy.tolerance)
      assert.ok(covered <= payment.priceCents)
      const decision = decideWith({ report: { actuallyPaid } })
      assert.equal(decision.kind, covered === payment.priceCents ? 'pay' : 'underpaid')
    }),
  )
})

test('two short payments that add up pay the order once the last is finished', () => {
  const decision = decideWith({
    order: { status: 'underpaid', coveredElsewhere: 1000n },
    payment: { priceCents: 1148n, payAmount: '11.5' },
    report: { priceCents: 1148n, actuallyPaid: '11.5' },
  })
  assert.equal(decision.kind, 'pay')
})

test('several payments together may fall half a percent short, as one may', () => {
  const second = (coveredElsewhere: bigint, actuallyPaid: string): Decision =>
    decide(
      { ...order, totalCents: 2000n, status: 'underpaid', coveredElsewhere },
      { ...payment, priceCents: 2000n, payAmount: '20' },
      { ...finished, priceCents: 2000n, actuallyPaid },
      policy,
    )
  assert.equal(second(1500n, '4.90').kind, 'pay')
  assert.equal(second(1500n, '4.89').kind, 'underpaid')
})

test('more than one percent too much is told, one percent is not', () => {
  const overpaid = (actuallyPaid: string): boolean => {
    const decision = decideWith({ report: { actuallyPaid } })
    return decision.kind === 'pay' && decision.overpaid
  }
  assert.equal(overpaid('21.72746845'), false)
  assert.equal(overpaid('21.72746846'), true)
})

test('who paid already or owns the product has paid twice', () => {
  for (const status of ['paid', 'delivered', 'refunded'] as const) {
    const decision = decideWith({ order: { status } })
    assert.equal(decision.kind === 'review' && decision.doubt, 'paid twice')
  }
  const owned = decideWith({ order: { isOwned: true } })
  assert.equal(owned.kind === 'review' && owned.doubt, 'paid twice')
})

const late = (days: number, payCurrency: string, appraisal?: Appraisal): Decision =>
  decide(
    { ...order, status: 'expired', lateMs: days * 86_400_000 },
    { ...payment, payCurrency },
    { ...finished, payCurrency },
    policy,
    appraisal,
  )
const asked = (worthCents: bigint): Appraisal => ({ amount: finished.actuallyPaid, worthCents })

test('a late payment is honoured: stablecoins for a week, moving coins for a day', () => {
  assert.deepEqual(late(0.5, 'btc'), { kind: 'pay', covered: 2148n, late: true, overpaid: false })
  assert.equal(late(6, 'usdtsol').kind, 'pay')
  assert.equal(late(8, 'usdtsol').kind, 'review')
})

test('later moving coins are honoured while they are worth nine tenths of the total, and first it is asked what they are', () => {
  assert.deepEqual(late(2, 'btc'), { kind: 'appraise', coin: 'btc', amount: '21.512345' })
  assert.equal(late(2, 'btc', asked(1934n)).kind, 'pay')
  assert.equal(late(2, 'btc', asked(1933n)).kind, 'review')
  assert.equal(late(2, 'btc', 'not to be had').kind, 'review')
  assert.equal(late(8, 'btc', asked(9999n)).kind, 'review', 'after a week a person looks in any case')
})

test('a rate that was asked for another amount says nothing', () => {
  assert.equal(late(2, 'eth', { amount: '21', worthCents: 9999n }).kind, 'appraise')
})

test('an order that saw money does not expire', () => {
  assert.equal(decideWith({ report: { status: 'expired', actuallyPaid: '0' }, payment: { rank: 0 } }).kind, 'expire')
  const seen = decideWith({ order: { wasSeen: true }, report: { status: 'expired', actuallyPaid: '0' } })
  assert.equal(seen.kind, 'record')
})

test('a failed address does not fail an order that has another one', () => {
  assert.equal(decideWith({ report: { status: 'failed' } }).kind, 'fail')
  assert.equal(decideWith({ order: { hasOtherLivePayment: true }, report: { status: 'failed' } }).kind, 'record')
})

test('however reports repeat and overtake each other, the order is paid once and the rank never falls', () => {
  const report = fc.record({
    status: fc.constantFrom(...(Object.keys(ranks) as (keyof typeof ranks)[])),
    actuallyPaid: fc.constantFrom('0', '10', '21.512345', '30'),
  })
  fc.assert(
    fc.property(fc.array(report, { maxLength: 30 }), (reports) => {
      let known = payment
      let paid = 0
      for (const change of reports) {
        const decision = decide(
          { ...order, status: paid > 0 ? 'paid' : 'awaiting_payment' },
          known,
          { ...finished, ...change },
          policy,
        )
        if (decision.kind === 'ignore') continue
        if (decision.kind === 'pay') paid += 1
        assert.ok(ranks[change.status] >= known.rank)
        const more = compareDecimals(parseDecimal(change.actuallyPaid), parseDecimal(known.actuallyPaid)) > 0
        known = { ...known, rank: ranks[change.status], actuallyPaid: more ? change.actuallyPaid : known.actuallyPaid }
      }
      assert.ok(paid <= 1)
    }),
  )
})
