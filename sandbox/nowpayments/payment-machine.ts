import {
  addDecimals,
  compareDecimals,
  type Decimal,
  decimalText,
  isPositive,
  parseDecimal,
  roundDown,
} from '../../shared/domain/decimal.ts'
import { coinOf } from './coins.ts'
import { type PaymentStatus, type SimulatedPayment } from './payment.ts'
import { isUnderMinimum } from './rates.ts'

const next: Record<PaymentStatus, readonly PaymentStatus[]> = {
  waiting: ['confirming', 'expired', 'wrong_asset_confirmed'],
  confirming: ['confirmed', 'failed'],
  confirmed: ['sending', 'failed'],
  sending: ['finished', 'partially_paid', 'failed'],
  partially_paid: ['finished', 'cancelled', 'refunded'],
  finished: ['refunded'],
  failed: ['refunded'],
  expired: ['confirming'],
  refunded: [],
  cancelled: [],
  wrong_asset_confirmed: ['refunded'],
}

export const canFollow = (from: PaymentStatus, to: PaymentStatus): boolean => next[from].includes(to)

/** What can happen to a payment, each with its moment. */
export type Happening =
  | { readonly kind: 'deposit'; readonly amount: Decimal }
  | { readonly kind: 'step' | 'expire' | 'fail' | 'refund' | 'finish' | 'cancel' | 'wrong-asset' }

export type Moved =
  | { readonly kind: 'moved'; readonly payment: SimulatedPayment; readonly isTold: boolean }
  | { readonly kind: 'refused'; readonly message: string }

/** The provider's status machine, as a function: what a happening makes of a payment, and whether the shop is told. */
export function happen(payment: SimulatedPayment, happening: Happening, now: number): Moved {
  switch (happening.kind) {
    case 'deposit':
      return deposit(payment, happening.amount, now)
    case 'step':
      return step(payment, now)
    case 'expire':
      return move({ ...payment, isSilent: true }, 'expired', now, payment.isSilent)
    case 'fail':
      return move({ ...payment, plan: [] }, 'failed', now)
    case 'refund':
      return move({ ...payment, plan: [] }, 'refunded', now)
    case 'finish':
      return move({ ...payment, plan: [] }, 'finished', now)
    case 'wrong-asset':
      return move(payment, 'wrong_asset_confirmed', now)
    case 'cancel':
      return move({ ...payment, plan: [] }, 'cancelled', now)
  }
}

/** The first deposit decides: under the coin's minimum it is lost, short of the amount it is partial. */
function deposit(payment: SimulatedPayment, amount: Decimal, now: number): Moved {
  if (!isPositive(amount)) return { kind: 'refused', message: 'A deposit must be more than nothing' }
  if (payment.status !== 'waiting' && payment.status !== 'expired') {
    return { kind: 'refused', message: `A payment that is ${payment.status} takes no first deposit` }
  }
  const paid = addDecimals(parseDecimal(payment.actuallyPaid), amount)
  return move({ ...payment, actuallyPaid: decimalText(paid), plan: planFor(payment, paid) }, 'confirming', now)
}

/** What still follows `confirming`. */
export function planFor(payment: SimulatedPayment, paid: Decimal): PaymentStatus[] {
  const coin = coinOf(payment.payCurrency)
  if (isUnderMinimum(paid, coin, payment.isFixedRate)) return ['failed']
  const enough = roundDown(parseDecimal(payment.payAmount), coin.decimals)
  return ['confirmed', 'sending', compareDecimals(paid, enough) >= 0 ? 'finished' : 'partially_paid']
}

function step(payment: SimulatedPayment, now: number): Moved {
  const [to, ...plan] = payment.plan
  if (to === undefined) return { kind: 'refused', message: 'Nothing is left to happen by itself' }
  return move({ ...payment, plan }, to, now)
}

function move(payment: SimulatedPayment, status: PaymentStatus, now: number, wasSilent = payment.isSilent): Moved {
  if (!canFollow(payment.status, status)) {
    return { kind: 'refused', message: `A payment that is ${payment.status} cannot become ${status}` }
  }
  return { kind: 'moved', payment: { ...payment, status, updatedAt: now }, isTold: !wasSilent }
}
