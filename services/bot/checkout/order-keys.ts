import { type AskedPayment } from '../../../shared/texts/facts.ts'
import { button, copyButton, type Key, type Keyboard, styled } from '../keyboard.ts'
import { missingOf } from './order-payments.ts'
import { type OrderView } from './order-view.ts'

type OwnAction =
  'orderHelp' | 'refresh' | 'otherCoin' | 'cancel' | 'cancelNow' | 'keep' | 'rest' | 'askRefund' | 'retry'

/** A button about this order. */
const own = ({ order }: OrderView, text: string, action: OwnAction): Key => button(text, action, { order: order.code })

const help = (view: OrderView): Key => own(view, view.texts.orderAnswers.help, 'orderHelp')
const refresh = (view: OrderView): Key => styled(own(view, view.texts.orderAnswers.refresh, 'refresh'), 'primary')
const askRefund = (view: OrderView): Key => own(view, view.texts.orderAnswers.askRefund, 'askRefund')

/** Leads back to the coins of the same product. */
const buyAgain = ({ order }: OrderView, text: string): Key =>
  button(text, 'buy', { product: order.productCode, list: { kind: 'none' }, position: 1 })

function copyRows({ texts: { orderAnswers } }: OrderView, { amount, address, memo }: AskedPayment): Keyboard {
  const memoRow = memo === null || memo === '' ? [] : [copyButton(orderAnswers.copyMemo, memo)]
  return [[copyButton(orderAnswers.copyAmount, amount), copyButton(orderAnswers.copyAddress, address)], memoRow]
}

/** Under an address while nothing was seen. */
export const payKeys = (view: OrderView, payment: AskedPayment): Keyboard => [
  ...copyRows(view, payment),
  [refresh(view)],
  [own(view, view.texts.orderAnswers.changeCoin, 'otherCoin'), own(view, view.texts.orderAnswers.cancel, 'cancel')],
  [help(view)],
]

/** Under the address for the rest of what came short. */
export const restKeys = (view: OrderView, payment: AskedPayment): Keyboard => [
  ...copyRows(view, payment),
  [refresh(view)],
  [own(view, view.texts.orderAnswers.otherCoins, 'rest'), askRefund(view)],
  [help(view)],
]

export function underpaidKeys(view: OrderView): Keyboard {
  const { order, attempts, texts } = view
  const payRest = own(view, texts.orderAnswers.payRest(missingOf(order, attempts)), 'rest')
  return [[styled(payRest, 'success')], [askRefund(view), help(view)]]
}

/** "Really cancel?" */
export function cancelKeys(view: OrderView): Keyboard {
  const { cancelNow, keep } = view.texts.orderAnswers
  return [[styled(own(view, cancelNow, 'cancelNow'), 'danger'), own(view, keep, 'keep')]]
}

/** The coins for another address, two in a row, and the way back. */
export function coinKeys(view: OrderView): Keyboard {
  const { order, choice, texts } = view
  const action = order.status === 'underpaid' ? 'payRest' : 'changeCoin'
  const keys = (choice?.offered ?? []).map(({ coin }) =>
    button(texts.checkout.coinButton({ coin }), action, { order: order.code, coin }),
  )
  const rows = keys.flatMap((_, index) => (index % 2 === 0 ? [keys.slice(index, index + 2)] : []))
  return [...rows, [own(view, texts.common.back, 'keep')]]
}

/** NOWPayments gave no answer: nothing is lost by trying again. */
export function retryKeys(view: OrderView): Keyboard {
  const { retry, otherCoins, cancel } = view.texts.orderAnswers
  return [[styled(own(view, retry, 'retry'), 'primary')], [buyAgain(view, otherCoins), own(view, cancel, 'cancelNow')]]
}

export const watchKeys = (view: OrderView): Keyboard => [[refresh(view), help(view)]]
export const againKeys = (view: OrderView): Keyboard => [
  [buyAgain(view, view.texts.orderAnswers.startAgain)],
  [help(view)],
]
export const helpKeys = (view: OrderView): Keyboard => [[help(view)]]
