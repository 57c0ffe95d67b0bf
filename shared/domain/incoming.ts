import { isPositive, parseDecimal, portion } from './decimal.ts'
import { cents, type Cents } from './money.ts'

/** What a payment of ours brought, as it was last read. */
export type IncomingPayment = {
  readonly status: string
  readonly priceCents: bigint
  readonly coin: string
  /** The coin that NOWPayments spoke of; null before it was read. */
  readonly reportedCoin: string | null
  readonly payAmount: string | null
  readonly actuallyPaid: string
  readonly coveredCents: bigint
  /** It paid for its order. */
  readonly isAccepted: boolean
}

const settled: readonly string[] = ['finished', 'partially_paid']

/** What its coins stand for, by the rate they were asked at; undefined for a coin that was never asked. */
export function worthOf({ status, coin, reportedCoin, ...payment }: IncomingPayment): bigint | undefined {
  const paid = parseDecimal(payment.actuallyPaid)
  if (!isPositive(paid)) return 0n
  const isOther = status === 'wrong_asset_confirmed' || (reportedCoin ?? coin) !== coin
  if (isOther || payment.payAmount === null || !isPositive(parseDecimal(payment.payAmount))) return undefined
  return portion(payment.priceCents, paid, parseDecimal(payment.payAmount))
}

/** What settled for an unpaid order, at most its total: the rest is borne by whoever accepts it. */
export function receivedOf(payments: readonly IncomingPayment[], total: Cents): Cents {
  const received = payments.reduce((sum, one) => sum + settledOf(one), 0n)
  return received < total ? cents(received) : total
}

/** What a payment counts for towards its order when a person accepts it. */
export const settledOf = (payment: IncomingPayment): bigint =>
  settled.includes(payment.status) ? countedOf(payment) : 0n

function countedOf(payment: IncomingPayment): bigint {
  if (payment.coveredCents > 0n) return payment.coveredCents
  const worth = worthOf(payment) ?? 0n
  return worth < payment.priceCents ? worth : payment.priceCents
}

/** What NOWPayments itself gave back of what paid for an order. */
export const returnedOf = (payments: readonly IncomingPayment[]): bigint =>
  payments
    .filter(({ isAccepted, status }) => isAccepted && status === 'refunded')
    .reduce((sum, one) => sum + countedOf(one), 0n)

/** What came and paid for nothing; undefined when some of it is of a coin nobody asked for, so that a person has to say. */
export function unappliedOf(payments: readonly IncomingPayment[]): Cents | undefined {
  const worths = payments.filter(({ isAccepted, status }) => !isAccepted && status !== 'refunded').map(worthOf)
  const known = worths.filter((worth) => worth !== undefined)
  return known.length < worths.length ? undefined : cents(known.reduce((sum, worth) => sum + worth, 0n))
}
