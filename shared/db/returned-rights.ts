import { type DeliveryId, type OrderId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/**
 * Rights that ended because their product was withdrawn, and belong to their buyers once it is not any more: those of orders
 * that were paid and are not on their way back, at most one for each buyer and product.
 */
const returning = `
  select distinct on (lost.buyer_id, lost.product_id) lost.order_id
    from entitlements lost
    join products p on p.id = lost.product_id
    join orders o on o.id = lost.order_id
    join product_files f on f.id = o.file_id
   where (lost.product_id = $1 or lost.order_id = $2)
     and lost.reason = 'withdrawn'
     and lost.ended_at is not null
     and p.withdrawn_at is null
     and o.status in ('paid', 'delivered')
     and f.purged_at is null
     and not exists (select from refunds r where r.order_id = o.id and r.kind = 'order' and r.state = 'asked')
     and not exists (select from entitlements live
                      where live.buyer_id = lost.buyer_id and live.product_id = lost.product_id and live.ended_at is null)
   order by lost.buyer_id, lost.product_id, lost.granted_at desc`

/**
 * Gives back what a withdrawal took, and closes the cases it opened: all of it at once, so that nobody can buy again what is
 * theirs. Says how many rights returned; their owners are told afterwards.
 */
export async function returnRights(
  tx: Queryable,
  of: { readonly product: ProductId } | { readonly order: OrderId },
  by: bigint,
): Promise<number> {
  const { rows } = await tx.query<{ orderId: OrderId }>(
    `update entitlements e
        set ended_at = null, reason = null, returned_at = clock_timestamp()
       from (${returning}) due
      where e.order_id = due.order_id
  returning e.order_id as "orderId"`,
    ['product' in of ? of.product : null, 'order' in of ? of.order : null],
  )
  await tx.query(
    `update cases
        set state = 'closed', decision = 'close', decided_by = $2, decided_at = clock_timestamp(),
            reason = 'the product was restored'
      where order_id = any($1)
        and kind = 'content withdrawn'
        and state = 'open'`,
    [rows.map(({ orderId }) => orderId), by],
  )
  return rows.length
}

/**
 * Holds the orders whose rights a withdrawal ended, before their product is held: whoever gives one of them back holds the two
 * in the same order.
 */
export async function lockWithdrawnOrders(tx: Queryable, product: PublicCode): Promise<void> {
  await tx.query(
    `select o.id
       from orders o
       join entitlements e on e.order_id = o.id
       join products p on p.id = e.product_id
      where p.code = $1
        and p.withdrawn_at is not null
        and e.reason = 'withdrawn'
      order by o.id
        for update of o`,
    [product],
  )
}

/** A right that its owner has again and was not told of. `deadDelivery`: their file never arrived because it had ended. */
export type ReturnedRight = {
  readonly orderId: OrderId
  readonly orderCode: PublicCode
  readonly buyerId: PersonId
  readonly productId: ProductId
  readonly returnedAt: Date
  readonly deadDelivery: DeliveryId | null
}

const untold = `
  select e.order_id as "orderId", o.code as "orderCode", e.buyer_id as "buyerId", e.product_id as "productId",
         e.returned_at as "returnedAt",
         (select d.id from deliveries d
           where d.order_id = o.id and d.kind = 'initial' and d.state = 'dead' and o.status = 'paid') as "deadDelivery"
    from entitlements e
    join orders o on o.id = e.order_id
   where e.returned_at is not null
     and e.ended_at is null
   order by e.returned_at, e.order_id
   limit $1`

export async function listReturnedRights(db: Queryable, limit: number): Promise<ReturnedRight[]> {
  const { rows } = await db.query<ReturnedRight>(untold, [limit])
  return rows
}

/** The same, each once; the caller tells their owners in the same transaction. */
export async function takeReturnedRights(tx: Queryable, limit: number): Promise<ReturnedRight[]> {
  const { rows } = await tx.query<ReturnedRight>(
    `with untold as (${untold} for update of e skip locked)
     update entitlements e
        set returned_at = null
       from untold
      where e.order_id = untold."orderId"
  returning untold.*`,
    [limit],
  )
  return rows
}
