import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { findOwnOrder, type Order } from '../../../shared/db/orders.ts'
import { type Attempt, listAttempts } from '../../../shared/db/payment-attempts.ts'
import { isCoin } from '../../../shared/domain/coin.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { type Another, askAnother, type AskedAnother } from './ask-another.ts'
import { type Asked } from './ask-address.ts'
import { askForCoin } from './ask-for-coin.ts'
import { askForDifference } from './ask-for-difference.ts'
import { askForRefund } from './ask-for-refund.ts'
import { askToCancel, type Cancelling, cancelOrder, keepOrder } from './cancel-order.ts'
import { checkoutDeps, type CheckoutDeps, type CheckoutSettings } from './checkout-deps.ts'
import { isUnread } from './order-card.ts'
import { paymentToShow } from './order-payments.ts'
import { payProduct } from './pay-product.ts'
import { type Refreshed, refreshOrder } from './refresh-order.ts'
import { drawNow } from './show-order.ts'

type OwnOrder = { readonly order: PublicCode }
type Handler = (ctx: BotContext, deps: CheckoutDeps, args: OwnOrder) => Promise<void>

/** The buttons under an order message. Each finds the order by its code and its buyer together. */
export const orderActions =
  (settings: CheckoutSettings): Feature =>
  (features) => {
    const on =
      (handle: Handler) =>
      (ctx: BotContext, args: OwnOrder): Promise<void> =>
        handle(ctx, checkoutDeps(ctx.deps, settings), args)
    features.press('refresh', on(refresh))
    features.press('cancel', on(askCancel))
    features.press('cancelNow', on(cancelNow))
    features.press('keep', on(keep))
    features.press('otherCoin', on(askCoin))
    features.press('rest', on(askCoin))
    features.press('retry', on(retry))
    features.press('askRefund', on(refund))
    features.press('askDifference', on(difference))
    features.press('orderHelp', on(help))
    features.press('changeCoin', (ctx, args) => another(ctx, settings, { ...args, kind: 'main' }))
    features.press('payRest', (ctx, args) => another(ctx, settings, { ...args, kind: 'topup' }))
  }

const refresh: Handler = async (ctx, deps, { order: code }) => {
  const { orderAnswers } = ctx.texts
  const refreshed = await refreshOrder(deps.db, ctx.person.id, code)
  if (refreshed === undefined) return ctx.toast(orderAnswers.notFound)
  await ctx.toast(answerToRefresh(refreshed, await listAttempts(deps.db, refreshed.order.id), orderAnswers))
  await drawNow(deps, refreshed.order.id)
}

function answerToRefresh(
  { order, asked }: Refreshed,
  attempts: readonly Attempt[],
  orderAnswers: Texts['orderAnswers'],
): string {
  if (isUnread({ order, attempts })) return orderAnswers.unreachable
  const payment = paymentToShow(order, attempts)
  if (payment === undefined) return orderAnswers.stateNow(order.status)
  return asked ? orderAnswers.nothingSeen(payment.coin) : orderAnswers.checkedJustNow
}

const askCancel: Handler = async (ctx, deps, { order }) => {
  await answerCancelling(ctx, deps, order, await askToCancel(deps.db, ctx.person.id, order), undefined)
}

const cancelNow: Handler = async (ctx, deps, { order }) => {
  const { cancelled } = ctx.texts.orderAnswers
  await answerCancelling(ctx, deps, order, await cancelOrder(deps.db, ctx.person.id, order), cancelled)
}

async function answerCancelling(
  ctx: BotContext,
  deps: CheckoutDeps,
  code: PublicCode,
  cancelling: Cancelling,
  done: string | undefined,
): Promise<void> {
  const { tooLateToCancel, notFound } = ctx.texts.orderAnswers
  const said = { done, 'too late': tooLateToCancel, 'not found': notFound }[cancelling]
  if (said !== undefined) await ctx.toast(said)
  await drawOwn(ctx, deps, code)
}

const keep: Handler = async (ctx, deps, { order }) => {
  if (!(await keepOrder(deps.db, ctx.person.id, order))) return ctx.toast(ctx.texts.orderAnswers.notFound)
  await drawOwn(ctx, deps, order)
}

const askCoin: Handler = async (ctx, deps, { order }) => {
  const asked = await askForCoin(deps, ctx.person.id, order)
  if (asked === 'not found') return ctx.toast(ctx.texts.orderAnswers.notFound)
  if (asked === 'too late') await ctx.toast(ctx.texts.orderAnswers.tooLateToChange)
  await drawOwn(ctx, deps, order)
}

const retry: Handler = async (ctx, deps, { order: code }) => {
  const order = await findOwnOrder(deps.db, ctx.person.id, code)
  if (order === undefined) return ctx.toast(ctx.texts.orderAnswers.notFound)
  if (order.status !== 'creating') return drawNow(deps, order.id)
  const coin = (await listAttempts(deps.db, order.id)).at(-1)?.coin ?? 'none'
  const place = { product: order.productCode, list: { kind: 'none' }, position: 1 } as const
  await payProduct(ctx, deps, place, { coin: isCoin(coin) ? coin : 'none', shown: order.total })
}

const refund: Handler = async (ctx, deps, { order }) => {
  const isAsked = await askForRefund(deps.db, ctx.person.id, order)
  await ctx.toast(isAsked ? ctx.texts.orderAnswers.refundAsked : ctx.texts.orderAnswers.notFound)
}

const difference: Handler = async (ctx, deps, { order }) => {
  const { orderAnswers } = ctx.texts
  const asked = await askForDifference(deps.db, ctx.person.id, order)
  if (asked === undefined) return ctx.toast(orderAnswers.notFound)
  await ctx.toast(asked.kind === 'asked' ? orderAnswers.refundAsked : orderAnswers.stateNow(asked.status))
}

const help: Handler = async (ctx, deps, { order: code }) => {
  const order = await findOwnOrder(deps.db, ctx.person.id, code)
  if (order === undefined) return ctx.toast(ctx.texts.orderAnswers.notFound)
  await ctx.go('page', { page: 'paysupport' })
}

async function another(
  ctx: BotContext,
  settings: CheckoutSettings,
  wish: Pick<Another, 'order' | 'coin' | 'kind'>,
): Promise<void> {
  const deps = checkoutDeps(ctx.deps, settings)
  const asked = await askAnother(deps, { ...wish, buyer: ctx.person.id })
  const said = answerTo(asked, ctx.texts)
  if (said !== undefined) await ctx.toast(said)
  await drawOwn(ctx, deps, wish.order)
}

async function drawOwn(ctx: BotContext, deps: CheckoutDeps, code: PublicCode): Promise<Order | undefined> {
  const order = await findOwnOrder(deps.db, ctx.person.id, code)
  if (order !== undefined) await drawNow(deps, order.id)
  return order
}

/** What the order message does not say by itself. */
function answerTo(asked: AskedAnother, { orderAnswers, checkout }: Texts): string | undefined {
  switch (asked.kind) {
    case 'not found':
      return orderAnswers.notFound
    case 'too late':
      return orderAnswers.tooLateToChange
    case 'too many payments':
    case 'not visible':
      return checkout.refusal({ kind: asked.kind })
    case 'shown already':
      return orderAnswers.shownAlready
    case 'asked':
      return sayAsked(asked.asked, orderAnswers, checkout)
  }
}

function sayAsked(asked: Asked, orderAnswers: Texts['orderAnswers'], checkout: Texts['checkout']): string | undefined {
  if (asked.kind === 'address') return undefined
  if (asked.kind === 'being asked') return orderAnswers.beingAsked
  return checkout.noAddress(asked.kind === 'unknown' ? 'unknown' : asked.why)
}
