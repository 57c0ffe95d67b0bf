import { randomBytes } from 'node:crypto'
import { type Coin } from '../../../shared/domain/coin.ts'
import { breakdown, describeFeeRule, type FeeRule } from '../../../shared/domain/fee.ts'
import { type PersonId } from '../../../shared/domain/ids.ts'
import { type Cents } from '../../../shared/domain/money.ts'
import { statusesBefore } from '../../../shared/domain/order.ts'
import { codeFrom, orderCodeLength, type PublicCode } from '../../../shared/domain/public-code.ts'
import { findOffer, lockBuyer, lockProductToOrder, type Offer } from '../../../shared/db/offers.ts'
import { markOrder } from '../../../shared/db/order-progress.ts'
import { insertOrder, lockUnfinishedOrder, type Order } from '../../../shared/db/orders.ts'
import {
  type Attempt,
  insertAttempt,
  listAttempts,
  setAttemptCoin,
  setNoAddress,
} from '../../../shared/db/payment-attempts.ts'
import { type Database, inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { adoptAddress } from './adopt-address.ts'
import { type Refusal, refuseAsking, refuseOffer } from './refuse-offer.ts'

/** A tap on a coin, or on a free product: what, in which coin, and the total that stood on the screen. */
export type Wish = {
  readonly buyer: PersonId
  readonly product: PublicCode
  readonly coin: Coin | 'none'
  readonly shown: Cents
}

export type OrderTerms = { readonly fee: FeeRule; readonly termsVersion: string; readonly windowMs: number }

export type Placed =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'price changed'; readonly offer: Offer }
  /** An order for this product is open already. */
  | { readonly kind: 'open already'; readonly order: Order }
  /** `attempt` is missing for a free product. */
  | { readonly kind: 'placed'; readonly order: Order; readonly attempt: Attempt | undefined }

/**
 * Commits the order and the intention to ask for an address, before anybody is asked. Repeating it after a crash, or at
 * the same time, leads to the same order.
 */
export async function placeOrder(db: Database, terms: OrderTerms, wish: Wish): Promise<Placed> {
  return inTransaction(db, async (tx) => {
    await lockBuyer(tx, wish.buyer)
    await lockProductToOrder(tx, wish.product)
    const offer = await findOffer(tx, wish.buyer, wish.product)
    if (offer === undefined) return { kind: 'refused', refusal: { kind: 'not visible' } }
    const isOver = offer.isOwned || offer.sellerId === wish.buyer
    const open = isOver ? undefined : await lockUnfinishedOrder(tx, wish.buyer, offer.productId)
    if (open !== undefined && open.status !== 'creating') return { kind: 'open already', order: open }

    const others = offer.openOrders - (open === undefined ? 0 : 1)
    const refusal = refuseOffer({ ...offer, openOrders: others, recentPayments: 0 }, wish.buyer)
    if (refusal !== undefined) return { kind: 'refused', refusal }
    const { total } = breakdown(offer.price, terms.fee)
    if (total !== wish.shown) return { kind: 'price changed', offer }
    if (open?.total === total) return resume(tx, terms, open, offer, wish)
    if (open !== undefined) await markOrder(tx, open.id, 'failed', statusesBefore('failed'), 'price changed')
    return begin(tx, terms, offer, wish)
  })
}

async function begin(tx: Queryable, { fee, termsVersion }: OrderTerms, offer: Offer, wish: Wish): Promise<Placed> {
  const isFree = offer.price === 0n
  const refusal = isFree ? undefined : refuseAsking(offer)
  if (refusal !== undefined) return { kind: 'refused', refusal }
  if (offer.fileId === null) return { kind: 'refused', refusal: { kind: 'not visible' } }
  const order = await insertOrder(tx, {
    ...offer,
    ...breakdown(offer.price, fee),
    buyerId: wish.buyer,
    fileId: offer.fileId,
    code: codeFrom(randomBytes(orderCodeLength)),
    feeRule: describeFeeRule(fee),
    termsVersion,
  })
  if (order === undefined) throw new Error(`Expected no open order of product ${offer.code}, got one`)
  const attempt = isFree ? undefined : await insertMain(tx, order, wish)
  return { kind: 'placed', order, attempt }
}

const insertMain = (tx: Queryable, order: Order, { coin }: Wish): Promise<Attempt> =>
  insertAttempt(tx, order.id, { kind: 'main', coin, price: order.total })

/** A tap that was interrupted goes on where it stood; one whose answer never came becomes another attempt. */
async function resume(tx: Queryable, terms: OrderTerms, order: Order, offer: Offer, wish: Wish): Promise<Placed> {
  if (order.total === 0n) return { kind: 'placed', order, attempt: undefined }
  const last = (await listAttempts(tx, order.id)).at(-1)
  if (last?.isBeingAsked === true) return { kind: 'open already', order }
  if (last?.address != null) {
    await adoptAddress(tx, order, last, terms.windowMs)
    return { kind: 'open already', order }
  }
  if (last?.isNew === true) {
    await setAttemptCoin(tx, last.id, wish.coin)
    return { kind: 'placed', order, attempt: { ...last, coin: wish.coin } }
  }
  const refusal = refuseAsking(offer)
  if (refusal !== undefined) return { kind: 'refused', refusal }
  if (last?.status === 'asking') await setNoAddress(tx, last.id, 'unknown', null)
  return { kind: 'placed', order, attempt: await insertMain(tx, order, wish) }
}
