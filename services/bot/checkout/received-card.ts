import { symbolOf } from '../../../shared/domain/coin.ts'
import { bold, escape, type Html, html, lines, paragraphs } from '../../../shared/telegram/html.ts'
import { button, type Keyboard, styled } from '../keyboard.ts'
import { coinRows } from './coin-rows.ts'
import { noAddressText } from './no-address-text.ts'
import { helpKey, orderHeader, usualTime, watchRow } from './order-header.ts'
import { coveredOf, failureToShow, missingOf, shortfallOf } from './order-payments.ts'
import { type OrderCard, type OrderView } from './order-view.ts'

/** Money is on its way: nothing to cancel or change any more. */
export function confirmingCard({ order, attempts, texts }: OrderView): OrderCard {
  const { orderMessage } = texts
  const isConfirmed = attempts.some(({ status }) => status === 'confirmed' || status === 'sending')
  const time = usualTime(attempts.findLast(({ address }) => address !== null)?.coin, texts)
  const said = isConfirmed ? orderMessage.confirmed : orderMessage.seen
  return {
    picture: { kind: 'cover', product: order.productId },
    text: paragraphs(
      orderHeader(order, texts),
      lines(html`👀 ${bold(escape(said))}`, time === undefined ? undefined : html`⏱ ${escape(time)}`),
      escape(orderMessage.byItself),
    ),
    keyboard: [watchRow(order, texts)],
  }
}

/** Less came than was asked: the rest can be paid, or everything asked back. */
export function underpaidCard(view: OrderView): OrderCard {
  const { order, texts } = view
  const isAsking = order.question === 'topup'
  return {
    picture: { kind: 'cover', product: order.productId },
    text: paragraphs(
      orderHeader(order, texts),
      shortLines(view),
      failureLine(view),
      isAsking ? bold(escape(restQuestion(view))) : undefined,
    ),
    keyboard: isAsking ? restKeys(view) : underpaidKeys(view),
  }
}

/** What came and what is missing, in dollars and in the coin. */
function shortLines({ order, attempts, texts }: OrderView): Html {
  const { orderMessage, format } = texts
  const dollars = orderMessage.received(format.money(coveredOf(attempts)), format.money(missingOf(order, attempts)))
  const short = shortfallOf(attempts)
  const symbol = symbolOf(short?.coin ?? '')
  return lines(
    html`⚠️ ${bold(escape(orderMessage.underpaid))}`,
    escape(dollars),
    short === undefined
      ? undefined
      : escape(orderMessage.inCoin(`${short.received} ${symbol}`, `${short.missing} ${symbol}`)),
  )
}

function failureLine({ attempts, texts }: OrderView): Html | undefined {
  const failure = failureToShow(attempts)
  return failure === undefined ? undefined : escape(noAddressText(failure, texts))
}

const restQuestion = ({ choice, texts: { orderMessage } }: OrderView): string =>
  choice?.offered.length === 0 ? orderMessage.restTooSmall : orderMessage.restQuestion

const restKeys = (view: OrderView): Keyboard => [
  ...coinRows(view),
  [button(view.texts.orderMessage.keep, 'keep', { order: view.order.code })],
]

function underpaidKeys({ order, texts }: OrderView): Keyboard {
  const own = { order: order.code }
  return [
    [styled(button(texts.orderMessage.payRest, 'rest', own), 'success')],
    [button(texts.orderMessage.askRefund, 'askRefund', own), helpKey(order, texts)],
  ]
}

/** A person has to look at it. */
export function reviewCard({ order, texts }: OrderView): OrderCard {
  const { orderMessage } = texts
  const said = orderMessage.doubts(order.reason ?? '')
  return {
    picture: { kind: 'cover', product: order.productId },
    text: paragraphs(orderHeader(order, texts), html`🔎 ${bold(escape(said))}`, escape(orderMessage.reviewTime)),
    keyboard: [[helpKey(order, texts)]],
  }
}
