import { type Coin } from '../../../shared/domain/coin.ts'
import { type PersonId } from '../../../shared/domain/ids.ts'
import { type Cents, noCents } from '../../../shared/domain/money.ts'
import { canCancel } from '../../../shared/domain/order.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { findOffer, lockBuyer } from '../../../shared/db/offers.ts'
import { setOrderQuestion } from '../../../shared/db/order-steps.ts'
import { lockOwnOrder, type Order } from '../../../shared/db/orders.ts'
import {
  type Attempt,
  insertAttempt,
  listAttempts,
  setAttemptCoin,
  setNoAddress,
} from '../../../shared/db/payment-attempts.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { orderChanged } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { type AskDeps, askAddress, type Asked } from './ask-address.ts'
import { refuseAsking } from './refuse-offer.ts'
import { isRestOnItsWay, missingOf } from './order-payments.ts'

/** Another address for an order: the whole total in another coin, or the rest of it. */
export type Another = {
  readonly buyer: PersonId
  readonly order: PublicCode
  readonly coin: Coin
  readonly kind: 'main' | 'topup'
}

export type AskedAnother =
  | { readonly kind: 'not found' | 'too late' | 'too many payments' | 'not visible' }
  /** The address of this coin is on the order message already. */
  | { readonly kind: 'shown already'; readonly order: Order }
  | { readonly kind: 'asked'; readonly order: Order; readonly asked: Asked }

type Noted = AskedAnother | { readonly kind: 'noted'; readonly order: Order; readonly attempt: Attempt }

/** The address there was stays watched; the new one begins a window of its own. */
export async function askAnother(deps: AskDeps, another: Another): Promise<AskedAnother> {
  const noted = await inTransaction(deps.db, (tx) => note(tx, another))
  if (noted.kind !== 'noted') return noted
  const { order, attempt } = noted
  return { kind: 'asked', order, asked: await askAddress(deps, order, attempt) }
}

async function note(tx: Queryable, another: Another): Promise<Noted> {
  await lockBuyer(tx, another.buyer)
  const order = await lockOwnOrder(tx, another.buyer, another.order)
  if (order === undefined) return { kind: 'not found' }
  await setOrderQuestion(tx, order.id, null)
  await enqueue(tx, orderChanged, order.id, { orderId: order.id })
  const attempts = await listAttempts(tx, order.id)
  const price = priceOf(order, attempts, another)
  if (price === noCents) return { kind: 'too late' }
  return noteAttempt(tx, order, attempts.at(-1), price, another)
}

/** Nothing when this order takes no such payment (any more). */
function priceOf(order: Order, attempts: readonly Attempt[], { kind }: Another): Cents {
  if (kind === 'main') return canCancel(order.status, order.seenAt) ? order.total : noCents
  if (order.status !== 'underpaid' || isRestOnItsWay(attempts)) return noCents
  return missingOf(order, attempts)
}

async function noteAttempt(
  tx: Queryable,
  order: Order,
  last: Attempt | undefined,
  price: Cents,
  { buyer, coin, kind }: Another,
): Promise<Noted> {
  const isSameWish = last?.kind === kind && last.price === price
  if (last?.isBeingAsked === true) return { kind: 'asked', order, asked: { kind: 'being asked' } }
  if (isSameWish && last.coin === coin && last.isOpen) return { kind: 'shown already', order }
  if (isSameWish && last.isNew) {
    await setAttemptCoin(tx, last.id, coin)
    return { kind: 'noted', order, attempt: { ...last, coin } }
  }
  const offer = await findOffer(tx, buyer, order.productCode)
  if (offer === undefined || offer.isBanned) return { kind: 'not visible' }
  if (refuseAsking(offer) !== undefined) return { kind: 'too many payments' }
  if (last?.status === 'asking') await setNoAddress(tx, last.id, 'unknown', null)
  return { kind: 'noted', order, attempt: await insertAttempt(tx, order.id, { kind, coin, price }) }
}
