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

/** The same for what may be asked only once, however the case ended. The caller holds the order. */
export async function openCaseOnce(tx: Queryable, orderId: OrderId, kind: string, note: string): Promise<boolean> {
  const { rows } = await tx.query(`select from cases where order_id = $1 and kind = $2 limit 1`, [orderId, kind])
  return rows.length === 0 && openCase(tx, orderId, kind, note)
}

/** The same for one particular thing: a case that says just this is opened once, however it ended. */
export async function openCaseAbout(tx: Queryable, orderId: OrderId, kind: string, note: string): Promise<boolean> {
  const { rows } = await tx.query(`select from cases where order_id = $1 and kind = $2 and note = $3 limit 1`, [
    orderId,
    kind,
    note,
  ])
  return rows.length === 0 && openCase(tx, orderId, kind, note)
}
