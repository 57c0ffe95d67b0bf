import { type CaseId, type OrderId, type PersonId, type ProductId, type RefundId } from '../domain/ids.ts'
import { type OrderStatus } from '../domain/order.ts'
import { type Cents } from '../domain/money.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** An order with all that a decision about its money depends on. */
export type JudgedOrder = {
  readonly id: OrderId
  readonly code: PublicCode
  readonly title: string
  readonly status: OrderStatus
  readonly price: Cents
  readonly fee: Cents
  readonly total: Cents
  readonly buyerId: PersonId
  readonly sellerId: PersonId
  readonly sellerName: string
  readonly productId: ProductId
  /** The buyer has the product through another order. */
  readonly isOwned: boolean
  /** The product was banned. */
  readonly isWithdrawn: boolean
  /** Money of it is on its way back. */
  readonly openRefund: RefundId | null
  /** The batch its share is being paid in, if it is. */
  readonly batchCode: PublicCode | null
}

const judged = `
  select o.id, o.code, o.title, o.status, o.price_cents as "price", o.fee_cents as "fee", o.total_cents as "total",
         o.buyer_id as "buyerId", o.seller_id as "sellerId", s.display_name as "sellerName", o.product_id as "productId",
         exists (select from entitlements e
                  where e.buyer_id = o.buyer_id and e.product_id = o.product_id and e.ended_at is null
                    and e.order_id <> o.id) as "isOwned",
         p.moderation = 'banned' as "isWithdrawn",
         (select r.id from refunds r where r.order_id = o.id and r.state = 'asked') as "openRefund",
         (select b.code
            from payout_items i
            join payouts y on y.id = i.payout_id
            join batches b on b.id = y.batch_id
           where i.order_id = o.id and i.kind = 'share' and i.state = 'batched') as "batchCode"
    from orders o
    join products p on p.id = o.product_id
    join sellers s on s.user_id = o.seller_id`

export async function findJudgedOrder(db: Queryable, id: OrderId): Promise<JudgedOrder | undefined> {
  const { rows } = await db.query<JudgedOrder>(`${judged} where o.id = $1`, [id])
  return rows[0]
}

/** The same by its code. */
export async function findJudgedOrderByCode(db: Queryable, code: PublicCode): Promise<JudgedOrder | undefined> {
  const { rows } = await db.query<JudgedOrder>(`${judged} where o.code = $1`, [code])
  return rows[0]
}

/** The same, and nothing about it changes before the end of this transaction. */
export async function lockJudgedOrder(tx: Queryable, id: OrderId): Promise<JudgedOrder | undefined> {
  await tx.query(`select from orders where id = $1 for update`, [id])
  return findJudgedOrder(tx, id)
}

/** The order a case is about, held as above. */
export async function lockOrderOfCase(tx: Queryable, id: CaseId): Promise<JudgedOrder | undefined> {
  const { rows } = await tx.query<{ orderId: OrderId }>(`select order_id as "orderId" from cases where id = $1`, [id])
  return rows[0] === undefined ? undefined : lockJudgedOrder(tx, rows[0].orderId)
}

/** The order a refund is about, held as above. */
export async function lockOrderOfRefund(tx: Queryable, id: RefundId): Promise<JudgedOrder | undefined> {
  const { rows } = await tx.query<{ orderId: OrderId }>(`select order_id as "orderId" from refunds where id = $1`, [id])
  return rows[0] === undefined ? undefined : lockJudgedOrder(tx, rows[0].orderId)
}
