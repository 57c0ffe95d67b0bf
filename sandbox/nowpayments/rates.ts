import {
  compareDecimals,
  type Decimal,
  multiplyDecimals,
  parseDecimal,
  ratio,
  roundUp,
} from '../../shared/domain/decimal.ts'
import { type SimulatedCoin, usdRateOf } from './coins.ts'

/** The provider quotes at most eight decimals, also for coins that carry fewer or more. */
export const quotedDecimals = 8

const exactDecimals = 24
const spread = parseDecimal('1.004')
const fixedRateFactor = parseDecimal('2.2')

/** What `amount` of one currency is in another, as the provider quotes it; `undefined` for an unknown ticker. */
export function convert(amount: Decimal, from: string, to: string): Decimal | undefined {
  const fromRate = usdRateOf(from)
  const toRate = usdRateOf(to)
  if (fromRate === undefined || toRate === undefined) return undefined
  if (from.toLowerCase() === to.toLowerCase()) return amount
  return ratio(multiplyDecimals(amount, fromRate), toRate, exactDecimals)
}

/** What a buyer is asked for: the plain rate and the provider's spread on it. */
export function quote(amount: Decimal, from: string, to: string): Decimal | undefined {
  const plain = convert(amount, from, to)
  if (plain === undefined || from.toLowerCase() === to.toLowerCase()) return plain
  return roundUp(multiplyDecimals(plain, spread), quotedDecimals)
}

/** The least deposit that is worth processing, in the coin. Fixed-rate payments have a higher one. */
export function minimumOf(coin: SimulatedCoin, isFixedRate: boolean): Decimal {
  const usd = isFixedRate ? multiplyDecimals(coin.minimumUsd, fixedRateFactor) : coin.minimumUsd
  return roundUp(ratio(usd, coin.usdRate, exactDecimals), quotedDecimals)
}

export const isUnderMinimum = (amount: Decimal, coin: SimulatedCoin, isFixedRate = false): boolean =>
  compareDecimals(amount, minimumOf(coin, isFixedRate)) < 0
