import { breakdown } from '../../../shared/domain/fee.ts'
import { cents } from '../../../shared/domain/money.ts'
import { type Coin } from '../../../shared/domain/coin.ts'
import { findOffer, type Offer } from '../../../shared/db/offers.ts'
import { type Order } from '../../../shared/db/orders.ts'
import { type BotContext } from '../context.ts'
import { refuse, showCoins } from './buy-product.ts'
import { type CheckoutDeps } from './checkout-deps.ts'
import { newPriceCard, orderBelowCard, type Place } from './coin-choice-card.ts'
import { type Asked } from './ask-address.ts'
import { ensureOrderMessage, holdingOrderMessage } from './order-message.ts'
import { drawNow, showOrder } from './show-order.ts'
import { type Started, startPayment } from './start-payment.ts'

export type Tap = { readonly coin: Coin | 'none'; readonly shown: bigint }

/** A tap on a coin, or on a free product. */
export async function payProduct(ctx: BotContext, deps: CheckoutDeps, place: Place, tap: Tap): Promise<void> {
  const openMessage = (order: Order) => placeMessage(ctx, deps, order)
  const wish = { buyer: ctx.person.id, product: place.product, coin: tap.coin, shown: cents(tap.shown) }
  const started = await startPayment({ ...deps, openMessage }, wish)
  if (started.kind === 'price changed') return showNewPrice(ctx, deps, place, tap, started.offer)
  await answer(ctx, deps, place, started)
}

/** The line of text that becomes the order message. What it shows next is drawn from the order itself. */
async function placeMessage(ctx: BotContext, deps: CheckoutDeps, { id, title }: Order): Promise<void> {
  await holdingOrderMessage(deps, id, async (held) => {
    await ensureOrderMessage(deps, held, ctx.texts.order.preparing(title))
    return null
  })
}

type Settled = Exclude<Started, { readonly kind: 'price changed' }>

async function answer(ctx: BotContext, deps: CheckoutDeps, place: Place, started: Settled): Promise<void> {
  switch (started.kind) {
    case 'refused':
      return refuse(ctx, place, started.refusal)
    case 'open already':
      deps.log.info({ orderCode: started.order.code, reason: 'order.reused' }, 'an open order is shown again')
      return showOrder(ctx, deps, started.order.code)
    case 'free':
      await ctx.toast(ctx.texts.checkout.freeTaken)
      return showBelow(ctx, deps, place)
    case 'asked':
      await drawNow(deps, started.order.id)
      return answerAsked(ctx, deps, place, started.asked)
  }
}

/** Nothing is ordered before the buyer says yes to the new price. */
async function showNewPrice(ctx: BotContext, deps: CheckoutDeps, place: Place, tap: Tap, offer: Offer): Promise<void> {
  const { coin, shown } = tap
  deps.log.info({ userId: ctx.person.id, productCode: place.product, reason: 'order.price_changed' }, 'price changed')
  const now = breakdown(offer.price, deps.terms.fee)
  // what has become free, or is free no more, is looked at again before anything is taken
  if (coin === 'none' || now.total === 0n) return ctx.go('product', place)
  await ctx.show(newPriceCard({ offer, place, coin, before: cents(shown), now }, ctx.texts))
}

/** The order message says it all; only a coin that was refused is worth another look at the coins. */
async function answerAsked(ctx: BotContext, deps: CheckoutDeps, place: Place, asked: Asked): Promise<void> {
  if (asked.kind !== 'no address' || asked.why === 'busy') return showBelow(ctx, deps, place)
  const offer = await findOffer(deps.db, ctx.person.id, place.product)
  const notice = ctx.texts.checkout.noAddress(asked.why)
  if (offer?.isVisible === true) await showCoins(ctx, deps, { offer, place, notice })
}

async function showBelow(ctx: BotContext, deps: CheckoutDeps, place: Place): Promise<void> {
  const offer = await findOffer(deps.db, ctx.person.id, place.product)
  if (offer !== undefined) await ctx.show(orderBelowCard(offer, place, ctx.texts))
}
