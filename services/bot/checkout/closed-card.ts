import { symbolOf } from '../../../shared/domain/coin.ts'
import { bold, code, escape, type Html, html, lines, paragraphs } from '../../../shared/telegram/html.ts'
import { noAddressText } from './no-address-text.ts'
import { helpKey, orderHeader, startAgainKey } from './order-header.ts'
import { type OrderCard, type OrderPicture, type OrderView } from './order-view.ts'

type Closed = 'expired' | 'cancelled' | 'failed' | 'refunded'

const says: Readonly<Record<Closed, (view: OrderView) => Html>> = {
  expired: (view) => told('⌛', view.texts.orderMessage.expired, watchedUntil(view)),
  cancelled: cancelledLines,
  failed: failedLines,
  refunded: refundedLines,
}

/** An order that asks for nothing any more. Money sent all the same is still found: the message says until when. */
export function closedCard(view: OrderView, closed: Closed): OrderCard {
  const { order, texts } = view
  const again = startAgainKey(order, texts.orderMessage.startAgain)
  return {
    picture: pictureFor(view),
    text: paragraphs(orderHeader(order, texts), says[closed](view)),
    keyboard: closed === 'refunded' ? [[helpKey(order, texts)]] : [[again], [helpKey(order, texts)]],
  }
}

function told(sign: string, said: string, ...more: readonly (Html | undefined)[]): Html {
  return lines(html`${escape(sign)} ${bold(escape(said))}`, ...more)
}

/** Without an address the message never was a photo, and nothing needs to become one. */
const pictureFor = ({ order, attempts }: OrderView): OrderPicture =>
  attempts.some(({ address }) => address !== null) || order.status === 'refunded'
    ? { kind: 'cover', product: order.productId }
    : { kind: 'none' }

function watchedUntil({ order, texts }: OrderView): Html | undefined {
  if (order.watchUntil === null) return undefined
  return escape(texts.orderMessage.watchedUntil(texts.format.date(order.watchUntil)))
}

function cancelledLines(view: OrderView): Html {
  const { orderMessage } = view.texts
  if (view.order.reason === 'bought otherwise') return told('✖️', orderMessage.boughtOtherwise)
  return told('✖️', orderMessage.cancelled, watchedUntil(view))
}

/** Failed at the provider after an address was given, or before there was one. */
function failedLines(view: OrderView): Html {
  const { order, attempts, texts } = view
  if (attempts.some(({ address }) => address !== null)) return told('❌', texts.orderMessage.failed, watchedUntil(view))
  if (order.reason === 'price changed') return told('❌', texts.orderMessage.priceChanged)
  return told('❌', noAddressText({ refusal: order.reason }, texts))
}

function refundedLines({ refund, texts }: OrderView): Html {
  const { orderMessage, format } = texts
  if (refund === undefined) return told('↩️', orderMessage.refunded, escape(orderMessage.notInLibrary))
  const { amountCents, amount, asset, txHash } = refund
  const sum = amount === null || asset === null ? format.money(amountCents) : `${amount} ${symbolOf(asset)}`
  return told(
    '↩️',
    orderMessage.refundedSum(sum),
    txHash === null ? undefined : html`${escape(orderMessage.transaction)} ${code(txHash)}`,
    escape(orderMessage.notInLibrary),
  )
}
