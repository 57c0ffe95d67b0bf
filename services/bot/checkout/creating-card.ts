import { escape, paragraphs } from '../../../shared/telegram/html.ts'
import { button, styled } from '../keyboard.ts'
import { orderHeader, startAgainKey } from './order-header.ts'
import { failureToShow } from './order-payments.ts'
import { type OrderCard, type OrderView } from './order-view.ts'

/** No address yet: being prepared, or NOWPayments gave no answer and the buyer may try again. */
export function creatingCard({ order, attempts, texts }: OrderView): OrderCard {
  const { orderMessage } = texts
  const failure = failureToShow(attempts)
  const header = orderHeader(order, texts)
  if (failure === undefined) {
    return { picture: { kind: 'none' }, text: paragraphs(header, escape(orderMessage.preparing)), keyboard: [] }
  }
  const said = failure.status === 'throttled' ? orderMessage.busy : orderMessage.noAnswer
  const keyboard = [
    [styled(button(orderMessage.retry, 'retry', { order: order.code }), 'primary')],
    [startAgainKey(order, orderMessage.otherCoin), button(orderMessage.cancel, 'cancelNow', { order: order.code })],
  ]
  return { picture: { kind: 'none' }, text: paragraphs(header, escape(said)), keyboard }
}
