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

/** A movement of money, named after what it is for (`sale` of an order), so that it can be booked only once. */
export type Entry = {
  readonly kind: 'sale' | 'release' | 'batch' | 'payout' | 'payout failed' | 'refund' | 'excess'
  readonly subject: string
  readonly lines: readonly Line[]
}

const withoutZeros = (lines: readonly Line[]): Line[] => lines.filter(({ amount }) => amount !== 0n)

/** A paid order: its total came in; the price is held for the seller, the fee is the platform's. */
export const saleEntry = (orderId: string, sellerId: PersonId, { price, fee, total }: Breakdown): Entry => ({
  kind: 'sale',
  subject: orderId,
  lines: withoutZeros([
    { account: 'cash', amount: total },
    { account: `held:${sellerId}`, amount: 0n - price },
    { account: 'platform_fee', amount: 0n - fee },
  ]),
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

/** A paid order is given back: share and fee return, the total is owed to the buyer and leaves. */
export const refundEntry = (
  orderId: string,
  sellerId: PersonId,
  share: 'held' | 'available',
  { price, fee, total }: Breakdown,
): Entry => ({
  kind: 'refund',
  subject: orderId,
  lines: withoutZeros([
    { account: `${share}:${sellerId}`, amount: price },
    { account: 'platform_fee', amount: fee },
    { account: 'cash', amount: 0n - total },
  ]),
})

export const sumOf = ({ lines }: Entry): bigint => lines.reduce((sum, { amount }) => sum + amount, 0n)
