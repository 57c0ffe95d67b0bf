import { type Coin } from '../domain/coin.ts'
import { type CaseId, type OrderId, type PersonId, type RefundId } from '../domain/ids.ts'
import { type Cents } from '../domain/money.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** `order`: a paid order is given back; `money`: what came for one that was never paid; `excess`: what came beyond one. */
export const refundKinds = ['order', 'money', 'excess'] as const
export type RefundKind = (typeof refundKinds)[number]

export type Refund = {
  readonly id: RefundId
  readonly orderId: OrderId
  readonly orderCode: PublicCode
  readonly buyerId: PersonId
  readonly kind: RefundKind
  readonly state: 'asked' | 'sent' | 'rejected'
  readonly cents: Cents
  /** Where the buyer wants it, once they said so. */
  readonly asset: Coin | null
  readonly address: string | null
  readonly amount: string | null
  readonly txHash: string | null
  readonly reason: string
  readonly askedTimes: number
  readonly openedAt: Date
}

const refunds = `
  select r.id, r.order_id as "orderId", o.code as "orderCode", o.buyer_id as "buyerId", r.kind, r.state,
         r.amount_cents as "cents", r.asset, r.address, r.amount, r.tx_hash as "txHash", r.reason,
         r.asked_times as "askedTimes", r.created_at as "openedAt"
    from refunds r
    join orders o on o.id = r.order_id`

export async function findRefund(db: Queryable, id: RefundId): Promise<Refund | undefined> {
  const { rows } = await db.query<Refund>(`${refunds} where r.id = $1`, [id])
  return rows[0]
}

/** The buyer's own refund; somebody else's is as absent as one that never was. */
export async function findOwnRefund(db: Queryable, buyer: PersonId, id: RefundId): Promise<Refund | undefined> {
  const { rows } = await db.query<Refund>(`${refunds} where r.id = $2 and o.buyer_id = $1`, [buyer, id])
  return rows[0]
}

/** Refunds that wait to be sent, those with an address first, then the oldest. */
export async function listOpenRefunds(
  db: Queryable,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<Refund[]> {
  const { rows } = await db.query<Refund>(
    `${refunds}
      where r.state = 'asked'
      order by r.address is null, r.created_at, r.id
     offset $2 limit $1`,
    [limit, offset],
  )
  return rows
}

export async function countOpenRefunds(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as "count" from refunds where state = 'asked'`,
  )
  return rows[0]?.count ?? 0
}

export type NewRefund = {
  readonly orderId: OrderId
  readonly caseId: CaseId | null
  readonly kind: RefundKind
  readonly cents: Cents
  readonly by: bigint
}

/** Undefined when one of this order is open, or the whole of it went back already. */
export async function insertRefund(
  tx: Queryable,
  { orderId, caseId, kind, cents, by }: NewRefund,
): Promise<RefundId | undefined> {
  const { rows } = await tx.query<{ id: RefundId }>(
    `insert into refunds (order_id, case_id, kind, amount_cents, is_full, by)
     values ($1, $2, $3, $4, $3 <> 'excess', $5)
         on conflict do nothing
  returning id`,
    [orderId, caseId, kind, cents, String(by)],
  )
  return rows[0]?.id
}

/** The buyer says where to send it, once; false when it is not theirs, not asked for, or said already. */
export async function setRefundAddress(
  tx: Queryable,
  buyer: PersonId,
  id: RefundId,
  { asset, address }: { readonly asset: Coin; readonly address: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update refunds r
        set asset = $3, address = $4, address_at = clock_timestamp()
       from orders o
      where r.id = $2
        and o.id = r.order_id
        and o.buyer_id = $1
        and r.state = 'asked'
        and r.address is null`,
    [buyer, id, asset, address],
  )
  return rowCount === 1
}

/**
 * Forgets the address, so that the buyer is asked once more; returns how often they were asked with this time. Undefined when
 * it is settled, or they were asked since (`seen` times).
 */
export async function askAddressAgain(tx: Queryable, id: RefundId, seen: number): Promise<number | undefined> {
  const { rows } = await tx.query<{ times: number }>(
    `update refunds
        set asset = null, address = null, address_at = null, asked_times = asked_times + 1
      where id = $1
        and state = 'asked'
        and asked_times = $2
  returning asked_times as "times"`,
    [id, seen],
  )
  return rows[0]?.times
}

/** What an administrator sent: to this address and no other. */
export type Sending = {
  readonly asset: Coin
  readonly address: string
  readonly amount: string
  readonly txHash: string
}

/** False when it was settled before, or its address is another one by now. */
export async function markRefundSent(tx: Queryable, id: RefundId, sent: Sending, by: bigint): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update refunds
        set state = 'sent', amount = $4, tx_hash = $5, settled_by = $6, settled_at = clock_timestamp()
      where id = $1
        and state = 'asked'
        and asset = $2
        and address = $3`,
    [id, sent.asset, sent.address, sent.amount, sent.txHash, String(by)],
  )
  return rowCount === 1
}

/** Nothing is sent after all; false when it was settled before. */
export async function markRefundRejected(tx: Queryable, id: RefundId, reason: string, by: bigint): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update refunds
        set state = 'rejected', reason = $2, settled_by = $3, settled_at = clock_timestamp()
      where id = $1
        and state = 'asked'`,
    [id, reason, String(by)],
  )
  return rowCount === 1
}

/** Whether a transaction was entered for another refund or for a payout; nobody enters the same one meanwhile. */
export async function isTransactionUsed(tx: Queryable, txHash: string): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 75))`, [txHash])
  const { rows } = await tx.query<{ isUsed: boolean }>(
    `select exists (select from refunds where tx_hash = $1) or exists (select from payouts where tx_hash = $1) as "isUsed"`,
    [txHash],
  )
  return rows[0]?.isUsed ?? false
}
