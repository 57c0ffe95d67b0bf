import { type BatchId, type PayoutId } from '../domain/ids.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** The frozen list an administrator pays in one go. */
export type Batch = {
  readonly id: BatchId
  readonly code: PublicCode
  readonly state: 'prepared' | 'confirmed' | 'closed' | 'cancelled'
  readonly count: number
  readonly cents: bigint
  readonly createdAt: Date
  /** How many of its payouts still wait for a transaction. */
  readonly waiting: number
  /** No transaction was entered yet, so that all of it may be taken back. */
  readonly isUntouched: boolean
}

const batches = `
  select b.id, b.code, b.state, b.payouts_count as "count", b.total_cents as "cents", b.created_at as "createdAt",
         (select count(*)::integer from payouts y where y.batch_id = b.id and y.state in ('prepared', 'confirmed')) as "waiting",
         not exists (select from payouts y where y.batch_id = b.id and y.tx_hash is not null) as "isUntouched"
    from batches b`

export async function findBatch(db: Queryable, id: BatchId): Promise<Batch | undefined> {
  const { rows } = await db.query<Batch>(`${batches} where b.id = $1`, [id])
  return rows[0]
}

/** The list that waits to be confirmed, if there is one. */
export async function findPreparedBatch(db: Queryable): Promise<Batch | undefined> {
  const { rows } = await db.query<Batch>(`${batches} where b.state = 'prepared'`)
  return rows[0]
}

export type BatchPage = { readonly shown: readonly Batch[]; readonly count: number }

/** What is being paid first, then the newest. */
export async function listBatches(
  db: Queryable,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<BatchPage> {
  const { rows: shown } = await db.query<Batch>(
    `${batches}
      order by b.state not in ('prepared', 'confirmed'), b.created_at desc, b.id
     offset $2 limit $1`,
    [limit, offset],
  )
  const { rows } = await db.query<{ count: number }>(`select count(*)::integer as "count" from batches`)
  return { shown, count: rows[0]?.count ?? 0 }
}

/** Holds a batch, and with it all of its payouts, until the transaction ends. */
export async function lockBatch(tx: Queryable, id: BatchId): Promise<Batch | undefined> {
  await tx.query(`select from batches where id = $1 for update`, [id])
  return findBatch(tx, id)
}

/** The batch of a payout, held as above. */
export async function lockBatchOf(tx: Queryable, payout: PayoutId): Promise<Batch | undefined> {
  const { rows } = await tx.query<{ id: BatchId }>(`select batch_id as "id" from payouts where id = $1`, [payout])
  return rows[0] === undefined ? undefined : lockBatch(tx, rows[0].id)
}

/** Confirms a list that waits; false when it does not any more. */
export async function markBatchConfirmed(tx: Queryable, id: BatchId, by: bigint): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update batches
        set state = 'confirmed', confirmed_by = $2, confirmed_at = clock_timestamp()
      where id = $1
        and state = 'prepared'`,
    [id, String(by)],
  )
  if (rowCount === 0) return false
  await tx.query(`update payouts set state = 'confirmed' where batch_id = $1 and state = 'prepared'`, [id])
  return true
}

/** Ends a batch, by `state`; false when it is over or was never confirmed. */
export async function markBatchOver(
  tx: Queryable,
  id: BatchId,
  state: 'closed' | 'cancelled',
  reason = '',
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update batches
        set state = $2, reason = $3, ended_at = clock_timestamp()
      where id = $1
        and (state = 'confirmed' or (state = 'prepared' and $2 = 'cancelled'))`,
    [id, state, reason],
  )
  return rowCount === 1
}
