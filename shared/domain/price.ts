import { type Cents, cents } from './money.ts'

/** What a price may be; 0 is always allowed, and means free. */
export type PriceRange = { readonly least: bigint; readonly most: bigint }

/** Why what a person typed is not a price. */
export type PriceFault = 'not a number' | 'negative' | 'too many decimals' | 'too low' | 'too high'

export type ReadPrice =
  { readonly kind: 'price'; readonly price: Cents } | { readonly kind: 'refused'; readonly fault: PriceFault }

/** Longer than any price, shorter than what would take time to read. */
const longestText = 100

const spelling = /^(\d{1,3}(?: \d{3})+|\d+)(?:[.,](\d+))?$/
const negativeSpelling = /^\$? ?[-−–] ?\$? ?\d/

const refused = (fault: PriceFault): ReadPrice => ({ kind: 'refused', fault })

/**
 * Reads dollars as people write them: `12`, `12.5`, `12,50`, `$12.50`, `12,50 $`, with any kind of space. A point or a comma
 * is always the decimal one, so that no spelling ever means a thousand times more than was meant.
 */
export function readPrice(text: string, { least, most }: PriceRange): ReadPrice {
  const plain = text.replace(/\s+/gu, ' ').trim()
  if (plain.length > longestText) return refused('not a number')
  if (negativeSpelling.test(plain)) return refused('negative')
  const [, whole, fraction = ''] = spelling.exec(plain.replace(/^\$ ?| ?\$$/u, '')) ?? []
  if (whole === undefined) return refused('not a number')
  if (fraction.length > 2) return refused('too many decimals')
  const amount = BigInt(whole.replaceAll(' ', '') + fraction.padEnd(2, '0'))
  if (amount === 0n) return { kind: 'price', price: cents(amount) }
  if (amount < least) return refused('too low')
  return amount > most ? refused('too high') : { kind: 'price', price: cents(amount) }
}
