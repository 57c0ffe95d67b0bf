import { type Order } from '../../../shared/db/orders.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { type AskDeps, askAddress, type Asked } from './ask-address.ts'
import { type OrderTerms, type Placed, placeOrder, type Wish } from './place-order.ts'
import { takeFree } from './take-free.ts'

export type StartDeps = AskDeps & {
  readonly terms: OrderTerms
  /** Makes sure the order has its message in the chat; what it shows comes later. */
  readonly openMessage: (order: Order) => Promise<void>
}

export type Started =
  | Exclude<Placed, { kind: 'placed' }>
  | { readonly kind: 'free'; readonly order: Order }
  | { readonly kind: 'asked'; readonly order: Order; readonly asked: Asked }

/**
 * From a tap on a coin to an address to pay to: order committed, message in the chat, NOWPayments asked, answer recorded.
 * Run again after a crash at any line, or twice at once, it goes on where it stood and asks nobody twice.
 */
export async function startPayment(deps: StartDeps, wish: Wish): Promise<Started> {
  const placed = await placeOrder(deps.db, deps.terms, wish)
  await failpoint('bot.order-stored')
  if (placed.kind !== 'placed') return placed
  const { order, attempt } = placed
  await deps.openMessage(order)
  if (attempt === undefined) {
    await takeFree(deps.db, order)
    return { kind: 'free', order }
  }
  return { kind: 'asked', order, asked: await askAddress(deps, order, attempt) }
}
