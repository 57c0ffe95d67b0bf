import { z } from 'zod'
import { type DecimalText } from '../domain/decimal.ts'
import { dollars } from '../domain/money.ts'
import { amount, optional, ticker } from './fields.ts'

export type Coin = {
  readonly code: string
  readonly name: string
  readonly network: string | null
  /** Decimals on its chain, where the provider says so. */
  readonly decimals: number | null
  readonly isPayable: boolean
  readonly hasMemo: boolean
  readonly logoUrl: string | null
}

export type Minimum = { readonly amount: DecimalText; readonly usd: DecimalText | null }

/** One entry that cannot be read must not hide the others. */
const readable = <Schema extends z.ZodType>(schema: Schema) =>
  z.array(schema.nullable().catch(null)).transform((entries) => entries.filter((entry) => entry !== null))

export const status = z.object({ message: z.literal('OK') }).transform(({ message }) => message)

/** The reference says `currencies`; the service answers `selectedCurrencies`. */
export const merchantCoins = z
  .union([z.object({ selectedCurrencies: readable(ticker) }), z.object({ currencies: readable(ticker) })])
  .transform((said) => ('selectedCurrencies' in said ? said.selectedCurrencies : said.currencies))

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const decimals = z
  .string()
  .regex(/^\d{1,2}$/)
  .transform(Number)

const coin = z
  .object({
    code: ticker,
    name: z.string(),
    network: optional(z.string()),
    network_precision: optional(decimals).catch(null),
    enable: flag,
    available_for_payment: flag.catch(true),
    extra_id_exists: flag.catch(false),
    logo_url: optional(z.string()),
  })
  .transform((said): Coin => ({
    code: said.code,
    name: said.name,
    network: said.network,
    decimals: said.network_precision,
    isPayable: said.enable && said.available_for_payment,
    hasMemo: said.extra_id_exists,
    logoUrl: said.logo_url,
  }))

export const fullCurrencies = z.object({ currencies: readable(coin) }).transform(({ currencies }) => currencies)

export const minimum = z
  .object({ min_amount: amount, fiat_equivalent: optional(amount) })
  .transform((said): Minimum => ({ amount: said.min_amount, usd: said.fiat_equivalent }))

export const estimated = z.object({ estimated_amount: amount }).transform((said) => said.estimated_amount)

/** The payout coin is always named: without it the figure misses the real minimum both ways. */
export function minAmountPath(coinCode: string, outcomeCoin: string): string {
  const currencies = { currency_from: coinCode, currency_to: outcomeCoin, fiat_equivalent: 'usd' }
  const query = new URLSearchParams({ ...currencies, is_fixed_rate: 'false', is_fee_paid_by_user: 'false' })
  return `/min-amount?${query.toString()}`
}

/** An amount in one currency, as the other would have it. */
function conversionPath(amountText: string, from: string, to: string): string {
  const query = new URLSearchParams({ amount: amountText, currency_from: from, currency_to: to })
  return `/estimate?${query.toString()}`
}

export const estimatePath = (price: bigint, coinCode: string): string => conversionPath(dollars(price), 'usd', coinCode)

export const worthPath = (coinCode: string, coins: string): string => conversionPath(coins, coinCode, 'usd')
