import { type Entry } from '../domain/ledger.ts'
import { type OrderId, type PayoutId, type RefundId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** What an entry is about, besides its order. */
export type Cause = { readonly payoutId?: PayoutId; readonly refundId?: RefundId }

/** Books an entry in its cause's transaction; false when it was booked before. */
export async function insertEntry(
  tx: Queryable,
  entry: Entry,
  orderId: OrderId | null,
  { payoutId, refundId }: Cause = {},
): Promise<boolean> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into ledger_entries (kind, subject, order_id, payout_id, refund_id)
     values ($1, $2, $3, $4, $5)
         on conflict (kind, subject) do nothing
  returning id`,
    [entry.kind, entry.subject, orderId, payoutId ?? null, refundId ?? null],
  )
  const id = rows[0]?.id
  if (id === undefined) return false
  await tx.query(
    `insert into ledger_lines (entry_id, position, account, amount_cents)
     select $1, line.position, line.account, line.amount
       from unnest($2::text[], $3::bigint[]) with ordinality as line (account, amount, position)`,
    [id, entry.lines.map(({ account }) => account), entry.lines.map(({ amount }) => amount)],
  )
  return true
}

/** Cents on an account; the sum over all accounts is always zero. */
export async function findBalance(db: Queryable, account: string): Promise<bigint> {
  const { rows } = await db.query<{ balance: bigint }>(
    `select coalesce(sum(amount_cents), 0)::bigint as balance
       from ledger_lines
      where account = $1`,
    [account],
  )
  return rows[0]?.balance ?? 0n
}
