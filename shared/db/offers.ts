import { type Cents } from '../domain/money.ts'
import { type FileId, type PersonId, type ProductId } from '../domain/ids.ts'
import { openStatuses } from '../domain/order.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** A product as one buyer may or may not order it, with everything that speaks against it. */
export type Offer = {
  readonly productId: ProductId
  readonly code: PublicCode
  readonly title: string
  readonly price: Cents
  readonly sellerId: PersonId
  readonly sellerName: string
  readonly fileId: FileId | null
  readonly isVisible: boolean
  /** Taken off for good: nobody is asked for money for it any more. */
  readonly isBanned: boolean
  readonly isOwned: boolean
  readonly buyerStatus: 'active' | 'suspended' | 'erasing' | 'erased'
  readonly suspendedUntil: Date | null
  readonly suspensionReason: string | null
  readonly openOrders: number
  /** Payments asked for in the last 10 minutes. */
  readonly recentPayments: number
  /** Free products taken since midnight UTC. */
  readonly freeToday: number
}

/** Undefined when there is no such product, or nobody of that id. */
export async function findOffer(db: Queryable, buyer: PersonId, product: PublicCode): Promise<Offer | undefined> {
  const { rows } = await db.query<Offer>(
    `select p.id as "productId", p.code, p.title, p.price_cents as "price", p.seller_id as "sellerId",
            s.display_name as "sellerName", p.current_file_id as "fileId", u.status as "buyerStatus",
            u.suspended_until as "suspendedUntil", u.suspension_reason as "suspensionReason",
            exists (select from visible_products v where v.id = p.id) as "isVisible",
            p.moderation = 'banned' as "isBanned",
            exists (select from entitlements e
                     where e.buyer_id = u.id and e.product_id = p.id and e.ended_at is null) as "isOwned",
            (select count(*)::integer from orders o where o.buyer_id = u.id and o.status = any($3)) as "openOrders",
            (select count(*)::integer
               from payments y join orders o on o.id = y.order_id
              where o.buyer_id = u.id and y.asked_at > clock_timestamp() - interval '10 minutes') as "recentPayments",
            (select count(*)::integer
               from orders o
              where o.buyer_id = u.id and o.total_cents = 0 and o.status <> 'failed'
                and o.created_at >= date_trunc('day', clock_timestamp(), 'UTC')) as "freeToday"
       from products p
       join sellers s on s.user_id = p.seller_id
       join users u on u.id = $1
      where p.code = $2`,
    [buyer, product, openStatuses],
  )
  return rows[0]
}

/**
 * One tap of one person at a time: whoever counts that person's orders waits here for the other. Rows that only refer to
 * the person are not kept waiting.
 */
export async function lockBuyer(tx: Queryable, buyer: PersonId): Promise<void> {
  await tx.query(`select from users where id = $1 for no key update`, [buyer])
}

/**
 * Keeps a product from being deleted, withdrawn or changed until the transaction ends: what is read of it from now on is what
 * is ordered. Buyers do not wait for each other.
 */
export async function lockProductToOrder(tx: Queryable, product: PublicCode): Promise<void> {
  await tx.query(`select from products where code = $1 for share`, [product])
}
