import { cents } from '../../../shared/domain/money.ts'
import { coins } from '../../../shared/domain/coin.ts'
import { type FeeRule } from '../../../shared/domain/fee.ts'
import { type NowPayments } from '../../../shared/nowpayments/client.ts'
import { type BotDeps } from '../context.ts'
import { type AskDeps } from './ask-address.ts'
import { type DrawDeps } from './draw-order-card.ts'
import { type CoinDeps } from './offered-coins.ts'
import { type OrderTerms } from './place-order.ts'

/** What the checkout needs besides the bot's own: the provider, and which terms a buyer accepts by paying. */
export type CheckoutSettings = {
  readonly payments: Pick<NowPayments, 'merchantCoins' | 'minAmount' | 'estimate' | 'createPayment'>
  readonly termsVersion: string
}

export type CheckoutDeps = BotDeps & CoinDeps & AskDeps & DrawDeps & { readonly terms: OrderTerms }

/** The shop's rules of money, as the operator set them. */
export const feeRuleOf = ({ money }: BotDeps['config']): FeeRule => ({
  flat: cents(money.feeFlatCents),
  threshold: cents(money.feeThresholdCents),
  share: money.feeBasisPoints,
})

export function checkoutDeps(deps: BotDeps, { payments, termsVersion }: CheckoutSettings): CheckoutDeps {
  const { money, nowPayments } = deps.config
  const windowMs = money.orderTtlMinutes * 60_000
  return {
    ...deps,
    payments,
    // stablecoins first, in whatever order the operator listed them
    coins: coins.filter((coin) => money.coins.includes(coin)),
    outcomeCoin: nowPayments.outcomeCoin,
    callbackUrl: nowPayments.callbackUrl,
    windowMs,
    terms: { fee: feeRuleOf(deps.config), termsVersion, windowMs },
  }
}
