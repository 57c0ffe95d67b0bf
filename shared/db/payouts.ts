import { type BatchId, type PayoutId, type PersonId } from '../domain/ids.ts'
import { payoutEntry, payoutFailedEntry, payoutReversedEntry } from '../domain/ledger.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { insertEntry } from './ledger.ts'
import { obstacleOf, type PayoutObstacle } from './payable-shares.ts'
import { type Queryable } from './pool.ts'

export type PayoutState = 'prepared' | 'confirmed' | 'sent' | 'settled' | 'failed' | 'cancelled'

/** One transfer to one seller. */
export type Payout = {
  readonly id: PayoutId
  readonly batchId: BatchId
  readonly batchCode: PublicCode
  /** Its place in the batch, from 1. */
  readonly number: number
  readonly sellerId: PersonId
  readonly shopName: string
  readonly address: string
  readonly cents: bigint
  readonly state: PayoutState
  readonly txHash: string | null
  readonly reason: string
  readonly at: Date
  readonly orderCodes: readonly PublicCode[]
  /** What speaks against paying it by now; `other address` when the seller has one since. */
  readonly obstacle: PayoutObstacle | 'other address' | null
}

const payouts = `
  select y.id, y.batch_id as "batchId", b.code as "batchCode", y.seller_id as "sellerId", s.display_name as "shopName",
         y.address, y.amount_cents as "cents", y.state, y.tx_hash as "txHash", y.reason,
         coalesce(y.sent_at, y.created_at) as "at",
         (select count(*)::integer from payouts z where z.batch_id = y.batch_id and z.id <= y.id) as "number",
         array(select o.code from payout_items i join orders o on o.id = i.order_id
                where i.payout_id = y.id order by i.created_at, i.id) as "orderCodes",
         coalesce(${obstacleOf}, case when s.solana_address <> y.address then 'other address' end) as "obstacle"
    from payouts y
    join batches b on b.id = y.batch_id
    join sellers s on s.user_id = y.seller_id
    join users u on u.id = y.seller_id`

export async function findPayout(db: Queryable, id: PayoutId): Promise<Payout | undefined> {
  const { rows } = await db.query<Payout>(`${payouts} where y.id = $1`, [id])
  return rows[0]
}

/** A seller's own payout; that of another is as absent as one that never was. */
export async function findOwnPayout(db: Queryable, seller: PersonId, id: PayoutId): Promise<Payout | undefined> {
  const { rows } = await db.query<Payout>(`${payouts} where y.id = $2 and y.seller_id = $1`, [seller, id])
  return rows[0]
}

export async function listPayouts(db: Queryable, batch: BatchId): Promise<Payout[]> {
  const { rows } = await db.query<Payout>(`${payouts} where y.batch_id = $1 order by y.id`, [batch])
  return rows
}

export type PayoutPage = { readonly shown: readonly Payout[]; readonly count: number }

/** What a seller was paid or is about to be, the newest first. */
export async function listOwnPayouts(
  db: Queryable,
  seller: PersonId,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<PayoutPage> {
  const { rows: shown } = await db.query<Payout>(
    `${payouts}
      where y.seller_id = $1
        and y.state <> 'cancelled'
      order by y.created_at desc, y.id
     offset $3 limit $2`,
    [seller, limit, offset],
  )
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as "count" from payouts where seller_id = $1 and state <> 'cancelled'`,
    [seller],
  )
  return { shown, count: rows[0]?.count ?? 0 }
}

/** Whether a transaction was entered for a refund, or in another batch; nobody enters the same one meanwhile. */
export async function isUsedElsewhere(tx: Queryable, txHash: string, batch: BatchId): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 75))`, [txHash])
  const { rows } = await tx.query<{ isUsed: boolean }>(
    `select exists (select from refunds where tx_hash = $1)
         or exists (select from payouts where tx_hash = $1 and batch_id <> $2) as "isUsed"`,
    [txHash, batch],
  )
  return rows[0]?.isUsed ?? false
}

/** The transfer was made: its items are paid. The caller holds the batch. */
export async function markPayoutSent(tx: Queryable, id: PayoutId, txHash: string, by: bigint): Promise<boolean> {
  const { rows } = await tx.query<{ cents: bigint }>(
    `update payouts
        set state = 'sent', tx_hash = $2, sent_by = $3, sent_at = clock_timestamp()
      where id = $1
        and state = 'confirmed'
  returning amount_cents as "cents"`,
    [id, txHash, String(by)],
  )
  const [sent] = rows
  if (sent === undefined) return false
  await tx.query(`update payout_items set state = 'paid' where payout_id = $1`, [id])
  await insertEntry(tx, payoutEntry(id, sent.cents), null, { payoutId: id })
  return true
}

/** It was seen on the network; false unless it was sent. */
export async function markPayoutSettled(tx: Queryable, id: PayoutId, by: bigint): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update payouts
        set state = 'settled', settled_by = $2, settled_at = clock_timestamp()
      where id = $1
        and state = 'sent'`,
    [id, String(by)],
  )
  return rowCount === 1
}

type Ended = { readonly sellerId: PersonId; readonly cents: bigint; readonly before: PayoutState }

/**
 * It is not paid after all: what the seller is owed is available again, by counter entries. The caller holds the batch. False
 * when it was over, or (`cancelled`) sent.
 */
export async function releasePayout(
  tx: Queryable,
  id: PayoutId,
  state: 'failed' | 'cancelled',
  reason: string,
): Promise<boolean> {
  const { rows } = await tx.query<Ended>(
    `update payouts y
        set state = $2, reason = $3
       from (select id, state from payouts where id = $1 for update) before
      where y.id = before.id
        and y.state = any($4)
  returning y.seller_id as "sellerId", y.amount_cents as "cents", before.state as "before"`,
    [id, state, reason, state === 'failed' ? ['confirmed', 'sent'] : ['prepared', 'confirmed']],
  )
  const [ended] = rows
  if (ended === undefined) return false
  if (ended.before === 'sent') await insertEntry(tx, payoutReversedEntry(id, ended.cents), null, { payoutId: id })
  await insertEntry(tx, payoutFailedEntry(id, ended.sellerId, ended.cents), null, { payoutId: id })
  await tx.query(`update payout_items set state = 'available', payout_id = null where payout_id = $1`, [id])
  return true
}
