import { amountToPay, coinFacts, isCoin, symbolOf } from '../../../shared/domain/coin.ts'
import { decimalText, type DecimalText, parseDecimal } from '../../../shared/domain/decimal.ts'
import { type Attempt } from '../../../shared/db/payment-attempts.ts'
import { bold, code, escape, type Html, html, lines, paragraphs } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { button, copyButton, type Key, type Keyboard, styled } from '../keyboard.ts'
import { coinRows } from './coin-rows.ts'
import { noAddressText } from './no-address-text.ts'
import { helpKey, orderHeader, refreshKey } from './order-header.ts'
import { failureToShow, missingOf } from './order-payments.ts'
import { type OrderCard, type OrderView } from './order-view.ts'
import { type PaymentTarget, qrText } from './qr-text.ts'

/** Where to pay, how much, and until when; or the question the buyer asked for, with the address still there. */
export function awaitingCard(view: OrderView, payment: Attempt): OrderCard {
  const { address, payAmount } = payment
  if (address === null || payAmount === null) throw new Error(`Expected payment ${payment.id} to have an address`)
  const target = { ...payment, address, amount: shownAmount(payAmount, payment.coin) }
  return {
    picture: { kind: 'qr', text: qrText(target) },
    text: paragraphs(
      orderHeader(view.order, view.texts),
      restLine(view),
      targetLines(target, view.texts),
      lines(untilLine(payment, view), escape(view.texts.orderMessage.oneTransfer)),
      noticeLine(view, payment),
      questionLine(view),
    ),
    keyboard: view.order.question === null ? payKeys(view, target) : questionKeys(view),
  }
}

/** The one text of the amount: caption, copy button and QR code. */
const shownAmount = (payAmount: string, coin: string): DecimalText =>
  isCoin(coin) ? amountToPay(payAmount, coin) : decimalText(parseDecimal(payAmount))

function targetLines({ coin, amount, address, memo }: PaymentTarget, { orderMessage }: Texts): Html {
  const network = isCoin(coin) ? coinFacts[coin].networkName : coin.toUpperCase()
  const isSolana = isCoin(coin) && coinFacts[coin].network === 'sol'
  return lines(
    html`${escape(orderMessage.sendExactly)} ${code(amount)} ${bold(escape(symbolOf(coin)))}`,
    html`${escape(orderMessage.toAddress)} ${code(address)}`,
    escape(isSolana ? orderMessage.networkOnly(network) : orderMessage.network(network)),
    hasMemo(memo) ? html`⚠️ ${escape(orderMessage.memo)} ${code(memo)}` : undefined,
  )
}

const hasMemo = (memo: string | null): memo is string => memo !== null && memo !== ''

function restLine({ order, attempts, texts }: OrderView): Html | undefined {
  if (order.status !== 'underpaid') return undefined
  return bold(escape(texts.orderMessage.rest(texts.format.money(missingOf(order, attempts)))))
}

function untilLine({ validUntil, minutesLeft }: Attempt, { texts }: OrderView): Html | undefined {
  if (validUntil === null || minutesLeft === null) return undefined
  return html`⏳ ${escape(texts.orderMessage.until(texts.format.time(validUntil), minutesLeft))}`
}

/** A later try at another address that came to nothing: this one still holds. */
function noticeLine({ attempts, texts }: OrderView, payment: Attempt): Html | undefined {
  const failure = failureToShow(attempts)
  if (failure === undefined || failure.attempt < payment.attempt) return undefined
  return html`⚠️ ${escape(texts.orderMessage.stillValid(symbolOf(failure.coin), noAddressText(failure, texts)))}`
}

function questionLine({ order, choice, texts }: OrderView): Html | undefined {
  const { orderMessage } = texts
  if (order.question === null) return undefined
  if (order.question === 'cancel') return bold(escape(orderMessage.cancelQuestion))
  if (choice?.offered.length === 0) return bold(escape(orderMessage.noCoin))
  return bold(escape(order.question === 'coin' ? orderMessage.coinQuestion : orderMessage.restQuestion))
}

function payKeys({ order, texts }: OrderView, { amount, address, memo }: PaymentTarget): Keyboard {
  const { orderMessage } = texts
  const own = { order: order.code }
  const change: Key[] =
    order.status === 'awaiting_payment'
      ? [button(orderMessage.changeCoin, 'otherCoin', own), button(orderMessage.cancel, 'cancel', own)]
      : [button(orderMessage.otherCoin, 'rest', own), button(orderMessage.askRefund, 'askRefund', own)]
  return [
    [copyButton(orderMessage.copyAmount, amount), copyButton(orderMessage.copyAddress, address)],
    hasMemo(memo) ? [copyButton(orderMessage.copyMemo, memo)] : [],
    [refreshKey(order, texts)],
    change,
    [helpKey(order, texts)],
  ]
}

function questionKeys(view: OrderView): Keyboard {
  const { order, texts } = view
  const own = { order: order.code }
  const back = button(texts.orderMessage.keep, 'keep', own)
  if (order.question !== 'cancel') return [...coinRows(view), [back]]
  return [[styled(button(texts.orderMessage.cancelYes, 'cancelNow', own), 'danger'), back]]
}
