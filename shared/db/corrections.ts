import { type PersonId } from '../domain/ids.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** Why a share that was paid out is taken back. */
export const correctionReasons = ['withdrawn', 'asked', 'provider', 'refunded'] as const
export type CorrectionReason = (typeof correctionReasons)[number]

/** A share that was paid out and went back to its buyer: it is set off against what is paid next. */
export type Correction = {
  readonly orderCode: PublicCode
  readonly title: string
  /** Below zero. */
  readonly cents: bigint
  readonly at: Date
  readonly reason: CorrectionReason
  /** Whether a payout has made up for it. */
  readonly isSettled: boolean
}

export type CorrectionPage = { readonly shown: readonly Correction[]; readonly count: number }

/** A seller's corrections, the newest first. */
export async function listCorrections(
  db: Queryable,
  seller: PersonId,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<CorrectionPage> {
  const { rows: shown } = await db.query<Correction>(
    `select o.code as "orderCode", o.title, i.amount_cents as "cents", i.created_at as "at",
            i.state = 'paid' as "isSettled",
            case when r.id is null then 'provider'
                 when exists (select from cases c
                               where c.order_id = o.id and c.kind = 'content withdrawn' and c.decision = 'refund')
                 then 'withdrawn'
                 when exists (select from cases c
                               where c.order_id = o.id and c.kind = 'refund asked' and c.decision = 'refund')
                 then 'asked'
                 else 'refunded' end as "reason"
       from payout_items i
       join orders o on o.id = i.order_id
       left join lateral (select id from refunds
                           where order_id = o.id and kind = 'order' and state = 'sent' limit 1) r on true
      where i.seller_id = $1
        and i.kind = 'correction'
        and i.state <> 'reversed'
      order by i.created_at desc, i.id
     offset $3 limit $2`,
    [seller, limit, offset],
  )
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as "count"
       from payout_items
      where seller_id = $1
        and kind = 'correction'
        and state <> 'reversed'`,
    [seller],
  )
  return { shown, count: rows[0]?.count ?? 0 }
}
