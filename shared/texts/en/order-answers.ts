import { leastReturnedCents } from '../../domain/excess.ts'
import { cents, type Cents } from '../../domain/money.ts'
import { symbolOf } from '../../domain/coin.ts'
import { type OrderStatus } from '../../domain/order.ts'
import { bold, code, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { type ExcessFacts, type ReceiptFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { type OrderAnswerTexts } from '../fr/order-answers.ts'
import { title } from '../people.ts'
import { statusSigns } from '../status-signs.ts'
import { usualTime } from './order.ts'

const statuses: Readonly<Record<OrderStatus, string>> = {
  creating: 'being prepared',
  awaiting_payment: 'to pay',
  confirming: 'confirming',
  underpaid: 'incomplete',
  review: 'being checked',
  paid: 'paid',
  delivered: 'delivered',
  expired: 'expired',
  cancelled: 'cancelled',
  failed: 'failed',
  refunded: 'refunded',
}

export const orderAnswers = (format: Format): OrderAnswerTexts => ({
  copyAmount: '📋 Copy amount',
  copyAddress: '📋 Copy address',
  copyMemo: '📋 Copy memo',
  refresh: '🔄 Refresh',
  changeCoin: 'Change coin',
  cancel: 'Cancel',
  cancelNow: 'Yes, cancel it',
  keep: 'No, keep it',
  help: '💬 Help',
  payRest: (missing: Cents): string => `Pay the rest · ${format.money(missing)}`,
  askRefund: 'Ask for a refund',
  askDifference: 'Ask for the difference',
  startAgain: '🔁 Start again',
  retry: '🔁 Try again',
  otherCoins: 'Other coins',

  nothingSeen: (coin: string | null): string => `Nothing seen yet: once sent, ${usualTime(coin)}.`,
  checkedJustNow: 'Checked a moment ago. Please try again in a few seconds.',
  stateNow: (status: OrderStatus): string => `Order ${statuses[status]}.`,
  unreachable: 'We cannot check right now. Your money is safe: we keep trying.',
  notFound: 'Order not found.',
  cancelled: 'Order cancelled. Don’t send anything now; if you already did, we will still find it.',
  tooLateToCancel: 'Too late to cancel: a payment was seen, or the order is closed.',
  tooLateToChange: 'Too late to change: a payment was seen, or the order is closed.',
  kept: 'The order stays open.',
  shownAlready: 'The address for this coin is shown already.',
  beingAsked: 'We are asking for the payment address, just a moment…',
  refundAsked: 'Noted: a person will answer you within 48 h.',
  movedDown: phrase`This order goes on further down in this chat.`,

  told: {
    underpaid: (orderCode: string): Html =>
      phrase`⚠️ Order ${code(orderCode)}: part of the payment is missing. See above how to complete it.`,
    review: (orderCode: string): Html =>
      phrase`🔎 Order ${code(orderCode)}: a person checks your payment within 48 h. You will get the file or your money.`,
    failed: (orderCode: string): Html =>
      phrase`❌ Order ${code(orderCode)}: the payment did not go through. The details are above.`,
    refunded: (orderCode: string): Html => phrase`↩️ Order ${code(orderCode)}: you have been refunded.`,
    late: (orderCode: string): Html =>
      phrase`🎉 Your late payment has arrived, thank you! We honoured it: the file of order ${code(orderCode)} is yours.`,
    paidTwice: (orderCode: string): Html =>
      phrase`You paid order ${code(orderCode)} twice. We owe you one of the two payments: the refund has been opened, and a person will answer you within 48 h.`,
    moreCame: (orderCode: string): Html =>
      phrase`🔎 Another payment came for order ${code(orderCode)}, which was paid already. A person looks at it and will answer you within 48 h; your file stays yours.`,
  },
  receipt: ({ title: product, code: orderCode, price, fee, total, paidAt, coins, isDelivered }: ReceiptFacts): Html =>
    paragraphs(
      phrase`🧾 <b>Paid, thank you!</b> Here is your receipt.`,
      lines(
        bold(title(product)),
        phrase`Price: ${format.money(price)}`,
        phrase`Platform fee: ${format.money(fee)}`,
        phrase`Total: ${bold(format.money(total))}`,
      ),
      lines(
        coins.length === 0 ? undefined : phrase`Paid in ${escape(coins.map(symbolOf).join(' + '))}`,
        format.moment(paidAt),
        phrase`Order ${code(orderCode)}`,
      ),
      isDelivered ? undefined : phrase`Your file follows.`,
    ),
  overpaid: (orderCode: string, { coin, amount, cents: worth, isReturned }: ExcessFacts): Html =>
    lines(
      phrase`💶 Order ${code(orderCode)}: you sent ${bold(escape(`${amount} ${symbolOf(coin)}`))} more than needed (about ${format.money(worth)}).`,
      isReturned
        ? phrase`Tap the button to ask for the difference: a person will answer you within 48 h.`
        : phrase`It is noted. Under ${format.money(cents(leastReturnedCents))}, network fees would eat what we send back. Any questions? /paysupport`,
    ),

  list: (count: number): Html =>
    lines(
      phrase`🧾 <b>My orders</b> · ${format.count(count)}`,
      phrase`Tap an order to open it again at the bottom of the chat.`,
    ),
  noOrders: phrase`🧾 You have no orders yet. How about a look around: /buy`,
  line: (product: string, total: Cents, status: OrderStatus): string =>
    `${statusSigns[status]} ${product} · ${format.money(total)}`,
  entry: (product: string, orderCode: string, total: Cents, status: OrderStatus, at: Date): Html =>
    lines(
      phrase`<b>${title(product)}</b> · ${format.money(total)}`,
      phrase`${escape(`${statusSigns[status]} ${statuses[status]}`)} · ${format.date(at)} · ${code(orderCode)}`,
    ),
})
