import {
  addDecimals,
  type DecimalText,
  decimalText,
  isPositive,
  parseDecimal,
  portion,
  subtractDecimals,
  zero,
} from './decimal.ts'
import { cents, type Cents } from './money.ts'

/** A settled payment that paid for an order, alone or with others. */
export type PayingPayment = {
  readonly priceCents: bigint
  readonly coin: string
  readonly payAmount: string
  readonly actuallyPaid: string
}

/** What a buyer sent beyond the total, in dollars and in the coin it came in. */
export type Excess = { readonly cents: Cents; readonly coin: string; readonly amount: DecimalText }

/** From here on a buyer may ask for the difference; below, fees would eat it. */
export const leastReturnedCents = 500n

/** Cents are split this far, so that no rounding decides about a percent. */
const perCent = 10n ** 10n
/** Decimals of an amount that had to be converted. */
const shownDecimals = 8

/** What came above the total, each coin counted by the rate it was asked at; undefined up to one percent of it. */
export function excessOf(totalCents: bigint, payments: readonly PayingPayment[]): Excess | undefined {
  const total = totalCents * perCent
  const excess = payments.reduce((sum, payment) => sum + worthOf(payment), 0n) - total
  const last = payments.findLast(({ actuallyPaid, payAmount }) => isMore(actuallyPaid, payAmount)) ?? payments.at(-1)
  if (last === undefined || excess * 100n <= total) return undefined
  return { cents: cents(excess / perCent), coin: last.coin, amount: amountOf(excess, totalCents, payments, last) }
}

const worthOf = ({ priceCents, payAmount, actuallyPaid }: PayingPayment): bigint =>
  portion(priceCents * perCent, parseDecimal(actuallyPaid), parseDecimal(payAmount))

const isMore = (left: string, right: string): boolean =>
  isPositive(subtractDecimals(parseDecimal(left), parseDecimal(right)))

/** The difference itself where everything came to one address; otherwise what the dollars are in the last coin. */
function amountOf(
  excess: bigint,
  totalCents: bigint,
  payments: readonly PayingPayment[],
  { priceCents, coin, payAmount }: PayingPayment,
): DecimalText {
  const asked = parseDecimal(payAmount)
  const isOneAddress = payments.every((one) => one.coin === coin && one.payAmount === payAmount)
  if (isOneAddress && priceCents === totalCents) {
    const paid = payments.reduce((sum, { actuallyPaid }) => addDecimals(sum, parseDecimal(actuallyPaid)), zero)
    return decimalText(subtractDecimals(paid, asked))
  }
  const inUnitsOfCoin = portion(
    10n ** BigInt(shownDecimals),
    { digits: excess * asked.digits, scale: asked.scale },
    {
      digits: priceCents * perCent,
      scale: 0,
    },
  )
  return decimalText({ digits: inUnitsOfCoin, scale: shownDecimals })
}
