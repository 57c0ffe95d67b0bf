import { type Branded } from './brand.ts'

/** US cents, never negative: a price, a fee, a total. Signed amounts belong to the ledger. */
export type Cents = Branded<bigint, 'Cents'>

/** Makes cents of a whole number of cents; throws on a negative one. */
export function cents(amount: bigint): Cents {
  if (amount < 0n) throw new RangeError(`Expected a non-negative amount, got ${amount}`)
  return amount as Cents
}

export const noCents = cents(0n)

export const plus = (left: Cents, right: Cents): Cents => cents(left + right)

/** Dollars as people and payment providers write them, without currency: `1234.05`. */
export function dollars(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0')
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
