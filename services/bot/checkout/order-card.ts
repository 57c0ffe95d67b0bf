import { type OrderStatus } from '../../../shared/domain/order.ts'
import { type Html, paragraphs } from '../../../shared/telegram/html.ts'
import { asCaption } from '../../../shared/telegram/text-length.ts'
import { type Keyboard } from '../keyboard.ts'
import { askedPayment, refundFacts, shortfallFacts } from './order-facts.ts'
import * as keys from './order-keys.ts'
import { failureToShow, hadAddress, isRestOnItsWay, missingOf } from './order-payments.ts'
import { type OrderCard, type OrderView } from './order-view.ts'
import { qrText } from './qr-text.ts'

type DrawnStatus = Exclude<OrderStatus, 'paid' | 'delivered'>

const cards: Readonly<Record<DrawnStatus, (view: OrderView) => OrderCard>> = {
  creating: creatingCard,
  awaiting_payment: awaitingCard,
  confirming: confirmingCard,
  underpaid: underpaidCard,
  review: (view) => covered(view, view.texts.order.review(view.order, view.order.reason), keys.helpKeys(view)),
  expired: expiredCard,
  cancelled: (view) => covered(view, view.texts.order.cancelled(view.order), keys.againKeys(view)),
  failed: (view) => covered(view, view.texts.order.failed(view.order, view.order.reason), keys.againKeys(view)),
  refunded: refundedCard,
}

/** What the message of an order says in its present state; nothing once it is paid, for then it is the delivery's. */
export function orderCard(view: OrderView): OrderCard | undefined {
  const { status } = view.order
  if (status === 'paid' || status === 'delivered') return undefined
  const card = cards[status](view)
  const trouble = isUnread(view) ? view.texts.order.unreachable : undefined
  return { ...card, text: asCaption(paragraphs(card.text, trouble)) }
}

const waiting: readonly OrderStatus[] = ['awaiting_payment', 'confirming', 'underpaid']

/** The buyer waits for news of a payment, and NOWPayments could not be asked for them. */
export const isUnread = ({ order, attempts }: Pick<OrderView, 'order' | 'attempts'>): boolean =>
  waiting.includes(order.status) && attempts.some((attempt) => attempt.isUnread)

/** No address yet: being prepared, or NOWPayments gave no answer and the buyer may try again. */
function creatingCard(view: OrderView): OrderCard {
  const { order, attempts, texts } = view
  return failureToShow(attempts) === undefined
    ? { picture: { kind: 'none' }, text: texts.order.preparing(order.title), keyboard: [] }
    : { picture: { kind: 'none' }, text: texts.order.noAnswer(order), keyboard: keys.retryKeys(view) }
}

/** The address; or a question the buyer asked for, without an address to pay to by mistake. */
function awaitingCard(view: OrderView): OrderCard {
  const { order, texts } = view
  const payment = askedPayment(view)
  if (payment === undefined) return expiredCard(view)
  if (order.question === 'cancel') return covered(view, texts.order.askCancel(order), keys.cancelKeys(view))
  if (order.question === 'coin') {
    return covered(view, texts.order.askCoin(order, coinLines(view)), keys.coinKeys(view))
  }
  const text = texts.order.awaiting(order, payment)
  return { picture: { kind: 'qr', text: qrText(payment) }, text, keyboard: keys.payKeys(view, payment) }
}

function confirmingCard(view: OrderView): OrderCard {
  const { order, attempts, texts } = view
  const isConfirmed = attempts.some(({ status }) => status === 'confirmed' || status === 'sending')
  const coin = attempts.findLast(({ address }) => address !== null)?.coin ?? null
  const text = isConfirmed ? texts.order.settling(order) : texts.order.confirming(order, coin)
  return covered(view, text, keys.watchKeys(view))
}

/** Less came than was asked: the rest can be paid, or everything asked back. Once the rest is seen, nothing is asked. */
function underpaidCard(view: OrderView): OrderCard {
  const { order, attempts, texts } = view
  if (isRestOnItsWay(attempts)) return confirmingCard(view)
  if (order.question === 'topup') return restCard(view)
  const rest = askedPayment(view)
  const text = texts.order.underpaid(order, shortfallFacts(view), rest)
  if (rest === undefined) return covered(view, text, keys.underpaidKeys(view))
  return { picture: { kind: 'qr', text: qrText(rest) }, text, keyboard: keys.restKeys(view, rest) }
}

function restCard(view: OrderView): OrderCard {
  const { order, attempts, choice, texts } = view
  const coins = choice?.offered.length === 0 ? texts.order.tooSmallRest : coinLines(view)
  return covered(view, texts.order.askRestCoin(order, missingOf(order, attempts), coins), keys.coinKeys(view))
}

function coinLines({ choice, texts }: OrderView): Html {
  return texts.checkout.choice(choice ?? { offered: [], hidden: [] })
}

function expiredCard(view: OrderView): OrderCard {
  return covered(view, view.texts.order.expired(view.order, view.order.watchUntil), keys.againKeys(view))
}

function refundedCard(view: OrderView): OrderCard {
  const { order, refund, texts } = view
  const facts = refund === undefined ? undefined : refundFacts(refund)
  return covered(view, texts.order.refunded(order, facts, order.paidAt !== null), keys.helpKeys(view))
}

/** Without an address the message never was a photo, and nothing needs to become one. */
function covered({ order, attempts }: OrderView, text: Html, keyboard: Keyboard): OrderCard {
  const isPhoto = hadAddress(attempts) || order.status === 'refunded'
  return { picture: isPhoto ? { kind: 'cover', product: order.productId } : { kind: 'none' }, text, keyboard }
}
