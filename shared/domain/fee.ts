import { cents, type Cents, noCents, plus } from './money.ts'

/** What the buyer pays on top of the price: a flat fee below the threshold, a share of the price from it on. */
export type FeeRule = {
  readonly flat: Cents
  readonly threshold: Cents
  /** In hundredths of a percent: 3.14 % is 314. */
  readonly share: bigint
}

export const standardFee: FeeRule = { flat: cents(149n), threshold: cents(4800n), share: 314n }

/** The fee for a price, rounded half up to the cent. A free product has none. */
export function feeFor(price: Cents, rule: FeeRule): Cents {
  if (price === 0n) return noCents
  if (price < rule.threshold) return rule.flat
  return cents((price * rule.share + 5000n) / 10_000n)
}

export type Breakdown = { readonly price: Cents; readonly fee: Cents; readonly total: Cents }

/** Price, fee and total as every screen, order and mail shows them. */
export function breakdown(price: Cents, rule: FeeRule): Breakdown {
  const fee = feeFor(price, rule)
  return { price, fee, total: plus(price, fee) }
}

/** The rule as an order remembers it: `149/4800/314`. */
export const describeFeeRule = ({ flat, threshold, share }: FeeRule): string => `${flat}/${threshold}/${share}`
