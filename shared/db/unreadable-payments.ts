import { type OrderId, type PaymentId } from '../domain/ids.ts'
import { type OrderStatus } from '../domain/order.ts'
import { type Queryable } from './pool.ts'

/** An order one of whose payments could not be read for too long. */
export type UnreadableOrder = {
  readonly orderId: OrderId
  readonly orderCode: string
  readonly status: OrderStatus
  readonly wasSeen: boolean
  readonly providerId: string
}

/** NOWPayments refuses to tell of a payment of ours; since when is kept until it tells again. */
export async function markUnreadable(db: Queryable, id: PaymentId): Promise<void> {
  await db.query(
    `update payments
        set unreadable_since = clock_timestamp()
      where id = $1
        and unreadable_since is null`,
    [id],
  )
}

/** It was read again. True when its buyer may have been told that it could not be. */
export async function markReadable(tx: Queryable, id: PaymentId): Promise<boolean> {
  const { rows } = await tx.query<{ wasUnread: boolean }>(
    `update payments p
        set unread_since = null, unreadable_since = null, unreadable_told_at = null
       from (select id, unread_since is not null as was_unread from payments where id = $1 for update) before
      where p.id = before.id
        and (p.unread_since is not null or p.unreadable_since is not null)
  returning before.was_unread as "wasUnread"`,
    [id],
  )
  return rows[0]?.wasUnread ?? false
}

/** NOWPayments could not be asked about a payment, or did not tell. Hands out its order the first time, so that it says so. */
export async function markUnread(tx: Queryable, id: PaymentId): Promise<OrderId | undefined> {
  const { rows } = await tx.query<{ orderId: OrderId }>(
    `update payments
        set unread_since = clock_timestamp()
      where id = $1
        and unread_since is null
  returning order_id as "orderId"`,
    [id],
  )
  return rows[0]?.orderId
}

/** Hands out, once, the order of a payment that could not be read for a day, so that people are told of it. */
export async function takeLongUnreadable(tx: Queryable, id: PaymentId): Promise<UnreadableOrder | undefined> {
  const { rows } = await tx.query<UnreadableOrder>(
    `update payments p
        set unreadable_told_at = clock_timestamp()
       from orders o
      where p.id = $1
        and o.id = p.order_id
        and p.accepted_at is null
        and p.unreadable_told_at is null
        and p.unreadable_since < clock_timestamp() - interval '24 hours'
  returning o.id as "orderId", o.code as "orderCode", o.status, o.seen_at is not null as "wasSeen",
            p.provider_id as "providerId"`,
    [id],
  )
  return rows[0]
}
