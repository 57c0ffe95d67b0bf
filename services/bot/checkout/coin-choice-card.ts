import { type Breakdown } from '../../../shared/domain/fee.ts'
import { type Coin } from '../../../shared/domain/coin.ts'
import { type Cents } from '../../../shared/domain/money.ts'
import { type Offer } from '../../../shared/db/offers.ts'
import { bold, escape, paragraphs } from '../../../shared/telegram/html.ts'
import { asCaption } from '../../../shared/telegram/text-length.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { type ArgumentsOf, buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button, type Keyboard, styled } from '../keyboard.ts'
import { type CoinChoice } from './offered-coins.ts'

export type Place = ArgumentsOf<'buy'>

export type Choosing = {
  readonly offer: Offer
  readonly sum: Breakdown
  readonly choice: CoinChoice
  readonly place: Place
  /** Why the last try came to nothing. */
  readonly notice: string | undefined
}

/** What it costs, and in which coins it can be paid. Each coin's button carries the total it was shown with. */
export function coinChoiceCard({ offer, sum, choice, place, notice }: Choosing, texts: Texts): Card {
  const { checkout } = texts
  const hasCoins = choice.offered.length > 0
  const text = hasCoins ? checkout.chooseCoin(offer.title, sum, choice) : checkout.noCoin(offer.title, sum)
  return {
    at: buttonData('buy', place),
    picture: { product: offer.productId },
    text: asCaption(paragraphs(notice === undefined ? undefined : bold(escape(`⚠️ ${notice}`)), text)),
    keyboard: [...coinRows(choice, place, sum.total, texts), backRow(place, texts)],
  }
}

const coinRows = ({ offered }: CoinChoice, place: Place, total: Cents, { checkout }: Texts): Keyboard =>
  offered.map(({ coin }) => [button(checkout.coinButton({ coin }), 'pay', { ...place, coin, total })])

const backRow = (place: Place, { common }: Texts): Keyboard[number] => [
  button(common.back, 'product', place),
  button(common.home, 'home'),
]

export type Repriced = {
  readonly offer: Offer
  readonly place: Place
  readonly coin: Coin
  readonly before: Cents
  readonly now: Breakdown
}

/** The price is another than on the screen: nothing is ordered before the buyer says yes to it. */
export function newPriceCard({ offer, place, coin, before, now }: Repriced, texts: Texts): Card {
  const { checkout } = texts
  const accept = button(checkout.acceptPrice(now.total), 'pay', { ...place, coin, total: now.total })
  return {
    at: buttonData('buy', place),
    picture: { product: offer.productId },
    text: checkout.priceChanged(offer.title, before, now),
    keyboard: [[styled(accept, 'success')], backRow(place, texts)],
  }
}

/** The screen once an order has its own message further down. */
export function orderBelowCard(offer: Offer, place: Place, texts: Texts): Card {
  return {
    at: buttonData('product', place),
    picture: { product: offer.productId },
    text: asCaption(texts.checkout.seeBelow(offer.title)),
    keyboard: [[button(texts.home.orders, 'orders')], backRow(place, texts)],
  }
}
