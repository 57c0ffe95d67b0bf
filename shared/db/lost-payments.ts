import { type Queryable } from './pool.ts'
import { type AdoptedPayment, type ProviderSide } from './payments.ts'

export type LostPayment = {
  readonly orderCode: string
  readonly attempt: number
  readonly payCurrency: string
  readonly priceCents: bigint
  readonly createdAt: Date | null
}

/**
 * Writes down a payment that NOWPayments made for an order of ours and that no row tells of: the order is older than it, for
 * instance restored from a backup. An attempt that was asked for and not answered is never overlooked for it.
 */
export async function insertLostPayment(
  tx: Queryable,
  { orderCode, attempt, payCurrency, priceCents, createdAt }: LostPayment,
  side: ProviderSide,
): Promise<AdoptedPayment | undefined> {
  const { rows } = await tx.query<AdoptedPayment>(
    `insert into payments (order_id, attempt, reference_attempt, kind, provider_id, status, rank, price_cents, pay_currency,
                           pay_amount, address, memo, network, valid_until, created_at, asked_at, next_poll_at)
     select o.id, case when same.id is null then $2 else (select max(attempt) + 1 from payments where order_id = o.id) end,
            case when same.id is not null then $2 end, case when $4 < o.total_cents then 'topup' else 'main' end,
            $6, 'waiting', 0, $4, $3, $7, $8, $9, $10, $11::timestamptz,
            least($5::timestamptz, clock_timestamp()), least($5::timestamptz, clock_timestamp()),
            clock_timestamp() + interval '1 minute'
       from orders o
       left join payments same on same.order_id = o.id and same.attempt = $2
      where o.code = $1
        and $4 between 1 and o.total_cents
        and (same.id is null or same.provider_id is not null or same.asked_at is null)
         on conflict (provider_id) do nothing
  returning id, order_id as "orderId", kind, (select status from orders where id = order_id) as "orderStatus"`,
    [
      orderCode,
      attempt,
      payCurrency,
      priceCents,
      createdAt,
      side.providerId,
      side.payAmount,
      side.address,
      side.memo,
      side.network,
      side.validUntil,
    ],
  )
  return rows[0]
}
