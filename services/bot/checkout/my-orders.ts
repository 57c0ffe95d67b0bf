import { listOwnOrders, type Order, type OrderPage } from '../../../shared/db/orders.ts'
import { paragraphs } from '../../../shared/telegram/html.ts'
import { asCaption, cut } from '../../../shared/telegram/text-length.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext, type Card } from '../context.ts'
import { type Feature } from '../features.ts'
import { button, type Key } from '../keyboard.ts'
import { pageRow, readPage } from '../page-row.ts'
import { checkoutDeps, type CheckoutSettings } from './checkout-deps.ts'
import { openOrder, showOrder } from './show-order.ts'

const pageSize = 5

/** The list of a person's orders, and the way to one of them. */
export const myOrders =
  (settings: CheckoutSettings): Feature =>
  (features) => {
    features.command(['orders', 'commandes'], (ctx) => showPage(ctx, 0))
    features.press('orders', (ctx) => showPage(ctx, 0))
    features.press('ordersPage', (ctx, { page }) => showPage(ctx, page))
    features.press('order', (ctx, { order }) => showOrder(ctx, checkoutDeps(ctx.deps, settings), order))
    features.link('order', (ctx, code) => openOrder(ctx, checkoutDeps(ctx.deps, settings), code))
  }

async function showPage(ctx: BotContext, wanted: number): Promise<void> {
  const { page, last, ...list } = await readPage(
    (part) => listOwnOrders(ctx.deps.db, ctx.person.id, part),
    wanted,
    pageSize,
  )
  await ctx.show(ordersCard(list, page, last, ctx.texts))
}

/** One page of orders, each a button that brings its message to the bottom of the chat. */
export function ordersCard({ orders, count }: OrderPage, page: number, last: number, texts: Texts): Card {
  const { orderAnswers } = texts
  const entries = orders.map(({ title, code, total, status, createdAt }) =>
    orderAnswers.entry(title, code, total, status, createdAt),
  )
  return {
    at: buttonData('ordersPage', { page }),
    picture: 'neutral',
    text: count === 0 ? orderAnswers.noOrders : asCaption(paragraphs(orderAnswers.list(count), ...entries)),
    keyboard: [
      ...orders.map((order) => [orderKey(order, texts)]),
      pageRow(page, last, (label, to) => button(label, 'ordersPage', { page: to })),
      [button(texts.home.browse, 'categories'), button(texts.common.home, 'home')],
    ],
  }
}

const orderKey = ({ code, title, total, status }: Order, { orderAnswers }: Texts): Key =>
  button(orderAnswers.line(cut(title, 40), total, status), 'order', { order: code })
