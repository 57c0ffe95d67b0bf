import { type Breakdown } from '../domain/fee.ts'
import { type DeliveryId, type OrderId, type PersonId, type ProductId } from '../domain/ids.ts'
import { saleEntry } from '../domain/ledger.ts'
import { cents, type Cents } from '../domain/money.ts'
import { statusesBefore } from '../domain/order.ts'
import { insertEntry } from './ledger.ts'
import { type Queryable } from './pool.ts'

type PaidRow = {
  readonly id: OrderId
  readonly buyerId: PersonId
  readonly sellerId: PersonId
  readonly productId: ProductId
  readonly priceCents: bigint
  readonly feeCents: bigint
  readonly totalCents: bigint
}

/** What becoming paid left behind; the caller announces it in the same transaction. */
export type PaidOrder = {
  readonly orderId: OrderId
  readonly sellerId: PersonId
  readonly paid: Breakdown
  readonly deliveryId: DeliveryId
  /** Other unpaid orders of the same buyer and product, cancelled by this one. */
  readonly cancelled: readonly OrderId[]
}

export type Paying = {
  readonly late: boolean
  readonly overpaid: boolean
  readonly escrowHours: number
  /** What came, where an administrator accepts less than the total. */
  readonly received?: Cents
}

/**
 * Makes an order paid: entitlement, ledger, payout item, counters and delivery, all of it or none. `undefined` when the
 * order may not become paid (it already is, or was refunded).
 */
export async function payOrder(
  tx: Queryable,
  orderId: OrderId,
  { late, overpaid, escrowHours, received }: Paying,
): Promise<PaidOrder | undefined> {
  const order = await markOrderPaid(tx, orderId, late, overpaid)
  if (order === undefined) return undefined
  const paid = { price: cents(order.priceCents), fee: cents(order.feeCents), total: cents(order.totalCents) }

  await grantEntitlement(tx, order)
  if (paid.total > 0n) {
    await insertEntry(tx, saleEntry(orderId, order.sellerId, paid, received), orderId)
    await insertShare(tx, order, escrowHours)
  }
  await tx.query(`update products set sales = sales + 1 where id = $1`, [order.productId])
  const deliveryId = await queueInitialDelivery(tx, orderId)
  return { orderId, sellerId: order.sellerId, paid, deliveryId, cancelled: await cancelTwins(tx, order) }
}

async function markOrderPaid(
  tx: Queryable,
  orderId: OrderId,
  late: boolean,
  overpaid: boolean,
): Promise<PaidRow | undefined> {
  const { rows } = await tx.query<PaidRow>(
    `update orders
        set status = 'paid', paid_at = clock_timestamp(), reason = null, late = late or $3, overpaid = $4,
            seen_at = coalesce(seen_at, clock_timestamp())
      where id = $1
        and status = any($2)
  returning id, buyer_id as "buyerId", seller_id as "sellerId", product_id as "productId",
            price_cents as "priceCents", fee_cents as "feeCents", total_cents as "totalCents"`,
    [orderId, statusesBefore('paid'), late, overpaid],
  )
  return rows[0]
}

const grantEntitlement = (tx: Queryable, order: PaidRow): Promise<unknown> =>
  tx.query(`insert into entitlements (order_id, buyer_id, product_id) values ($1, $2, $3)`, [
    order.id,
    order.buyerId,
    order.productId,
  ])

const insertShare = (tx: Queryable, order: PaidRow, escrowHours: number): Promise<unknown> =>
  tx.query(
    `insert into payout_items (order_id, kind, seller_id, amount_cents, hold_until)
     values ($1, 'share', $2, $3, clock_timestamp() + $4 * interval '1 hour')`,
    [order.id, order.sellerId, order.priceCents, escrowHours],
  )

async function queueInitialDelivery(tx: Queryable, orderId: OrderId): Promise<DeliveryId> {
  const { rows } = await tx.query<{ id: DeliveryId }>(
    `insert into deliveries (order_id, file_id, kind, chat_id, message_id)
     select id, file_id, 'initial', coalesce(chat_id, buyer_id), message_id
       from orders
      where id = $1
  returning id`,
    [orderId],
  )
  const [delivery] = rows
  if (delivery === undefined) throw new Error(`Expected order ${orderId} to exist, got none`)
  return delivery.id
}

async function cancelTwins(tx: Queryable, { id, buyerId, productId }: PaidRow): Promise<OrderId[]> {
  const { rows } = await tx.query<{ id: OrderId }>(
    `update orders
        set status = 'cancelled', closed_at = clock_timestamp(), reason = 'bought otherwise'
      where buyer_id = $1
        and product_id = $2
        and id <> $3
        and status = any($4)
        and seen_at is null
  returning id`,
    [buyerId, productId, id, ['creating', 'awaiting_payment']],
  )
  return rows.map((row) => row.id)
}
