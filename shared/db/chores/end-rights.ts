import { type OrderId, type PersonId, type ProductId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'

/** So long before its end the owner of a file of a deleted product is told. */
export const noticeDays = 30

/** The right of somebody to a file whose product was deleted long ago. */
export type EndingRight = {
  readonly orderId: OrderId
  readonly orderCode: string
  readonly buyerId: PersonId
  readonly productId: ProductId
  readonly endsAt: Date
}

const columns = `e.order_id as "orderId", o.code as "orderCode", e.buyer_id as "buyerId", e.product_id as "productId",
                 e.ends_at as "endsAt"`

/**
 * Sets the day on which rights end that nobody was told of yet: so many days after the product was deleted, and never sooner
 * than owners have to be told. The caller tells them in the same transaction.
 */
export async function announceEnds(tx: Queryable, retentionDays: number, limit: number): Promise<EndingRight[]> {
  const { rows } = await tx.query<EndingRight>(
    `with due as (
            select e.order_id, p.deleted_at
              from entitlements e
              join products p on p.id = e.product_id
             where e.ended_at is null
               and e.ends_at is null
               and p.status in ('deleted', 'purged')
               and p.deleted_at < clock_timestamp() - ($1::integer - $2::integer) * interval '1 day'
             order by p.deleted_at, e.order_id
             limit $3
               for update of e skip locked)
     update entitlements e
        set ends_at = greatest(due.deleted_at + $1 * interval '1 day', clock_timestamp() + $2 * interval '1 day')
       from due
       join orders o on o.id = due.order_id
      where e.order_id = due.order_id
  returning ${columns}`,
    [retentionDays, noticeDays, limit],
  )
  return rows
}

/** Ends the rights whose day has come. */
export async function endRights(tx: Queryable, limit: number): Promise<EndingRight[]> {
  const { rows } = await tx.query<EndingRight>(
    `with due as (
            select order_id
              from entitlements
             where ended_at is null
               and ends_at <= clock_timestamp()
             order by ends_at
             limit $1
               for update skip locked)
     update entitlements e
        set ended_at = clock_timestamp(), reason = 'no longer kept'
       from due
       join orders o on o.id = due.order_id
      where e.order_id = due.order_id
  returning ${columns}`,
    [limit],
  )
  return rows
}

/** Sold files are kept for ever after all; whoever sets a time again has owners told again. */
export async function keepRights(tx: Queryable): Promise<number> {
  const { rowCount } = await tx.query(
    `update entitlements set ends_at = null where ended_at is null and ends_at is not null`,
  )
  return rowCount
}
