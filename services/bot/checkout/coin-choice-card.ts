import { coinFacts } from '../../../shared/domain/coin.ts'
import { type Breakdown } from '../../../shared/domain/fee.ts'
import { type Offer } from '../../../shared/db/offers.ts'
import { bold, escape, type Html, html, italic, lines, paragraphs } from '../../../shared/telegram/html.ts'
import { asCaption } from '../../../shared/telegram/text-length.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { type ArgumentsOf, buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button, type Key, type Keyboard } from '../keyboard.ts'
import { coinLabel } from './coin-rows.ts'
import { usualTime } from './order-header.ts'
import { type CoinChoice, type HiddenCoin, type OfferedCoin } from './offered-coins.ts'

export type Place = ArgumentsOf<'buy'>

export type Choosing = {
  readonly offer: Offer
  readonly sum: Breakdown
  readonly choice: CoinChoice
  readonly place: Place
  /** What is to be said first: a new price, why the last try came to nothing. */
  readonly notice: string | undefined
}

/** What it costs, and in which coins it can be paid. Each coin's button carries the total it was shown with. */
export function coinChoiceCard({ offer, sum, choice, place, notice }: Choosing, texts: Texts): Card {
  const { buying, format, orderMessage } = texts
  const hasCoins = choice.offered.length > 0
  const text = paragraphs(
    notice === undefined ? undefined : html`⚠️ ${bold(escape(notice))}`,
    lines(
      bold(escape(offer.title)),
      escape(orderMessage.sum(format.money(sum.price), format.money(sum.fee), format.money(sum.total))),
    ),
    escape(hasCoins ? buying.chooseCoin : buying.noCoin),
    lines(...choice.offered.map((offered) => offeredLine(offered, texts))),
    hiddenLine(choice.hidden, texts),
    hasCoins ? escape(buying.terms) : undefined,
  )
  return {
    at: buttonData('buy', place),
    picture: { product: offer.productId },
    text: asCaption(text),
    keyboard: [...choice.offered.map(({ coin }) => [coinKey(coin, place, sum)]), backRow(place, texts)],
  }
}

function offeredLine({ coin, estimate }: OfferedCoin, texts: Texts): Html {
  const { symbol, networkName, mint } = coinFacts[coin]
  const { network, networkOnly } = texts.orderMessage
  const facts = [
    estimate === undefined ? undefined : `≈ ${estimate}`,
    mint === undefined ? network(networkName) : networkOnly(networkName),
    usualTime(coin, texts),
  ]
  return html`• ${bold(escape(symbol))} ${escape(facts.filter((fact) => fact !== undefined).join(' · '))}`
}

const coinKey = (coin: OfferedCoin['coin'], place: Place, { total }: Breakdown): Key =>
  button(coinLabel(coin), 'pay', { ...place, coin, total })

/** Why some coins are missing, in one line. */
function hiddenLine(hidden: readonly HiddenCoin[], { buying, format }: Texts): Html | undefined {
  const parts = hidden.flatMap(({ coin, minimum }) =>
    minimum === undefined ? [] : [buying.coinFrom(coinFacts[coin].symbol, format.money(minimum))],
  )
  return parts.length === 0 ? undefined : italic(escape(parts.join(' · ')))
}

const backRow = (place: Place, { common }: Texts): Keyboard[number] => [
  button(common.back, 'product', place),
  button(common.home, 'home'),
]

/** The screen once an order has its own message further down. */
export function orderBelowCard(offer: Offer, place: Place, texts: Texts): Card {
  return {
    at: buttonData('product', place),
    picture: { product: offer.productId },
    text: asCaption(paragraphs(bold(escape(offer.title)), escape(texts.buying.seeBelow))),
    keyboard: [[button(texts.home.orders, 'orders')], backRow(place, texts)],
  }
}
