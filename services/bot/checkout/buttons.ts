import { coins } from '../../../shared/domain/coin.ts'
import { amount, count, oneOf, orderCode } from '../button-arguments.ts'
import { productPlace } from '../storefront/buttons.ts'

const ofOrder = { order: orderCode }
const coin = oneOf(...coins)

/** The buttons of the checkout, of the order message and of the list of orders. */
export const checkoutButtons = {
  buy: productPlace,
  /** `total`: what the screen said it costs. */
  pay: { ...productPlace, coin, total: amount },
  orders: {},
  ordersPage: { page: count },
  order: ofOrder,
  refresh: ofOrder,
  cancel: ofOrder,
  cancelNow: ofOrder,
  keep: ofOrder,
  otherCoin: ofOrder,
  changeCoin: { ...ofOrder, coin },
  rest: ofOrder,
  payRest: { ...ofOrder, coin },
  retry: ofOrder,
  askRefund: ofOrder,
  askDifference: ofOrder,
  orderHelp: ofOrder,
}
