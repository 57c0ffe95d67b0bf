import { type Cents } from '../domain/money.ts'
import { type FileId, type OrderId, type PersonId, type ProductId } from '../domain/ids.ts'
import { openStatuses, type OrderStatus } from '../domain/order.ts'
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
