import { type OrderId, type PaymentId, type PersonId, type ProductId } from '../domain/ids.ts'
import { type OrderStatus } from '../domain/order.ts'
import { type Queryable } from './pool.ts'

/** A payment with its order, both locked: orders first, so that two payments of one order wait for each other. */
export type LockedPayment = {
  readonly id: PaymentId
  readonly orderId: OrderId
  readonly orderCode: string
  /** Its number in the reference that NOWPayments was told. */
  readonly attempt: number
  readonly kind: 'main' | 'topup' | 'redeposit'
  readonly providerId: string | null
  readonly rank: number
  readonly status: string
  readonly priceCents: bigint
  readonly payCurrency: string
  readonly payAmount: string | null
  readonly actuallyPaid: string
  readonly orderStatus: OrderStatus
  readonly totalCents: bigint
  readonly buyerId: PersonId
  readonly productId: ProductId
  readonly wasSeen: boolean
  readonly isLate: boolean
  readonly lateMs: number
  /** Milliseconds since it was first asked what its late coins are worth now; null before. */
  readonly rateWantedForMs: number | null
  readonly coveredCents: bigint
  readonly coveredElsewhere: bigint
  readonly hasOtherLivePayment: boolean
  /** This payment was one of those that paid for the order. */
  readonly isAccepted: boolean
  /** Settled by other payments that count: all of them, or once the order is paid those that paid for it. */
  readonly coveredByOthers: bigint
  readonly isOwned: boolean
  readonly isWithdrawn: boolean
  /** An administrator decided that what came goes back. */
  readonly isRefundOpen: boolean
  /** The same of what paid for the order. */
  readonly isReturning: boolean
}

/** Holds the order of a payment until the transaction ends: whoever changes one of its payments waits here first. */
export async function lockOrderOf(tx: Queryable, id: PaymentId): Promise<void> {
  await tx.query(
    `select o.id
       from orders o
      where o.id = (select order_id from payments where id = $1)
        for update`,
    [id],
  )
}

/** Locks a payment and its order for the transaction and reads all that a decision needs, by the database's clock. */
export async function lockPayment(tx: Queryable, id: PaymentId): Promise<LockedPayment | undefined> {
  await lockOrderOf(tx, id)
  const { rows } = await tx.query<LockedPayment>(
    `select p.id, p.order_id as "orderId", o.code as "orderCode", coalesce(p.reference_attempt, p.attempt) as "attempt", p.kind, p.provider_id as "providerId",
            p.rank, p.status, p.accepted_at is not null as "isAccepted",
            p.price_cents as "priceCents", p.pay_currency as "payCurrency", p.pay_amount as "payAmount",
            p.actually_paid as "actuallyPaid", o.status as "orderStatus", o.total_cents as "totalCents",
            o.buyer_id as "buyerId", o.product_id as "productId", o.seen_at is not null as "wasSeen",
            o.late as "isLate",
            coalesce(extract(epoch from coalesce(o.seen_at, clock_timestamp()) - o.expires_at) * 1000, 0)::float8
              as "lateMs",
            (extract(epoch from clock_timestamp() - p.rate_wanted_since) * 1000)::float8 as "rateWantedForMs",
            p.covered_cents as "coveredCents",
            (select coalesce(sum(other.covered_cents), 0)::bigint
               from payments other
              where other.order_id = p.order_id and other.id <> p.id) as "coveredElsewhere",
            exists (select from payments other
                     where other.order_id = p.order_id and other.id <> p.id and other.provider_id is not null
                       and (other.rank in (2, 3, 4)
                            or (other.rank = 0 and other.valid_until > clock_timestamp() and o.status <> 'confirming'))
                   ) as "hasOtherLivePayment",
            (select coalesce(sum(other.covered_cents), 0)::bigint
               from payments other
              where other.order_id = p.order_id and other.id <> p.id
                and (p.accepted_at is null or other.accepted_at is not null)) as "coveredByOthers",
            exists (select from entitlements e
                     where e.buyer_id = o.buyer_id and e.product_id = o.product_id and e.ended_at is null
                       and e.order_id <> o.id) as "isOwned",
            pr.moderation = 'banned' as "isWithdrawn",
            exists (select from refunds r where r.order_id = o.id and r.state = 'asked' and r.kind = 'money') as "isRefundOpen",
            exists (select from refunds r where r.order_id = o.id and r.state = 'asked' and r.kind = 'order') as "isReturning"
       from payments p
       join orders o on o.id = p.order_id
       join products pr on pr.id = o.product_id
      where p.id = $1
        for update of p`,
    [id],
  )
  return rows[0]
}

export type PaymentProgress = {
  readonly status: string
  readonly rank: number
  readonly actuallyPaid: string
  readonly coveredCents: bigint
  readonly outcomeAmount: string | null
  readonly outcomeCurrency: string | null
}

/** Writes down how far a payment has come. The caller holds its lock. */
export async function setPaymentProgress(tx: Queryable, id: PaymentId, progress: PaymentProgress): Promise<void> {
  await tx.query(
    `update payments
        set status = $2, rank = $3, actually_paid = $4,
            covered_cents = case $2 when 'refunded' then 0 else greatest(covered_cents, $5) end,
            outcome_amount = $6, outcome_currency = $7, read_at = clock_timestamp(),
            seen_at = case when $3 between 2 and 7 then coalesce(seen_at, clock_timestamp()) else seen_at end
      where id = $1`,
    [
      id,
      progress.status,
      progress.rank,
      progress.actuallyPaid,
      progress.coveredCents,
      progress.outcomeAmount,
      progress.outcomeCurrency,
    ],
  )
}

/** Notes since when the worth of a payment's late coins is wanted. */
export async function markRateWanted(tx: Queryable, id: PaymentId): Promise<void> {
  await tx.query(
    `update payments set rate_wanted_since = clock_timestamp() where id = $1 and rate_wanted_since is null`,
    [id],
  )
}

/** An order became paid: by this payment, and by whatever its other payments had covered. */
export async function markPaymentsAccepted(tx: Queryable, orderId: OrderId, id: PaymentId): Promise<void> {
  await tx.query(
    `update payments
        set accepted_at = clock_timestamp(), next_poll_at = null
      where order_id = $1
        and (id = $2 or covered_cents > 0)`,
    [orderId, id],
  )
}

/** A person let this payment count for so much: it is one of those that paid. */
export async function setCovered(tx: Queryable, id: PaymentId, coveredCents: bigint): Promise<void> {
  await tx.query(`update payments set covered_cents = $2 where id = $1 and accepted_at is null`, [id, coveredCents])
}

/** One more payment counts towards an order that is paid already. */
export async function markPaymentAccepted(tx: Queryable, id: PaymentId): Promise<void> {
  await tx.query(`update payments set accepted_at = clock_timestamp() where id = $1 and accepted_at is null`, [id])
}

/** Where the provider's number leads: our payment, if it is one of ours. */
export async function findPaymentByProviderId(db: Queryable, providerId: string): Promise<PaymentId | undefined> {
  const { rows } = await db.query<{ id: PaymentId }>(`select id from payments where provider_id = $1`, [providerId])
  return rows[0]?.id
}

/** What a provider answered to an attempt of ours: its number, address and amount. */
export type ProviderSide = {
  readonly providerId: string
  readonly payAmount: string
  readonly address: string
  readonly memo: string | null
  readonly network: string | null
  readonly validUntil: Date | null
}

export type AdoptedPayment = {
  readonly id: PaymentId
  readonly orderId: OrderId
  readonly kind: 'main' | 'topup' | 'redeposit'
  readonly orderStatus: OrderStatus
}

/**
 * Gives an attempt whose answer was lost the payment that a re-read proved to be its own: same order and attempt, coin and
 * price. The order keeps its state, which is returned with it.
 */
export async function adoptPayment(
  tx: Queryable,
  reference: { orderCode: string; attempt: number; payCurrency: string; priceCents: bigint },
  side: ProviderSide,
): Promise<AdoptedPayment | undefined> {
  await tx.query(`select from orders where code = $1 for update`, [reference.orderCode]) // orders first, as everywhere
  const { rows } = await tx.query<AdoptedPayment>(
    `update payments p
        set provider_id = $5, pay_amount = $6, address = $7, memo = $8, network = $9, valid_until = $10,
            status = 'waiting', rank = 0, next_poll_at = clock_timestamp() + interval '1 minute'
       from orders o
      where o.id = p.order_id
        and o.code = $1
        and p.attempt = $2
        and p.pay_currency = $3
        and p.price_cents = $4
        and p.provider_id is null
  returning p.id, p.order_id as "orderId", p.kind, o.status as "orderStatus"`,
    [
      reference.orderCode,
      reference.attempt,
      reference.payCurrency,
      reference.priceCents,
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
