import { type DeliveryId, type OrderId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'

export type StuckDelivery = { readonly id: DeliveryId; readonly orderId: OrderId }

const stuck = `
  select d.id, d.order_id as "orderId"
    from deliveries d
   where d.state in ('queued', 'sending', 'retry_wait')
     and d.lease_until < clock_timestamp()
     and d.next_try_at < clock_timestamp() - interval '5 seconds'
     and d.rung_at < clock_timestamp() - least(interval '5 minutes', interval '5 seconds' * 2 ^ least(d.rings, 8))
     and not exists (select from outbox o
                      where o.subject = 'delivery.requested' and o.dedupe_key = d.id::text and o.sent_at is null)
   order by d.next_try_at
   limit $1`

/** Deliveries that are due, that nobody holds, and for which nothing waits in the outbox. */
export async function listStuckDeliveries(db: Queryable, limit: number): Promise<StuckDelivery[]> {
  const { rows } = await db.query<StuckDelivery>(stuck, [limit])
  return rows
}

/** Marks stuck deliveries as rung for; the caller asks for them in the same transaction. */
export async function takeStuckDeliveries(tx: Queryable, limit: number): Promise<StuckDelivery[]> {
  const { rows } = await tx.query<StuckDelivery>(
    `with stuck as (${stuck} for update of d skip locked)
     update deliveries d
        set rings = rings + 1, rung_at = clock_timestamp()
       from stuck
      where d.id = stuck.id
  returning d.id, d.order_id as "orderId"`,
    [limit],
  )
  return rows
}

/** Paid orders that nobody ever queued a delivery for: this must not happen, so it is also told. */
export async function listPaidWithoutDelivery(db: Queryable, limit: number): Promise<OrderId[]> {
  const { rows } = await db.query<{ id: OrderId }>(
    `select o.id
       from orders o
      where o.status = 'paid'
        and not exists (select from deliveries d where d.order_id = o.id and d.kind = 'initial')
      limit $1`,
    [limit],
  )
  return rows.map(({ id }) => id)
}

export async function insertMissingDelivery(tx: Queryable, orderId: OrderId): Promise<DeliveryId | undefined> {
  const { rows } = await tx.query<{ id: DeliveryId }>(
    `insert into deliveries (order_id, file_id, kind, chat_id, message_id)
     select id, file_id, 'initial', coalesce(chat_id, buyer_id), message_id
       from orders
      where id = $1
        and status = 'paid'
         on conflict (order_id) where kind = 'initial' do nothing
  returning id`,
    [orderId],
  )
  return rows[0]?.id
}

const stale = `
  select o.id
    from orders o
    join users u on u.id = o.buyer_id
   where o.message_id is not null
     and o.status not in ('creating', 'paid', 'delivered')
     and o.drawn_status is distinct from o.status
     and o.message_lease_until < clock_timestamp()
     and o.updated_at < clock_timestamp() - interval '15 seconds'
     and o.redraw_at < clock_timestamp() - interval '15 seconds' * 2 ^ o.redraws
     and o.redraws < 10
     and u.reachable
     and not exists (select from outbox x
                      where x.subject = 'order.changed' and x.dedupe_key = o.id::text and x.sent_at is null)
   order by o.redraw_at
   limit $1`

/** Orders whose message does not show their state, because the bell for it was lost. */
export async function listStaleOrderMessages(db: Queryable, limit: number): Promise<OrderId[]> {
  const { rows } = await db.query<{ id: OrderId }>(stale, [limit])
  return rows.map(({ id }) => id)
}

/** Marks stale messages as rung for; the caller asks for their redraw in the same transaction. */
export async function takeStaleOrderMessages(tx: Queryable, limit: number): Promise<OrderId[]> {
  const { rows } = await tx.query<{ id: OrderId }>(
    `with stale as (${stale} for update of o skip locked)
     update orders o
        set redraws = redraws + 1, redraw_at = clock_timestamp()
       from stale
      where o.id = stale.id
  returning o.id`,
    [limit],
  )
  return rows.map(({ id }) => id)
}
