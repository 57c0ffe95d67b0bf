import { type Breakdown } from './fee.ts'
import { type PersonId } from './ids.ts'

export type Account =
  | 'cash'
  | 'platform_fee'
  | 'shortfall'
  | 'buyer_excess'
  | 'refund_due'
  | 'payout_clearing'
  | `held:${string}`
  | `available:${string}`

export type Line = { readonly account: Account; readonly amount: bigint }

export type EntryKind =
  | 'sale'
  | 'rest'
  | 'release'
  | 'batch'
  | 'payout'
  | 'payout failed'
  | 'payout reversed'
  | 'refund'
  | 'refund sent'
  | 'excess'
  | 'excess sent'
  | 'excess kept'

/** A movement of money, named after what it is for (`sale` of an order), so that it can be booked only once. */
export type Entry = {
  readonly kind: EntryKind
  readonly subject: string
  readonly lines: readonly Line[]
}

const withoutZeros = (lines: readonly Line[]): Line[] => lines.filter(({ amount }) => amount !== 0n)

/**
 * A paid order: its total came in, or less and the platform bears the rest; the price is held for the seller, the fee is the
 * platform's.
 */
export const saleEntry = (
  orderId: string,
  sellerId: PersonId,
  { price, fee, total }: Breakdown,
  received: bigint = total,
): Entry => ({
  kind: 'sale',
  subject: orderId,
  lines: withoutZeros([
    { account: 'cash', amount: received },
    { account: 'shortfall', amount: total - received },
    { account: `held:${sellerId}`, amount: 0n - price },
    { account: 'platform_fee', amount: 0n - fee },
  ]),
})

/** What the platform bore of a short sale came after all. `subject`: the payment that brought it, and how much it had brought. */
export const restEntry = (subject: string, amount: bigint): Entry => ({
  kind: 'rest',
  subject,
  lines: [
    { account: 'cash', amount },
    { account: 'shortfall', amount: 0n - amount },
  ],
})

/** The escrow of an order is over. */
export const releaseEntry = (orderId: string, sellerId: PersonId, price: bigint): Entry => ({
  kind: 'release',
  subject: orderId,
  lines: withoutZeros([
    { account: `held:${sellerId}`, amount: price },
    { account: `available:${sellerId}`, amount: 0n - price },
  ]),
})

/** A paid order is given back: share and fee return, and what came for it is owed to the buyer. */
export const refundEntry = (
  orderId: string,
  sellerId: PersonId,
  share: 'held' | 'available',
  { price, fee, total }: Breakdown,
  received: bigint = total,
): Entry => ({
  kind: 'refund',
  subject: orderId,
  lines: withoutZeros([
    { account: `${share}:${sellerId}`, amount: price },
    { account: 'platform_fee', amount: fee },
    { account: 'shortfall', amount: received - total },
    { account: 'refund_due', amount: 0n - received },
  ]),
})

/** What was owed to the buyer left. */
export const refundSentEntry = (orderId: string, received: bigint): Entry => ({
  kind: 'refund sent',
  subject: orderId,
  lines: withoutZeros([
    { account: 'refund_due', amount: received },
    { account: 'cash', amount: 0n - received },
  ]),
})

/** Money that no sale applies to is to be returned: it is here, and it is the buyer's. */
export const excessEntry = (refundId: string, amount: bigint): Entry => ({
  kind: 'excess',
  subject: refundId,
  lines: [
    { account: 'cash', amount },
    { account: 'buyer_excess', amount: 0n - amount },
  ],
})

/** It was sent back, or (`excess kept`) is not sent back after all. */
export const excessOverEntry = (kind: 'excess sent' | 'excess kept', refundId: string, amount: bigint): Entry => ({
  kind,
  subject: refundId,
  lines: [
    { account: 'buyer_excess', amount },
    { account: 'cash', amount: 0n - amount },
  ],
})

/** What a seller is owed is about to be paid. */
export const batchEntry = (payoutId: string, sellerId: PersonId, amount: bigint): Entry => ({
  kind: 'batch',
  subject: payoutId,
  lines: [
    { account: `available:${sellerId}`, amount },
    { account: 'payout_clearing', amount: 0n - amount },
  ],
})

/** It was paid. */
export const payoutEntry = (payoutId: string, amount: bigint): Entry => ({
  kind: 'payout',
  subject: payoutId,
  lines: [
    { account: 'payout_clearing', amount },
    { account: 'cash', amount: 0n - amount },
  ],
})

/** What was booked as paid did not arrive: the counter entry. */
export const payoutReversedEntry = (payoutId: string, amount: bigint): Entry => ({
  kind: 'payout reversed',
  subject: payoutId,
  lines: [
    { account: 'cash', amount },
    { account: 'payout_clearing', amount: 0n - amount },
  ],
})

/** It is not paid after all: the seller is owed it again. */
export const payoutFailedEntry = (payoutId: string, sellerId: PersonId, amount: bigint): Entry => ({
  kind: 'payout failed',
  subject: payoutId,
  lines: [
    { account: 'payout_clearing', amount },
    { account: `available:${sellerId}`, amount: 0n - amount },
  ],
})

export const sumOf = ({ lines }: Entry): bigint => lines.reduce((sum, { amount }) => sum + amount, 0n)
