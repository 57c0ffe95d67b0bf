import { compareDecimals, isPositive, multiplyDecimals, parseDecimal, portion } from './decimal.ts'
import { type Cents, cents } from './money.ts'

/**
 * The dollars a settled payment covers: its share of what was asked, and all of it within the tolerance. Coins are compared
 * with coins only.
 */
export function coverageOf(
  payment: { readonly priceCents: bigint; readonly payAmount: string },
  actuallyPaid: string,
  tolerance: bigint,
): Cents {
  const asked = parseDecimal(payment.payAmount)
  const paid = parseDecimal(actuallyPaid)
  if (!isPositive(asked) || !isPositive(paid)) return cents(0n)
  const scaledPaid = multiplyDecimals(paid, { digits: 10_000n, scale: 0 })
  const enough = multiplyDecimals(asked, { digits: 10_000n - tolerance, scale: 0 })
  if (compareDecimals(scaledPaid, enough) >= 0) return cents(payment.priceCents)
  return cents(portion(payment.priceCents, paid, asked))
}

/** More than one percent above what was asked is worth telling. */
export function isOverpaid({ payAmount }: { readonly payAmount: string }, actuallyPaid: string): boolean {
  const paid = multiplyDecimals(parseDecimal(actuallyPaid), { digits: 100n, scale: 0 })
  return compareDecimals(paid, multiplyDecimals(parseDecimal(payAmount), { digits: 101n, scale: 0 })) > 0
}
