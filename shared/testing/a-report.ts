import { type FullReport } from '../../services/ipn/keep-report.ts'
import { type PaymentPolicy } from '../../services/ipn/record-payment.ts'
import { type PaymentId } from '../domain/ids.ts'
import { type Queryable } from '../db/pool.ts'

export const usualPolicy: PaymentPolicy = {
  tolerance: 50n,
  volatileCoins: ['btc', 'eth', 'sol'],
  escrowHours: 24,
  windowMs: 3_600_000,
}

/** What NOWPayments would say of a payment of ours: finished and exact, unless told otherwise. */
export async function aReport(db: Queryable, id: PaymentId, said: Partial<FullReport> = {}): Promise<FullReport> {
  const { rows } = await db.query<FullReport>(
    `select p.provider_id as "providerId", 'finished' as "status", o.code || '-' || coalesce(p.reference_attempt, p.attempt) as "reference",
            null as "parentId", p.price_cents as "priceCents", 'usd' as "priceCurrency",
            p.pay_currency as "payCurrency", p.pay_amount as "actuallyPaid", null as "outcomeAmount",
            null as "outcomeCurrency", '{}' as "raw"
       from payments p
       join orders o on o.id = p.order_id
      where p.id = $1`,
    [id],
  )
  const [report] = rows
  if (report === undefined) throw new Error(`Expected payment ${id} to exist, got none`)
  return { ...report, ...said }
}
