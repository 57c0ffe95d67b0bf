import { amountToPay, isCoin } from '../../../shared/domain/coin.ts'
import { type DecimalText, decimalText, parseDecimal } from '../../../shared/domain/decimal.ts'
import { type Attempt } from '../../../shared/db/payment-attempts.ts'
import { type SentRefund } from '../../../shared/db/sent-refund.ts'
import { type AskedPayment, type RefundFacts, type Shortfall } from '../../../shared/texts/facts.ts'
import { missingOf, paymentToShow, shortfallOf } from './order-payments.ts'
import { type OrderView } from './order-view.ts'

/** What a buyer is asked for, with its amount in the one text that is shown everywhere. */
export type ToPay = AskedPayment & { readonly amount: DecimalText }

/** The address to pay to now, in the words of the texts; nothing when there is none. */
export function askedPayment({ order, attempts }: OrderView): ToPay | undefined {
  const shown = paymentToShow(order, attempts)
  return shown === undefined ? undefined : factsOf(shown)
}

function factsOf({ coin, network, memo, ...attempt }: Attempt): ToPay | undefined {
  const { address, payAmount, validUntil: expiresAt, minutesLeft } = attempt
  if (address === null || payAmount === null || expiresAt === null || minutesLeft === null) return undefined
  return { coin, network, memo, address, expiresAt, minutesLeft, amount: shownAmount(payAmount, coin) }
}

const shownAmount = (payAmount: string, coin: string): DecimalText =>
  isCoin(coin) ? amountToPay(payAmount, coin) : decimalText(parseDecimal(payAmount))

/** What came short, in dollars and in the coin it came in, which has only so many decimals to send. */
export function shortfallFacts({ order, attempts }: OrderView): Shortfall {
  const { coin, received, missing } = shortfallOf(order, attempts) ?? { coin: 'usd', received: '0', missing: '0' }
  const toSend = missing === '0' ? missing : shownAmount(missing, coin)
  return { coin, received, missing: toSend, missingDollars: missingOf(order, attempts) }
}

/** What went back, in the coin where that is known. */
export function refundFacts({ amount, asset, txHash: hash, amountCents }: SentRefund): RefundFacts {
  const isInCoin = amount !== null && asset !== null
  return isInCoin
    ? { amount, asset, hash }
    : { amount: decimalText({ digits: amountCents, scale: 2 }), asset: 'usd', hash }
}
