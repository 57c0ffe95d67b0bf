import { type Email } from '../domain/email.ts'
import { type Cents } from '../domain/money.ts'
import { type OrderId, type PersonId } from '../domain/ids.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** What a buyer gets in writing about an order that was paid. */
export type Receipt = {
  readonly buyer: PersonId
  readonly address: string
  readonly orderCode: PublicCode
  readonly title: string
  readonly seller: string
  readonly price: Cents
  readonly fee: Cents
  readonly total: Cents
  /** Null for a free product. */
  readonly coin: string | null
}

/** Undefined when the order was not paid, or its buyer wants no receipts. */
export async function findReceipt(db: Queryable, order: OrderId): Promise<Receipt | undefined> {
  const { rows } = await db.query<Receipt>(
    `select o.buyer_id as "buyer", u.receipt_email as "address", o.code as "orderCode", o.title,
            s.display_name as "seller", o.price_cents as "price", o.fee_cents as "fee", o.total_cents as "total",
            (select y.pay_currency
               from payments y
              where y.order_id = o.id
              order by y.accepted_at desc nulls last, y.covered_cents desc
              limit 1) as "coin"
       from orders o
       join users u on u.id = o.buyer_id
       join sellers s on s.user_id = o.seller_id
      where o.id = $1
        and o.paid_at is not null
        and u.receipt_email is not null`,
    [order],
  )
  return rows[0]
}

export async function findReceiptAddress(db: Queryable, person: PersonId): Promise<string | undefined> {
  const { rows } = await db.query<{ address: string | null }>(
    `select receipt_email as "address" from users where id = $1`,
    [person],
  )
  return rows[0]?.address ?? undefined
}

/** Where receipts go from now on; null for nowhere. */
export async function setReceiptAddress(tx: Queryable, person: PersonId, address: Email | null): Promise<void> {
  await tx.query(`update users set receipt_email = $2 where id = $1`, [person, address])
}
