import { insertHandled } from './inbox.ts'
import { type Database, inTransaction, type Queryable } from './pool.ts'

const consumer = 'bot-admin-alert'

/** What becomes of an alert: told now, with how many were held back before it; waited for; or counted with another. */
export type AlertTurn =
  | { readonly kind: 'tell'; readonly held: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'over' }

type Row = { readonly waitMs: number; readonly held: number; readonly keeper: string | null }

/** Decides on an alert: one of a kind is told per `quietMs`, one more waits to tell how many came meanwhile. */
export const takeAlertTurn = (db: Database, kind: string, messageId: string, quietMs: number): Promise<AlertTurn> =>
  inTransaction(db, async (tx) => {
    const row = await lockKind(tx, kind, quietMs)
    if (await isHandled(tx, messageId)) return { kind: 'over' }
    if (row.waitMs <= 0) return { kind: 'tell', held: row.held }
    if (row.keeper === null || row.keeper === messageId) {
      await tx.query(`update admin_alerts set keeper = $2 where kind = $1`, [kind, messageId])
      return { kind: 'wait', ms: row.waitMs }
    }
    await tx.query(`update admin_alerts set held = held + 1 where kind = $1`, [kind])
    await insertHandled(tx, consumer, messageId)
    return { kind: 'over' }
  })

async function lockKind(tx: Queryable, kind: string, quietMs: number): Promise<Row> {
  await tx.query(`insert into admin_alerts (kind) values ($1) on conflict (kind) do nothing`, [kind])
  const { rows } = await tx.query<Row>(
    `select case when isfinite(told_at)
                 then extract(epoch from told_at - clock_timestamp()) * 1000 + $2 else 0 end::float8 as "waitMs",
            held, keeper
       from admin_alerts
      where kind = $1
        for update`,
    [kind, quietMs],
  )
  const [row] = rows
  if (row === undefined) throw new Error(`Expected a row for alerts of kind ${kind}, got none`)
  return row
}

async function isHandled(tx: Queryable, messageId: string): Promise<boolean> {
  const { rowCount } = await tx.query(`select from inbox where consumer = $1 and message_id = $2`, [
    consumer,
    messageId,
  ])
  return rowCount === 1
}

/** The alert was told, together with `held` others. */
export const markAlertTold = (db: Database, kind: string, messageId: string, held: number): Promise<void> =>
  inTransaction(db, async (tx) => {
    await insertHandled(tx, consumer, messageId)
    await tx.query(
      `update admin_alerts
          set told_at = clock_timestamp(), keeper = null, held = greatest(held - $2, 0)
        where kind = $1`,
      [kind, held],
    )
  })
