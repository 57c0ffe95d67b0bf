import { type OrderId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** Opens a case for an administrator; true when none of this kind was open for the order. */
export async function openCase(tx: Queryable, orderId: OrderId, kind: string, note: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into cases (order_id, kind, opened_by, note)
     values ($1, $2, 'payments', $3)
         on conflict (order_id, kind) where state = 'open' do nothing`,
    [orderId, kind, note],
  )
  return rowCount === 1
}
