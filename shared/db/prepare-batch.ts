import { type BatchId, type PayoutId, type PersonId } from '../domain/ids.ts'
import { batchEntry } from '../domain/ledger.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { insertEntry } from './ledger.ts'
import { isPayableItem, obstacleOf } from './payable-shares.ts'
import { type Queryable } from './pool.ts'

type Item = { readonly id: string; readonly sellerId: PersonId; readonly address: string; readonly cents: bigint }

export type NewBatch = { readonly code: PublicCode; readonly leastCents: bigint; readonly by: bigint }

/**
 * Freezes who is paid, how much and to which address: whatever is available, of every seller who can be paid and is owed
 * enough. Undefined when there is nobody. The caller sees to it that no other list waits.
 */
export async function prepareBatch(tx: Queryable, { code, leastCents, by }: NewBatch): Promise<BatchId | undefined> {
  const bySeller = Map.groupBy(await lockItems(tx), ({ sellerId }) => sellerId)
  const paid = [...bySeller.values()].filter((items) => sumOf(items) > 0n && sumOf(items) >= leastCents)
  if (paid.length === 0) return undefined
  const { rows } = await tx.query<{ id: BatchId }>(
    `insert into batches (code, payouts_count, total_cents, prepared_by) values ($1, $2, $3, $4) returning id`,
    [code, paid.length, sumOf(paid.flat()), String(by)],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Error('Expected the batch just written, got none')
  for (const items of paid) await freeze(tx, id, items)
  return id
}

const sumOf = (items: readonly Item[]): bigint => items.reduce((sum, { cents }) => sum + cents, 0n)

/** Items and addresses are held, so that neither changes before the list is written. */
async function lockItems(tx: Queryable): Promise<Item[]> {
  const { rows } = await tx.query<Item>(
    `select i.id, i.seller_id as "sellerId", s.solana_address as "address", i.amount_cents as "cents"
       from payout_items i
       join sellers s on s.user_id = i.seller_id
       join users u on u.id = i.seller_id
      where ${isPayableItem}
        and (${obstacleOf}) is null
      order by i.seller_id, i.id
        for update of i
        for share of s`,
  )
  return rows
}

async function freeze(tx: Queryable, batch: BatchId, items: readonly Item[]): Promise<void> {
  const [first] = items
  if (first === undefined) return
  const { rows } = await tx.query<{ id: PayoutId }>(
    `insert into payouts (batch_id, seller_id, address, amount_cents) values ($1, $2, $3, $4) returning id`,
    [batch, first.sellerId, first.address, sumOf(items)],
  )
  const payout = rows[0]?.id
  if (payout === undefined) throw new Error('Expected the payout just written, got none')
  await tx.query(`update payout_items set state = 'batched', payout_id = $1 where id = any($2)`, [
    payout,
    items.map(({ id }) => id),
  ])
  await insertEntry(tx, batchEntry(payout, first.sellerId, sumOf(items)), null, { payoutId: payout })
}

/**
 * Whether what a list froze still holds: its sellers may be paid, at these addresses, these sums, and nothing of it went back
 * to a buyer or is about to.
 */
export async function isBatchUnchanged(db: Queryable, id: BatchId): Promise<boolean> {
  const { rows } = await db.query(
    `select y.id
       from payouts y
       join sellers s on s.user_id = y.seller_id
       join users u on u.id = y.seller_id
      where y.batch_id = $1
        and ((${obstacleOf}) is not null
             or s.solana_address <> y.address
             or y.amount_cents <> (select coalesce(sum(i.amount_cents), 0) from payout_items i where i.payout_id = y.id)
             or exists (select from payout_items i
                          join refunds r on r.order_id = i.order_id
                         where i.payout_id = y.id and r.kind = 'order' and r.state = 'asked')
             or exists (select from payout_items i
                          join payout_items c on c.order_id = i.order_id
                         where i.payout_id = y.id and i.kind = 'share' and c.kind = 'correction' and c.state = 'available'))
      limit 1`,
    [id],
  )
  return rows.length === 0
}
