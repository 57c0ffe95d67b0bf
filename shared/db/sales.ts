import { type Cents } from '../domain/money.ts'
import { type OrderId, type PersonId } from '../domain/ids.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'
import { type Language } from './users.ts'

/** A sale as its seller is told of it: nothing about who bought. */
export type Sale = {
  readonly orderId: OrderId
  readonly orderCode: PublicCode
  readonly productCode: PublicCode
  readonly title: string
  readonly price: Cents
  /** The coin of the payment that was accepted; null for a free product. */
  readonly coin: string | null
  readonly sellerId: PersonId
  readonly language: Language
  /** The seller did not switch sale notices off. */
  readonly isWanted: boolean
  /** The seller knows already. */
  readonly isTold: boolean
}

/** Under this name the inbox remembers which orders their sellers were told of. */
export const saleNotice = 'bot-sale-notice'

export async function findSale(db: Queryable, order: OrderId): Promise<Sale | undefined> {
  const { rows } = await db.query<Sale>(
    `select o.id as "orderId", o.code as "orderCode", p.code as "productCode", o.title, o.price_cents as "price",
            (select y.pay_currency
               from payments y
              where y.order_id = o.id
              order by y.accepted_at desc nulls last, y.covered_cents desc
              limit 1) as "coin",
            o.seller_id as "sellerId", u.language, s.notify->'sales' is distinct from 'false'::jsonb as "isWanted",
            exists (select from inbox i where i.consumer = $2 and i.message_id = o.id::text) as "isTold"
       from orders o
       join products p on p.id = o.product_id
       join sellers s on s.user_id = o.seller_id
       join users u on u.id = o.seller_id
      where o.id = $1`,
    [order, saleNotice],
  )
  return rows[0]
}
