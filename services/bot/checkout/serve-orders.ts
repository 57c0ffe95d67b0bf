import { orderChanged, paymentConfirmed } from '../../../shared/events/index.ts'
import { type Bus } from '../../../shared/messaging/bus.ts'
import { type Loop, startLoop } from '../../../shared/runtime/loop.ts'
import { queueSaleMails } from '../mail/queue-sale-mails.ts'
import { tellSeller } from '../notices/tell-seller.ts'
import { type CheckoutDeps } from './checkout-deps.ts'
import { countDown } from './count-down.ts'
import { redrawOrder } from './redraw-order.ts'

/** What happens to orders without a press: messages redrawn, minutes counted down, sellers told. Stop the loop at the end. */
export function serveOrders(bus: Bus, deps: CheckoutDeps): Loop {
  bus.subscribe(orderChanged, { durable: 'bot-order-changed' }, ({ orderId }) => redrawOrder(deps, orderId))
  bus.subscribe(paymentConfirmed, { durable: 'bot-payment-confirmed' }, async (paid) => {
    await queueSaleMails(deps.db, paid.orderId)
    await tellSeller(deps, paid)
  })
  return startLoop(deps.log, 'order countdown', () => countDown(deps.db))
}
