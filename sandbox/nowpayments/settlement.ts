import {
  type Decimal,
  decimalText,
  isPositive,
  multiplyDecimals,
  parseDecimal,
  roundDown,
  roundUp,
  subtractDecimals,
  zero,
} from '../../shared/domain/decimal.ts'
import { type SimulatedPayment } from './payment.ts'
import { convert, quotedDecimals } from './rates.ts'

export type Settlement = {
  readonly outcomeAmount: string
  readonly depositFee: string
  readonly serviceFee: string
}

const sameCoinShare = parseDecimal('0.005')
const exchangeShare = parseDecimal('0.01')
const depositFeeUsd = parseDecimal('0.012345')

/** What reaches the merchant: what came (or is expected) in the settlement coin, less the fees. */
export function settlementOf(payment: SimulatedPayment): Settlement {
  const paid = parseDecimal(payment.actuallyPaid)
  const gross = inOutcome(isPositive(paid) ? paid : parseDecimal(payment.payAmount), payment.payCurrency, payment)
  const service = roundUp(multiplyDecimals(gross, serviceShare(payment)), quotedDecimals)
  const deposit = roundUp(inOutcome(depositFeeUsd, 'usd', payment), quotedDecimals)
  const net = subtractDecimals(subtractDecimals(gross, service), deposit)
  const isKnown = isPositive(paid)
  return {
    outcomeAmount: decimalText(isPositive(net) ? roundDown(net, quotedDecimals) : zero),
    depositFee: decimalText(isKnown ? deposit : zero),
    serviceFee: decimalText(isKnown ? service : zero),
  }
}

function inOutcome(amount: Decimal, currency: string, { outcomeCurrency }: SimulatedPayment): Decimal {
  const converted = convert(amount, currency, outcomeCurrency)
  if (converted === undefined) throw new RangeError(`Expected a currency with a rate, got ${currency}`)
  return converted
}

function serviceShare({ payCurrency, outcomeCurrency, isFixedRate, isFeePaidByUser }: SimulatedPayment): Decimal {
  return payCurrency === outcomeCurrency && !isFixedRate && !isFeePaidByUser ? sameCoinShare : exchangeShare
}
