import { type OrderId, type PaymentId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** The payment a later deposit to the same address belongs to. */
export type ParentPayment = { readonly id: PaymentId; readonly orderId: OrderId; readonly orderCode: string }

/** The payment of ours with this number, unless it is a re-deposit itself. The caller's transaction holds its order. */
export async function lockParentPayment(tx: Queryable, providerId: string): Promise<ParentPayment | undefined> {
  const { rows } = await tx.query<ParentPayment>(
    `select p.id, o.id as "orderId", o.code as "orderCode"
       from payments p
       join orders o on o.id = p.order_id
      where p.provider_id = $1
        and p.kind <> 'redeposit'
        for update of o`,
    [providerId],
  )
  return rows[0]
}

/** Keeps a re-deposit as a payment of its own, with what was asked of its parent; returns the one there is, if any. */
export async function insertRedeposit(tx: Queryable, parent: ParentPayment, providerId: string): Promise<PaymentId> {
  const { rows } = await tx.query<{ id: PaymentId }>(
    `insert into payments (order_id, attempt, kind, provider_id, parent_id, price_cents, pay_currency, pay_amount,
                           next_poll_at)
     select p.order_id, (select max(attempt) + 1 from payments where order_id = p.order_id), 'redeposit', $2,
            p.provider_id, p.price_cents, p.pay_currency, p.pay_amount, clock_timestamp() + interval '1 minute'
       from payments p
      where p.id = $1
         on conflict (provider_id) do update set parent_id = payments.parent_id
  returning id`,
    [parent.id, providerId],
  )
  const [redeposit] = rows
  if (redeposit === undefined) throw new Error(`Expected payment ${parent.id} to exist, got none`)
  return redeposit.id
}

/** What came to one address altogether, apart from one of its re-deposits. */
export type Family = {
  /** NOWPayments settled the first deposit: `finished` or `partially_paid` on a re-read. */
  readonly isParentSettled: boolean
  readonly reference: string
  /** Coins of the settled deposits, as a decimal text. */
  readonly paid: string
  readonly coveredCents: bigint
}

export async function findFamily(tx: Queryable, redeposit: PaymentId): Promise<Family | undefined> {
  const { rows } = await tx.query<Family>(
    `select parent.status in ('finished', 'partially_paid') as "isParentSettled",
            o.code || '-' || coalesce(parent.reference_attempt, parent.attempt) as "reference",
            coalesce(sum(member.actually_paid::numeric)
                       filter (where member.status in ('finished', 'partially_paid')), 0)::text as "paid",
            sum(member.covered_cents)::bigint as "coveredCents"
       from payments child
       join payments parent on parent.provider_id = child.parent_id
       join orders o on o.id = parent.order_id
       join payments member on member.id = parent.id or (member.parent_id = child.parent_id and member.id <> child.id)
      where child.id = $1
      group by parent.id, o.id`,
    [redeposit],
  )
  return rows[0]
}
