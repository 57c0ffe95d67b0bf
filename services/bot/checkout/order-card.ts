import { type OrderStatus } from '../../../shared/domain/order.ts'
import { asCaption } from '../../../shared/telegram/text-length.ts'
import { awaitingCard } from './awaiting-card.ts'
import { closedCard } from './closed-card.ts'
import { creatingCard } from './creating-card.ts'
import { paymentToShow } from './order-payments.ts'
import { type OrderCard, type OrderView } from './order-view.ts'
import { confirmingCard, reviewCard, underpaidCard } from './received-card.ts'

type DrawnStatus = Exclude<OrderStatus, 'paid' | 'delivered'>

const cards: Readonly<Record<DrawnStatus, (view: OrderView) => OrderCard>> = {
  creating: creatingCard,
  awaiting_payment: (view) => whileOpen(view, (closed) => closedCard(closed, 'expired')),
  confirming: confirmingCard,
  underpaid: (view) => whileOpen(view, underpaidCard),
  review: reviewCard,
  expired: (view) => closedCard(view, 'expired'),
  cancelled: (view) => closedCard(view, 'cancelled'),
  failed: (view) => closedCard(view, 'failed'),
  refunded: (view) => closedCard(view, 'refunded'),
}

/** What the message of an order says in its present state; nothing once it is paid, for then it is the delivery's. */
export function orderCard(view: OrderView): OrderCard | undefined {
  const { status } = view.order
  if (status === 'paid' || status === 'delivered') return undefined
  const card = cards[status](view)
  return { ...card, text: asCaption(card.text) }
}

function whileOpen(view: OrderView, otherwise: (view: OrderView) => OrderCard): OrderCard {
  const payment = paymentToShow(view.order, view.attempts)
  return payment === undefined ? otherwise(view) : awaitingCard(view, payment)
}
