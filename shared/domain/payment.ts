import { coverageOf, isOverpaid } from './coverage.ts'
import { compareDecimals, parseDecimal } from './decimal.ts'
import { type Cents, cents } from './money.ts'
import { isPaid, type OrderStatus } from './order.ts'

/** How far each status of NOWPayments has come. Reports repeat and overtake each other; a rank never falls. */
export const ranks = {
  waiting: 0,
  expired: 1,
  confirming: 2,
  confirmed: 3,
  sending: 4,
  failed: 5,
  partially_paid: 5,
  cancelled: 6,
  canceled: 6,
  wrong_asset_confirmed: 6,
  finished: 7,
  refunded: 8,
} as const

export type ProviderStatus = keyof typeof ranks

export const isProviderStatus = (status: string): status is ProviderStatus => Object.hasOwn(ranks, status)

/** What a re-read said of a payment. Amounts are decimal texts. */
export type Report = {
  readonly status: string
  readonly reference: string | null
  readonly parentId: string | null
  readonly priceCents: bigint | null
  readonly priceCurrency: string
  readonly payCurrency: string
  readonly actuallyPaid: string
}

/** What we asked for, and how far it has come. */
export type AskedPayment = {
  readonly reference: string
  readonly rank: number
  readonly priceCents: bigint
  readonly payCurrency: string
  readonly payAmount: string
  readonly actuallyPaid: string
}

/** What the decision needs to know of the payment's order. */
export type AskedOrder = {
  readonly status: OrderStatus
  readonly totalCents: bigint
  /** Settled by the order's other payments. */
  readonly coveredElsewhere: bigint
  readonly hasOtherLivePayment: boolean
  readonly wasSeen: boolean
  /** The buyer already owns the product through another order. */
  readonly isOwned: boolean
  readonly isWithdrawn: boolean
  /** Its money was first seen after the order had expired, failed or been cancelled. */
  readonly isLate: boolean
  /** From the end of the order's window to the first sight of money, or to now while nothing was seen; negative within. */
  readonly lateMs: number
}

/** What late coins are worth now, as NOWPayments estimates them; or that after a day of asking nobody would say. */
export type Appraisal = { readonly amount: string; readonly worthCents: bigint } | 'not to be had'

export type AcceptancePolicy = {
  /** In hundredths of a percent: 0.5 % is 50. */
  readonly tolerance: bigint
  /** Coins whose price moves: more than a day after expiry they count only if they are still worth most of what they cover. */
  readonly volatileCoins: readonly string[]
}

export const doubts = [
  'wrong coin',
  'price differs',
  'another order',
  'second deposit',
  'cancelled at the provider',
  'not finished',
  'withdrawn product',
  'too late',
  'paid twice',
  'never completed',
] as const

/** Why money that came waits for a person. */
export type Doubt = (typeof doubts)[number]

export type Decision =
  | { readonly kind: 'ignore'; readonly reason: 'repeated' | 'out of order' | 'unknown status' }
  | { readonly kind: 'record' | 'expire' | 'confirming' | 'fail' | 'refund' }
  | { readonly kind: 'underpaid'; readonly covered: Cents }
  /** Nothing can be said before it is known what these coins are worth now. */
  | { readonly kind: 'appraise'; readonly coin: string; readonly amount: string }
  | { readonly kind: 'pay'; readonly covered: Cents; readonly late: boolean; readonly overpaid: boolean }
  | { readonly kind: 'review'; readonly doubt: Doubt; readonly covered: Cents }

const day = 24 * 60 * 60 * 1000

/** What a report changes. Only `finished`, or settled parts that add up, release goods, and only if they are what was asked. */
export function decide(
  order: AskedOrder,
  payment: AskedPayment,
  report: Report,
  policy: AcceptancePolicy,
  appraisal?: Appraisal,
): Decision {
  if (!isProviderStatus(report.status)) return { kind: 'ignore', reason: 'unknown status' }
  const stale = staleness(payment, report, ranks[report.status])
  if (stale !== undefined) return { kind: 'ignore', reason: stale }
  if (report.parentId !== null) return review('second deposit')
  switch (report.status) {
    case 'waiting':
      return { kind: 'record' }
    case 'expired':
      return { kind: order.wasSeen ? 'record' : 'expire' }
    case 'confirming':
    case 'confirmed':
    case 'sending':
      return { kind: 'confirming' }
    case 'failed':
      return { kind: order.hasOtherLivePayment ? 'record' : 'fail' }
    case 'refunded':
      return { kind: 'refund' }
    case 'wrong_asset_confirmed':
      return review('wrong coin')
    case 'cancelled':
    case 'canceled':
      return review('cancelled at the provider')
    case 'partially_paid':
    case 'finished':
      return decideSettled(order, payment, report, policy, appraisal)
  }
}

function staleness(payment: AskedPayment, report: Report, rank: number): 'repeated' | 'out of order' | undefined {
  const hasMore = compareDecimals(parseDecimal(report.actuallyPaid), parseDecimal(payment.actuallyPaid)) > 0
  if (rank < payment.rank) return 'out of order'
  return rank === payment.rank && !hasMore ? 'repeated' : undefined
}

const review = (doubt: Doubt, covered: Cents = cents(0n)): Decision => ({ kind: 'review', doubt, covered })

function decideSettled(
  order: AskedOrder,
  payment: AskedPayment,
  report: Report,
  policy: AcceptancePolicy,
  appraisal: Appraisal | undefined,
): Decision {
  const mismatch = findMismatch(payment, report)
  if (mismatch !== undefined) return review(mismatch)

  const covered = coverageOf(payment, report.actuallyPaid, policy.tolerance)
  if (isPaid(order.status) || order.status === 'refunded' || order.isOwned) return review('paid twice', covered)
  if (order.isWithdrawn) return review('withdrawn product', covered)
  const tooLate = decideLate(order, report, covered, policy, appraisal)
  if (tooLate !== undefined) return tooLate
  if (!isEnough(covered + order.coveredElsewhere, order, policy)) return { kind: 'underpaid', covered }
  // alone it contradicts itself; beside others it is one of the parts, which NOWPayments never calls finished
  if (report.status !== 'finished' && order.coveredElsewhere === 0n) return review('not finished', covered)
  return {
    kind: 'pay',
    covered,
    late: order.isLate || wasOver(order.status),
    overpaid: isOverpaid(payment, report.actuallyPaid),
  }
}

/** What several payments cover together may fall short by the tolerance, as one payment may. */
const isEnough = (covered: bigint, { totalCents }: AskedOrder, { tolerance }: AcceptancePolicy): boolean =>
  covered * 10_000n >= totalCents * (10_000n - tolerance)

/**
 * Late money is honoured for a week. Coins whose price moves must after the first day still be worth nine tenths of what
 * they cover.
 */
function decideLate(
  { lateMs }: AskedOrder,
  { payCurrency, actuallyPaid }: Report,
  covered: Cents,
  { volatileCoins }: AcceptancePolicy,
  appraisal: Appraisal | undefined,
): Decision | undefined {
  const coin = payCurrency.toLowerCase()
  if (lateMs > 7 * day) return review('too late', covered)
  if (lateMs <= day || !volatileCoins.includes(coin)) return undefined
  if (appraisal === 'not to be had') return review('too late', covered)
  if (appraisal?.amount !== actuallyPaid) return { kind: 'appraise', coin, amount: actuallyPaid }
  return appraisal.worthCents * 10n >= covered * 9n ? undefined : review('too late', covered)
}

function findMismatch(payment: AskedPayment, report: Report): Doubt | undefined {
  if (report.reference !== payment.reference) return 'another order'
  if (report.priceCurrency.toLowerCase() !== 'usd' || report.priceCents !== payment.priceCents) return 'price differs'
  if (report.payCurrency.toLowerCase() !== payment.payCurrency) return 'wrong coin'
  return undefined
}

const wasOver = (status: OrderStatus): boolean => status === 'expired' || status === 'cancelled' || status === 'failed'
