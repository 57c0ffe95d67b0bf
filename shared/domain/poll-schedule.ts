import { openStatuses, type OrderStatus } from './order.ts'
import { ranks } from './payment.ts'

/** A payment as its watch sees it. Times in milliseconds, by the database's clock. */
export type WatchedPayment = {
  readonly rank: number
  readonly isAccepted: boolean
  readonly orderStatus: OrderStatus
  /** Since it was made. */
  readonly ageMs: number
  /** Since its deposit was first seen on the network; null while nothing was. */
  readonly seenForMs: number | null
  /** Since the time to pay it was over; negative while it lasts. */
  readonly overForMs: number
  /** Since NOWPayments stopped telling of it; null while the last read told something. */
  readonly unreadForMs: number | null
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** NOWPayments watches an address for 7 days; the margin is for what settles at the very end. */
export const watchMs = 7 * day + 6 * hour

/** What was sent in the last minute of the window is only seen after it. */
const graceMs = 10 * minute

/** The money is on the network and not settled yet. */
export const isOnItsWay = ({ rank }: Pick<WatchedPayment, 'rank'>): boolean =>
  rank >= ranks.confirming && rank <= ranks.sending

/** What was first seen in the last hours of its watch has a day to settle all the same. */
const isWatchOver = (payment: WatchedPayment): boolean =>
  payment.ageMs > watchMs && !(isOnItsWay(payment) && (payment.seenForMs ?? 0) < day)

/** How long until a payment is read again, by the table of product.md 7; null when nothing more can come of it. */
export function nextPollMs(payment: WatchedPayment): number | null {
  if (payment.isAccepted || payment.rank >= ranks.refunded || isWatchOver(payment)) return null
  if (isOnItsWay(payment)) return (payment.seenForMs ?? 0) < 30 * minute ? 30 * second : 2 * minute
  if (isAwaited(payment)) return minute
  if (payment.overForMs <= 2 * hour) return 10 * minute
  return payment.overForMs <= 24 * hour ? hour : 6 * hour
}

/**
 * After a read that failed: by the schedule, and soon where the schedule has grown slow. The last word on a payment is
 * NOWPayments': its watch does not end while they cannot be asked, unless that lasts for a day.
 */
export function nextTryMs(payment: WatchedPayment): number | null {
  const pauseMs = nextPollMs(payment)
  if (pauseMs !== null) return Math.min(pauseMs, 10 * minute)
  const canChange = !payment.isAccepted && payment.rank < ranks.refunded
  return canChange && (payment.unreadForMs ?? 0) < day ? hour : null
}

function isAwaited({ rank, orderStatus, overForMs }: WatchedPayment): boolean {
  const isWanted = openStatuses.includes(orderStatus) || orderStatus === 'expired'
  return rank <= ranks.expired && isWanted && overForMs <= graceMs
}
