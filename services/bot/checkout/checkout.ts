import { type Feature } from '../features.ts'
import { buyProduct } from './buy-product.ts'
import { type CheckoutSettings } from './checkout-deps.ts'
import { myOrders } from './my-orders.ts'
import { orderActions } from './order-actions.ts'

/** Everything from [Buy] to the order message, and the list of orders. */
export const checkout = (settings: CheckoutSettings): readonly Feature[] => [
  buyProduct(settings),
  orderActions(settings),
  myOrders(settings),
]
