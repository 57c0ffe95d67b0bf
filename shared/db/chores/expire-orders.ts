import { type OrderId } from '../../domain/ids.ts'
import { type Queryable } from '../pool.ts'

export type OverdueOrder = { readonly id: OrderId; readonly code: string; readonly becomes: 'expired' | 'failed' }

const overdue = `
  select id, code, case status when 'creating' then 'failed' else 'expired' end as "becomes"
    from orders
   where seen_at is null
     and ((status = 'awaiting_payment' and expires_at < clock_timestamp())
       or (status = 'creating' and created_at < clock_timestamp() - interval '15 minutes'))
   order by created_at
   limit $1`

/** Orders whose time is up while nothing was seen, and attempts that never got an address. */
export async function listOverdueOrders(db: Queryable, limit: number): Promise<OverdueOrder[]> {
  const { rows } = await db.query<OverdueOrder>(overdue, [limit])
  return rows
}

/** Closes overdue orders and returns them; a payment that is being recorded at this moment keeps its order. */
export async function expireOverdueOrders(tx: Queryable, limit: number): Promise<OverdueOrder[]> {
  const { rows } = await tx.query<OverdueOrder>(
    `with overdue as (${overdue} for update skip locked)
     update orders o
        set status = overdue."becomes", closed_at = clock_timestamp(), reason = 'time is up'
       from overdue
      where o.id = overdue.id
  returning o.id, o.code, o.status as "becomes"`,
    [limit],
  )
  return rows
}
