import { type OrderId } from '../domain/ids.ts'
import { type OrderStatus } from '../domain/order.ts'
import { type Queryable } from './pool.ts'
import { thisProcess } from './presence.ts'

/** The right to edit an order's message for a while. `holder` is the fencing token. */
export type HeldOrderMessage = {
  readonly orderId: OrderId
  readonly holder: string
  readonly chatId: bigint
  readonly messageId: bigint | null
  readonly status: OrderStatus
  readonly drawn: string | null
}

/**
 * Takes the order message for `leaseMs`, unless somebody else is editing it. The bot that redraws it and the delivery
 * that turns it into the file take turns here, so that no late redraw covers the file.
 */
export async function claimOrderMessage(
  db: Queryable,
  orderId: OrderId,
  leaseMs: number,
): Promise<HeldOrderMessage | undefined> {
  const { rows } = await db.query<HeldOrderMessage>(
    `update orders
        set message_holder = gen_random_uuid(),
            message_lease_until = clock_timestamp() + $2 * interval '1 ms',
            message_held_by = $3
      where id = $1
        and message_lease_until < clock_timestamp()
        and chat_id is not null
  returning id as "orderId", message_holder as "holder", chat_id as "chatId", message_id as "messageId", status, drawn`,
    [orderId, leaseMs, thisProcess],
  )
  return rows[0]
}

/** Keeps the message for another `leaseMs`; false when somebody else took it meanwhile. */
export async function renewOrderMessage(db: Queryable, held: HeldOrderMessage, leaseMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update orders
        set message_lease_until = clock_timestamp() + $3 * interval '1 ms'
      where id = $1
        and message_holder = $2`,
    [held.orderId, held.holder, leaseMs],
  )
  return rowCount === 1
}

/** Remembers the message that a person now sees for this order; false when somebody else holds it meanwhile. */
export async function setOrderMessage(db: Queryable, held: HeldOrderMessage, messageId: bigint): Promise<boolean> {
  const { rowCount } = await db.query(
    `update orders
        set message_id = $3
      where id = $1
        and message_holder = $2`,
    [held.orderId, held.holder, messageId],
  )
  return rowCount === 1
}

/**
 * Gives the message back, noting what it now shows (`drawn`, a fingerprint, or null when that is not known). False when
 * the lease had run out and somebody else took the message: what the caller drew may then lie over something newer.
 */
export async function releaseOrderMessage(
  db: Queryable,
  held: HeldOrderMessage,
  drawn: string | null,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update orders
        set message_holder = null,
            message_lease_until = '-infinity',
            drawn = $3,
            drawn_status = $4,
            redraws = case when $4 = status then 0 else redraws end
      where id = $1
        and message_holder = $2`,
    [held.orderId, held.holder, drawn, drawn === null ? null : held.status],
  )
  return rowCount === 1
}

// Whoever holds a message is most often done with it long before the lease ends, and what waits is news for its buyer.
const lookAgainMs = 500

/** After so many milliseconds it is worth asking for the message again; 0 when it is free. */
export async function orderMessageFreeInMs(db: Queryable, orderId: OrderId): Promise<number> {
  const { rows } = await db.query<{ ms: number }>(
    `select greatest(0, case when isfinite(message_lease_until)
                             then extract(epoch from message_lease_until - clock_timestamp()) * 1000
                             else 0 end)::float8 as ms
       from orders
      where id = $1`,
    [orderId],
  )
  return Math.min(Math.ceil(rows[0]?.ms ?? 0), lookAgainMs)
}
