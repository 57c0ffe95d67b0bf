import { type Cents } from '../domain/money.ts'
import { type OrderId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** Money that went back to a buyer, as the buyer is told of it. */
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
      order by updated_at desc
      limit 1`,
    [order],
  )
  return rows[0]
}
