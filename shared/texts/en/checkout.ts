import { type Coin, coinFacts } from '../../domain/coin.ts'
import { type Breakdown } from '../../domain/fee.ts'
import { type Cents } from '../../domain/money.ts'
import { bold, dotted, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption } from '../../telegram/text-length.ts'
import { type CoinChoice, type HiddenCoin, type NoAddress, type OfferedCoin, type RefusalFacts } from '../facts.ts'
import { type CheckoutTexts } from '../fr/checkout.ts'
import { type Format } from '../format.ts'
import { reasonIn } from './moderation-reasons.ts'
import { saying, title } from '../people.ts'

const noAddress: Readonly<Record<NoAddress, string>> = {
  'below minimum': 'This amount is below the minimum of this coin: please choose another one.',
  'coin unavailable': 'This coin is unavailable at the moment: please choose another one.',
  closed: 'Payments are closed for the moment. Please try again a little later; you have not been charged.',
  busy: 'The payment service is very busy. Please try again in a minute.',
  refused: 'The payment service refused this request: please try another coin.',
  unknown: 'The payment service did not answer. You can try again: you will not pay twice.',
}

const refusals: Readonly<Record<Exclude<RefusalFacts['kind'], 'suspended'>, string>> = {
  own: 'This is your own product: you cannot buy it.',
  owned: 'You already own this product: you will find it in your library.',
  'not visible': 'This product is no longer for sale.',
  'too many orders': 'You already have 5 open orders. Pay or cancel one of them in /orders.',
  'too many payments': 'You have asked for many payment addresses. Please try again in ten minutes.',
  'too many free': 'You have taken 20 free products today. Come back tomorrow for more.',
}

export const checkout = (format: Format): CheckoutTexts => {
  const sums = ({ price, fee, total }: Breakdown): Html =>
    lines(
      phrase`Price: ${format.money(price)}`,
      fee === 0n ? undefined : phrase`Service fee: ${format.money(fee)}`,
      bold(phrase`Total: ${format.money(total)}`),
    )
  const offer = ({ coin, estimate }: OfferedCoin): Html => {
    const { symbol, networkName, minutes, mint } = coinFacts[coin]
    const network = mint === undefined ? phrase`${escape(networkName)} network` : phrase`Solana network only`
    const amount = estimate === undefined ? undefined : phrase`≈ ${escape(estimate)}`
    return phrase`• ${dotted(bold(escape(symbol)), network, amount, phrase`${minutes[0]}–${minutes[1]} min`)}`
  }
  const absent = ({ coin, minimum }: HiddenCoin): Html =>
    minimum === undefined
      ? phrase`${escape(coinFacts[coin].symbol)} unavailable`
      : phrase`${escape(coinFacts[coin].symbol)} from ${format.money(minimum)}`
  const choice = ({ offered, hidden }: CoinChoice): Html =>
    paragraphs(
      lines(...offered.map(offer)),
      hidden.length === 0 ? undefined : phrase`<i>${dotted(...hidden.map(absent))}</i>`,
    )
  const screen = (product: string, sum: Breakdown, ...told: readonly Html[]): Html =>
    asCaption(paragraphs(lines(phrase`🛒 ${bold(title(product))}`, sums(sum)), ...told))

  return {
    choice,
    chooseCoin: (product: string, sum: Breakdown, coins: CoinChoice): Html =>
      screen(
        product,
        sum,
        phrase`Which coin would you like to pay with?`,
        choice(coins),
        phrase`By paying you accept the terms: /terms`,
      ),
    coinButton: ({ coin }: { readonly coin: Coin }): string =>
      `${coinFacts[coin].symbol} · ${coinFacts[coin].networkName}`,
    noCoin: (product: string, sum: Breakdown): Html =>
      screen(
        product,
        sum,
        phrase`No coin can carry this amount today. The team has been told: please try again a little later.`,
      ),
    priceChanged: (product: string, before: Cents, now: Breakdown): Html =>
      screen(
        product,
        now,
        phrase`The price has changed since your last screen: the total was ${format.money(before)}, it is now ${bold(format.money(now.total))}. Would you like to go on?`,
      ),
    acceptPrice: (total: Cents): string => `Go on at ${format.money(total)}`,
    seeBelow: (product: string): Html => phrase`🛒 ${bold(title(product))}\n\nYour order is further down in this chat.`,
    noAddress: (why: NoAddress): string => noAddress[why],
    refusal: (refusal: RefusalFacts): string => {
      if (refusal.kind !== 'suspended') return refusals[refusal.kind]
      const end = refusal.until === null ? '' : ` until ${format.date(refusal.until)}`
      return `Your account is suspended${end}. What you bought stays available; to appeal: /support`
    },
    suspensionReason: (reason: string): Html => phrase`Reason for the suspension: ${saying(reasonIn(reason))}`,
    alreadyOpen: 'You already have an order for this product: here it is.',
    freeTaken: 'It’s yours! The file follows.',
  }
}
