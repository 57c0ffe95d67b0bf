import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { type Decimal, parseDecimal } from '../../shared/domain/decimal.ts'
import { canFollow, happen, type Happening } from './payment-machine.ts'
import { type PaymentStatus, paymentStatuses, type SimulatedPayment } from './payment.ts'

const waiting: SimulatedPayment = {
  id: '5000000001',
  purchaseId: '5000000002',
  invoiceId: null,
  parentId: null,
  childIds: [],
  creator: '',
  status: 'waiting',
  plan: [],
  isSilent: false,
  priceAmount: '19.9',
  priceCurrency: 'usd',
  payAmount: '19.98039903',
  payCurrency: 'usdtsol',
  payAddress: '',
  memo: null,
  actuallyPaid: '0',
  outcomeCurrency: 'usdtsol',
  orderId: null,
  orderDescription: null,
  callbackUrl: null,
  isFixedRate: false,
  isFeePaidByUser: false,
  payinHash: null,
  payoutHash: null,
  createdAt: 0,
  updatedAt: 0,
  validUntil: 1,
  notifications: [],
}

function moved(payment: SimulatedPayment, happening: Happening): SimulatedPayment {
  const result = happen(payment, happening, 1)
  assert.ok(result.kind === 'moved', JSON.stringify(result))
  return result.payment
}

/** Deposits and lets everything follow that follows by itself. */
function pathAfter(payment: SimulatedPayment, amount: string): PaymentStatus[] {
  let current = moved(payment, { kind: 'deposit', amount: parseDecimal(amount) })
  const path = [current.status]
  while (current.plan.length > 0) path.push((current = moved(current, { kind: 'step' })).status)
  return path
}

test('a deposit of the asked amount, to the last decimal of the coin, ends finished', () => {
  const path = ['confirming', 'confirmed', 'sending', 'finished']
  for (const amount of ['19.980400', '19.980399', '25']) assert.deepEqual(pathAfter(waiting, amount), path, amount)
})

test('a deposit that is short ends partially paid, and one under the minimum is lost', () => {
  assert.deepEqual(pathAfter(waiting, '19.980398'), ['confirming', 'confirmed', 'sending', 'partially_paid'])
  assert.deepEqual(pathAfter(waiting, '0.5'), ['confirming', 'failed'])
})

test('money that comes after the window moves the payment, and the shop is not told', () => {
  const expiry = happen(waiting, { kind: 'expire' }, 1)
  assert.ok(expiry.kind === 'moved' && expiry.isTold)
  const late = happen(expiry.payment, { kind: 'deposit', amount: parseDecimal('20') }, 2)
  assert.ok(late.kind === 'moved' && !late.isTold)
  const next = happen(late.payment, { kind: 'step' }, 3)
  assert.ok(next.kind === 'moved' && !next.isTold)
})

test('a merchant can end only what was paid in part, and give back only what is settled', () => {
  const partial = { ...waiting, status: 'partially_paid' } as const
  assert.equal(moved(partial, { kind: 'finish' }).status, 'finished')
  assert.equal(moved(partial, { kind: 'cancel' }).status, 'cancelled')
  assert.equal(happen(waiting, { kind: 'cancel' }, 1).kind, 'refused')
  const refundable = paymentStatuses.filter(
    (status) => happen({ ...waiting, status }, { kind: 'refund' }, 1).kind === 'moved',
  )
  assert.deepEqual(refundable, ['partially_paid', 'finished', 'failed', 'wrong_asset_confirmed'])
})

test('a second first deposit is refused', () => {
  const amount = parseDecimal('20')
  const paid = moved(waiting, { kind: 'deposit', amount })
  assert.deepEqual(happen(paid, { kind: 'deposit', amount }, 1), {
    kind: 'refused',
    message: 'A payment that is confirming takes no first deposit',
  })
  assert.equal(happen(waiting, { kind: 'deposit', amount: parseDecimal('0') }, 1).kind, 'refused')
})

const ranks: Record<PaymentStatus, number> = {
  waiting: 0,
  expired: 1,
  confirming: 2,
  confirmed: 3,
  sending: 4,
  failed: 5,
  partially_paid: 5,
  cancelled: 6,
  wrong_asset_confirmed: 6,
  finished: 7,
  refunded: 8,
}

const amounts = fc.integer({ min: 0, max: 40_000_000 }).map((micros): Decimal => ({ digits: BigInt(micros), scale: 6 }))
const happenings: fc.Arbitrary<Happening> = fc.oneof(
  amounts.map((amount) => ({ kind: 'deposit', amount }) as const),
  fc.constantFrom<Happening>(
    { kind: 'wrong-asset' },
    { kind: 'expire' },
    { kind: 'fail' },
    { kind: 'refund' },
    { kind: 'finish' },
    { kind: 'cancel' },
  ),
  { weight: 4, arbitrary: fc.constant<Happening>({ kind: 'step' }) },
)

test('whatever happens in whatever order, a payment never goes back, and money never disappears', () => {
  fc.assert(
    fc.property(fc.array(happenings, { maxLength: 20 }), (story) => {
      let payment = waiting
      for (const happening of story) {
        const result = happen(payment, happening, 1)
        if (result.kind === 'refused') continue
        assert.ok(canFollow(payment.status, result.payment.status))
        assert.ok(ranks[result.payment.status] > ranks[payment.status])
        assert.ok(Number(result.payment.actuallyPaid) >= Number(payment.actuallyPaid))
        payment = result.payment
      }
      if (payment.status === 'finished') assert.ok(Number(payment.actuallyPaid) > 0)
    }),
    { numRuns: 500 },
  )
})

test('every plan a payment can have leads to an end through allowed steps only', () => {
  fc.assert(
    fc.property(
      amounts.filter(({ digits }) => digits > 0n),
      (amount) => {
        const { plan } = moved(waiting, { kind: 'deposit', amount })
        const path: PaymentStatus[] = ['confirming', ...plan]
        path.slice(1).forEach((status, index) => {
          assert.ok(canFollow(path[index] ?? status, status))
        })
        assert.ok(['finished', 'partially_paid', 'failed'].includes(path.at(-1) ?? ''))
      },
    ),
  )
})
