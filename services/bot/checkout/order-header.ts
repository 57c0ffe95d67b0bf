import { coinFacts, isCoin } from '../../../shared/domain/coin.ts'
import { type Order } from '../../../shared/db/orders.ts'
import { bold, code, escape, type Html, html, lines } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { button, type Key, type Keyboard, styled } from '../keyboard.ts'

/** What every order message begins with: the product, what it costs, and the order's name. */
export function orderHeader({ title, price, fee, total, code: orderCode }: Order, texts: Texts): Html {
  const { format, orderMessage } = texts
  const sum = orderMessage.sum(format.money(price), format.money(fee), format.money(total))
  return lines(bold(escape(title)), escape(sum), html`${escape(orderMessage.order)} ${code(orderCode)}`)
}

/** `1–3 min` for a coin we know. */
export const usualTime = (coin: string | undefined, { orderMessage }: Texts): string | undefined =>
  coin !== undefined && isCoin(coin) ? orderMessage.usualTime(...coinFacts[coin].minutes) : undefined

/** Leads back to the coins of the same product. */
export const startAgainKey = ({ productCode }: Order, text: string): Key =>
  button(text, 'buy', { product: productCode, list: { kind: 'none' }, position: 1 })

export const helpKey = ({ code: order }: Order, { orderMessage }: Texts): Key =>
  button(orderMessage.help, 'orderHelp', { order })

export const refreshKey = ({ code: order }: Order, { orderMessage }: Texts): Key =>
  styled(button(orderMessage.refresh, 'refresh', { order }), 'primary')

export const watchRow = (order: Order, texts: Texts): Keyboard[number] => [
  refreshKey(order, texts),
  helpKey(order, texts),
]
