import { type OrderId, type PersonId, type ProductId, type RefundId } from '../domain/ids.ts'
import { excessOverEntry, refundEntry, refundSentEntry } from '../domain/ledger.ts'
import { cents } from '../domain/money.ts'
import { isPaid, type OrderStatus, statusesBefore } from '../domain/order.ts'
import { type Cause, insertEntry } from './ledger.ts'
import { type Queryable } from './pool.ts'

type Before = {
  readonly sellerId: PersonId
  readonly productId: ProductId
  readonly orderCode: string
  readonly before: OrderStatus
  readonly priceCents: bigint
  readonly feeCents: bigint
  readonly totalCents: bigint
}

/** An order that was given back. `share`: what became of what its seller earned by it; a free or unpaid order had none. */
export type RefundedOrder = Pick<Before, 'sellerId' | 'productId' | 'orderCode' | 'priceCents'> & {
  readonly share: 'none' | 'cancelled' | 'set off'
}

/** The money went back to the buyer: access, links and the seller's share end with it. Undefined when that was done before. */
export async function refundOrder(
  tx: Queryable,
  orderId: OrderId,
  cause: Cause = {},
): Promise<RefundedOrder | undefined> {
  const order = await markOrderRefunded(tx, orderId)
  if (order === undefined) return undefined
  const share = isPaid(order.before) ? await takeBack(tx, orderId, order, cause) : 'none'
  return { ...order, share }
}

async function markOrderRefunded(tx: Queryable, orderId: OrderId): Promise<Before | undefined> {
  const { rows } = await tx.query<Before>(
    `update orders o
        set status = 'refunded', closed_at = clock_timestamp()
       from (select id, status from orders where id = $1 for update) before
      where o.id = before.id
        and o.status = any($2)
  returning o.seller_id as "sellerId", o.product_id as "productId", o.code as "orderCode", before.status as "before", o.price_cents as "priceCents",
            o.fee_cents as "feeCents", o.total_cents as "totalCents"`,
    [orderId, statusesBefore('refunded')],
  )
  return rows[0]
}

async function takeBack(tx: Queryable, orderId: OrderId, order: Before, cause: Cause): Promise<RefundedOrder['share']> {
  await tx.query(
    `update entitlements
        set ended_at = clock_timestamp(), reason = 'refunded', returned_at = null
      where order_id = $1
        and ended_at is null`,
    [orderId],
  )
  await tx.query(
    `update download_links set revoked_at = clock_timestamp() where order_id = $1 and revoked_at is null`,
    [orderId],
  )
  await tx.query(
    `update products set sales = greatest(sales - 1, 0) where id = (select product_id from orders where id = $1)`,
    [orderId],
  )
  return order.totalCents > 0n ? reverseShare(tx, orderId, order, cause) : 'none'
}

/** An unpaid share is cancelled; a paid one stays, and a negative correction is set off in the next batch. */
async function reverseShare(
  tx: Queryable,
  orderId: OrderId,
  order: Before,
  cause: Cause,
): Promise<RefundedOrder['share']> {
  const { rows } = await tx.query<{ before: string }>(
    `update payout_items i
        set state = 'reversed'
       from (select id, state from payout_items where order_id = $1 and kind = 'share' for update) before
      where i.id = before.id
        and i.state in ('held', 'available')
  returning before.state as "before"`,
    [orderId],
  )
  const state = rows[0]?.before
  const paid = { price: cents(order.priceCents), fee: cents(order.feeCents), total: cents(order.totalCents) }
  const received = await findReceived(tx, orderId)
  const share = state === 'held' ? 'held' : 'available'
  await insertEntry(tx, refundEntry(orderId, order.sellerId, share, paid, received), orderId, cause)
  if (received > 0n) await insertEntry(tx, refundSentEntry(orderId, received), orderId, cause)
  if (state !== undefined) return 'cancelled'
  await tx.query(
    `insert into payout_items (order_id, kind, seller_id, amount_cents, state, hold_until)
     values ($1, 'correction', $2, $3, 'available', clock_timestamp())
         on conflict (order_id, kind) do nothing`,
    [orderId, order.sellerId, 0n - order.priceCents],
  )
  return 'set off'
}

/** What the sale of an order brought in, as it was booked: less than its total where the platform bears the rest. */
export const findReceived = (db: Queryable, orderId: OrderId): Promise<bigint> => sumOfSale(db, orderId, 'cash')

/** What the platform bears of the sale of an order that was accepted short, and did not come after all. */
export const findShortfall = (db: Queryable, orderId: OrderId): Promise<bigint> => sumOfSale(db, orderId, 'shortfall')

async function sumOfSale(db: Queryable, orderId: OrderId, account: 'cash' | 'shortfall'): Promise<bigint> {
  const { rows } = await db.query<{ cents: bigint }>(
    `select coalesce(sum(l.amount_cents), 0)::bigint as "cents"
       from ledger_entries e
       join ledger_lines l on l.entry_id = e.id
      where e.order_id = $1
        and e.kind in ('sale', 'rest')
        and l.account = $2`,
    [orderId, account],
  )
  return rows[0]?.cents ?? 0n
}

/** What an administrator was about to send is not to be sent any more: it went back by another way. */
export async function dropOpenRefund(tx: Queryable, orderId: OrderId, reason: string): Promise<void> {
  const { rows } = await tx.query<{ id: RefundId; kind: string; cents: bigint }>(
    `update refunds
        set state = 'rejected', reason = $2, settled_by = 'payments', settled_at = clock_timestamp()
      where order_id = $1
        and state = 'asked'
        and kind <> 'excess'
  returning id, kind, amount_cents as "cents"`,
    [orderId, reason],
  )
  for (const { id, kind, cents: amount } of rows) {
    if (kind === 'money') await insertEntry(tx, excessOverEntry('excess kept', id, amount), orderId, { refundId: id })
  }
}
