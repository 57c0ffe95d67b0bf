import { type Cents } from '../domain/money.ts'
import { type FileId, type OrderId, type PersonId, type ProductId } from '../domain/ids.ts'
import { openStatuses, type OrderStatus, statusesBefore } from '../domain/order.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** What an order message asks its buyer at the moment: cancel it? which coin instead? which coin for the rest? */
export type OrderQuestion = 'cancel' | 'coin' | 'topup'

export type Order = {
  readonly id: OrderId
  readonly code: PublicCode
  readonly buyerId: PersonId
  readonly sellerId: PersonId
  readonly productId: ProductId
  readonly productCode: PublicCode
  readonly fileId: FileId
  readonly title: string
  readonly price: Cents
  readonly fee: Cents
  readonly total: Cents
  readonly status: OrderStatus
  readonly reason: string | null
  readonly question: OrderQuestion | null
  readonly late: boolean
  readonly overpaid: boolean
  readonly expiresAt: Date | null
  readonly watchUntil: Date | null
  readonly seenAt: Date | null
  readonly paidAt: Date | null
  readonly told: readonly string[]
  readonly createdAt: Date
}

const orderColumns = `
       id, code, buyer_id as "buyerId", seller_id as "sellerId", product_id as "productId", file_id as "fileId", title,
       (select p.code from products p where p.id = orders.product_id) as "productCode",
       price_cents as "price", fee_cents as "fee", total_cents as "total", status, reason, question, late, overpaid,
       expires_at as "expiresAt", watch_until as "watchUntil", seen_at as "seenAt", paid_at as "paidAt", told,
       created_at as "createdAt"`

export type NewOrder = Pick<
  Order,
  'code' | 'buyerId' | 'sellerId' | 'productId' | 'fileId' | 'title' | 'price' | 'fee' | 'total'
> & { readonly feeRule: string; readonly termsVersion: string }

/**
 * Makes an order in the state `creating`, for the private chat of its buyer. Undefined when the buyer already has one
 * for this product: two taps make one order. Without an address within 15 minutes it counts as failed.
 */
export async function insertOrder(tx: Queryable, order: NewOrder): Promise<Order | undefined> {
  const { rows } = await tx.query<Order>(
    `insert into orders (code, buyer_id, seller_id, product_id, file_id, title, price_cents, fee_cents, total_cents,
                         fee_rule, terms_version, chat_id, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $2, clock_timestamp() + interval '15 minutes')
     on conflict do nothing
  returning ${orderColumns}`,
    [
      order.code,
      order.buyerId,
      order.sellerId,
      order.productId,
      order.fileId,
      order.title,
      order.price,
      order.fee,
      order.total,
      order.feeRule,
      order.termsVersion,
    ],
  )
  return rows[0]
}

export async function findOrder(db: Queryable, id: OrderId): Promise<Order | undefined> {
  const { rows } = await db.query<Order>(`select ${orderColumns} from orders where id = $1`, [id])
  return rows[0]
}

/** The buyer's own order by its code; somebody else's is as absent as one that never was. */
export async function findOwnOrder(db: Queryable, buyer: PersonId, code: PublicCode): Promise<Order | undefined> {
  const { rows } = await db.query<Order>(`select ${orderColumns} from orders where code = $2 and buyer_id = $1`, [
    buyer,
    code,
  ])
  return rows[0]
}

/** The same, kept from changing until the transaction ends. */
export async function lockOwnOrder(tx: Queryable, buyer: PersonId, code: PublicCode): Promise<Order | undefined> {
  const { rows } = await tx.query<Order>(
    `select ${orderColumns} from orders where code = $2 and buyer_id = $1 for update`,
    [buyer, code],
  )
  return rows[0]
}

/** The latest order for this product that still asks something of somebody. */
export async function lockUnfinishedOrder(
  tx: Queryable,
  buyer: PersonId,
  product: ProductId,
): Promise<Order | undefined> {
  const { rows } = await tx.query<Order>(
    `select ${orderColumns}
       from orders
      where buyer_id = $1
        and product_id = $2
        and status = any($3)
      order by created_at desc
      limit 1
        for update`,
    [buyer, product, openStatuses],
  )
  return rows[0]
}

export type OrderPage = { readonly orders: readonly Order[]; readonly count: number }

/** A buyer's orders: those that still ask something first, then the rest, each from the newest. */
export async function listOwnOrders(
  db: Queryable,
  buyer: PersonId,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<OrderPage> {
  const { rows: orders } = await db.query<Order>(
    `select ${orderColumns}
       from orders
      where buyer_id = $1
      order by status = any($2) desc, created_at desc, id
     offset $3 limit $4`,
    [buyer, openStatuses, offset, limit],
  )
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as "count" from orders where buyer_id = $1`,
    [buyer],
  )
  return { orders, count: rows[0]?.count ?? 0 }
}

/**
 * The order has an address to pay to: its window begins, and the message shows it. Also begins again after a change of
 * coin. False when the order went on meanwhile; the new address is watched all the same.
 */
export async function setAwaitingPayment(tx: Queryable, id: OrderId, expiresAt: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update orders
        set status = 'awaiting_payment',
            reason = null,
            question = null,
            countdown = null,
            expires_at = $2,
            watch_until = clock_timestamp() + interval '7 days 6 hours'
      where id = $1
        and status in ('creating', 'awaiting_payment')
        and seen_at is null`,
    [id, expiresAt],
  )
  return rowCount === 1
}

/** Cancels while nothing was seen; false when it is too late for that. */
export async function cancelOrder(tx: Queryable, id: OrderId): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update orders
        set status = 'cancelled', question = null, closed_at = clock_timestamp()
      where id = $1
        and status = any($2)
        and seen_at is null`,
    [id, statusesBefore('cancelled')],
  )
  return rowCount === 1
}

/** Makes the order message ask something, or stop asking (null). */
export async function setOrderQuestion(tx: Queryable, id: OrderId, question: OrderQuestion | null): Promise<void> {
  await tx.query(`update orders set question = $2 where id = $1`, [id, question])
}

/** Notes that the buyer pressed Refresh; false when that was less than `pauseMs` ago. */
export async function markRefreshed(tx: Queryable, id: OrderId, pauseMs: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update orders
        set refreshed_at = clock_timestamp()
      where id = $1
        and (refreshed_at is null or refreshed_at < clock_timestamp() - $2 * interval '1 ms')`,
    [id, pauseMs],
  )
  return rowCount === 1
}

/** Notes that the short reply about this state was sent. */
export async function markTold(db: Queryable, id: OrderId, state: string): Promise<void> {
  await db.query(`update orders set told = array_append(told, $2) where id = $1 and not told @> array[$2]`, [id, state])
}

/**
 * The orders whose message is to be redrawn because 15 or 5 minutes are left. Each comes once per step, to one caller
 * only, even with several bots.
 */
export async function claimCountdowns(tx: Queryable, limit: number): Promise<OrderId[]> {
  const { rows } = await tx.query<{ id: OrderId }>(
    `update orders
        set countdown = case when expires_at < clock_timestamp() + interval '5 minutes' then 5 else 15 end
      where id in (select id
                     from orders
                    where status = 'awaiting_payment'
                      and expires_at > clock_timestamp()
                      and (expires_at < clock_timestamp() + interval '15 minutes' and countdown is null
                           or expires_at < clock_timestamp() + interval '5 minutes' and countdown = 15)
                    order by expires_at
                    limit $1
                      for update skip locked)
  returning id`,
    [limit],
  )
  return rows.map(({ id }) => id)
}

/** What the message shows is not known (any more): the next redraw is not skipped. */
export async function forgetDrawn(tx: Queryable, id: OrderId): Promise<void> {
  await tx.query(`update orders set drawn = null where id = $1`, [id])
}

/** Orders of somebody who could not be written to for a while, and whose messages may say something else by now. */
export async function listRecentOrders(db: Queryable, buyer: PersonId): Promise<OrderId[]> {
  const { rows } = await db.query<{ id: OrderId }>(
    `select id
       from orders
      where buyer_id = $1
        and status <> all('{paid,delivered}')
        and created_at > clock_timestamp() - interval '8 days'
        and drawn is null
        and chat_id is not null`,
    [buyer],
  )
  return rows.map(({ id }) => id)
}
