import { type IncomingPayment } from '../domain/incoming.ts'
import { type OrderId, type PaymentId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** A payment of an order as an administrator judges it. */
export type OrderPayment = IncomingPayment & {
  readonly id: PaymentId
  readonly attempt: number
  readonly kind: 'main' | 'topup' | 'redeposit'
  readonly providerId: string | null
}

/** Every payment that was made for an order, with the coin the last re-read spoke of. */
export async function listOrderPayments(db: Queryable, orderId: OrderId): Promise<OrderPayment[]> {
  const { rows } = await db.query<OrderPayment>(
    `select p.id, p.attempt, p.kind, p.provider_id as "providerId", p.status, p.price_cents as "priceCents",
            p.pay_currency as "coin", p.pay_amount as "payAmount", p.actually_paid as "actuallyPaid",
            p.covered_cents as "coveredCents", p.accepted_at is not null as "isAccepted",
            (select lower(e.raw::jsonb ->> 'payCurrency')
               from payment_events e
              where e.payment_id = p.id
                and e.source = 'poll'
              order by e.received_at desc
              limit 1) as "reportedCoin"
       from payments p
      where p.order_id = $1
      order by p.attempt`,
    [orderId],
  )
  return rows
}
