import { breakdown } from '../../../shared/domain/fee.ts'
import { findOffer, type Offer } from '../../../shared/db/offers.ts'
import { lockUnfinishedOrder, type Order } from '../../../shared/db/orders.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { checkoutDeps, type CheckoutDeps, type CheckoutSettings } from './checkout-deps.ts'
import { coinChoiceCard, type Place } from './coin-choice-card.ts'
import { findCoins } from './offered-coins.ts'
import { payProduct } from './pay-product.ts'
import { type Refusal, refuseOffer } from './refuse-offer.ts'
import { showOrder } from './show-order.ts'

/** From [Buy] to the coin, or to the file when it costs nothing. */
export const buyProduct =
  (settings: CheckoutSettings): Feature =>
  (features) => {
    features.press('buy', (ctx, place) => buy(ctx, checkoutDeps(ctx.deps, settings), place))
    features.press('pay', (ctx, { coin, total, ...place }) =>
      payProduct(ctx, checkoutDeps(ctx.deps, settings), place, { coin, shown: total }),
    )
  }

async function buy(ctx: BotContext, deps: CheckoutDeps, place: Place): Promise<void> {
  const offer = await findOffer(deps.db, ctx.person.id, place.product)
  if (offer === undefined) return refuse(ctx, place, { kind: 'not visible' })
  const isOver = offer.isOwned || offer.sellerId === ctx.person.id
  const open = isOver ? undefined : await lockUnfinishedOrder(deps.db, ctx.person.id, offer.productId)
  if (open !== undefined && open.status !== 'creating') return showOpen(ctx, deps, open)
  const others = offer.openOrders - (open === undefined ? 0 : 1)
  const refusal = refuseOffer({ ...offer, openOrders: others }, ctx.person.id)
  if (refusal !== undefined) return refuse(ctx, place, refusal)
  if (offer.price === 0n) return payProduct(ctx, deps, place, { coin: 'none', shown: offer.price })
  await showCoins(ctx, deps, { offer, place, notice: undefined })
}

async function showOpen(ctx: BotContext, deps: CheckoutDeps, { code }: Order): Promise<void> {
  await ctx.toast(ctx.texts.checkout.alreadyOpen)
  await showOrder(ctx, deps, code)
}

type Showing = { readonly offer: Offer; readonly place: Place; readonly notice: string | undefined }

/** The coins for the price of this moment. Without any, the administrators hear of it. */
export async function showCoins(ctx: BotContext, deps: CheckoutDeps, showing: Showing): Promise<void> {
  const sum = breakdown(showing.offer.price, deps.terms.fee)
  const choice = await findCoins(deps, sum.total)
  if (choice.offered.length === 0) await alertNoCoin(deps, showing.offer, sum.total)
  await ctx.show(coinChoiceCard({ ...showing, sum, choice }, ctx.texts))
}

export async function alertNoCoin(
  { db, log }: Pick<CheckoutDeps, 'db' | 'log'>,
  { code }: { readonly code: string },
  total: bigint,
): Promise<void> {
  log.warn({ reason: 'coins.none', ref: code, totalCents: total.toString() }, 'no coin can carry an amount')
  await alertAdmins(db, 'coins.none', { about: 'no coin', cents: total.toString() }, { ref: code })
}

/** Says why not, and leads on: to what is owned, or back to the product. */
export async function refuse(ctx: BotContext, place: Place, refusal: Refusal): Promise<void> {
  const { checkout } = ctx.texts
  ctx.deps.log.info({ userId: ctx.person.id, productCode: place.product, reason: refusal.kind }, 'order refused')
  await ctx.toast(checkout.refusal(refusal))
  if (refusal.kind === 'owned') return ctx.go('owned', { product: place.product })
  if (refusal.kind === 'not visible') return ctx.go('product', place)
  if (refusal.kind === 'suspended' && refusal.reason !== null) await ctx.say(checkout.suspensionReason(refusal.reason))
}
