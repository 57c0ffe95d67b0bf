import { cents, type Cents } from '../domain/money.ts'
import { type OrderId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** The money of an order that went back to its buyer, as they are told of it. */
export type SentRefund = {
  readonly amountCents: Cents
  readonly asset: string | null
  readonly amount: string | null
  readonly txHash: string | null
}

export async function findSentRefund(db: Queryable, order: OrderId): Promise<SentRefund | undefined> {
  const { rows } = await db.query<SentRefund>(
    `select amount_cents as "amountCents", asset, amount, tx_hash as "txHash"
       from refunds
      where order_id = $1
        and state = 'sent'
        and kind <> 'excess'
      order by updated_at desc
      limit 1`,
    [order],
  )
  return rows[0]
}

/** What went back of what had paid for no sale. What was asked back of an overpaid one is counted with the sale. */
export async function findReturnedBeside(db: Queryable, order: OrderId): Promise<Cents> {
  const { rows } = await db.query<{ returned: bigint }>(
    `select coalesce(sum(r.amount_cents), 0)::bigint as "returned"
       from refunds r
       left join cases c on c.id = r.case_id
      where r.order_id = $1
        and r.state = 'sent'
        and r.kind <> 'order'
        and c.kind is distinct from 'difference asked'`,
    [order],
  )
  return cents(rows[0]?.returned ?? 0n)
}
