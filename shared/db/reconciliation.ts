import { type OrderId, type PaymentId } from '../domain/ids.ts'
import { type WrittenPayment } from '../domain/reconcile.ts'
import { lockOrderOf } from './payments.ts'
import { type Queryable } from './pool.ts'

/** Payments of orders that were touched in so many days, unless they were compared in the last 20 hours: longest ago first. */
export async function listPaymentsToCompare(db: Queryable, days: number): Promise<PaymentId[]> {
  const { rows } = await db.query<{ id: PaymentId }>(
    `select p.id
       from payments p
       join orders o on o.id = p.order_id
      where p.provider_id is not null
        and o.updated_at > clock_timestamp() - $1 * interval '1 day'
        and (p.reconciled_at is null or p.reconciled_at < clock_timestamp() - interval '20 hours')
      order by p.reconciled_at nulls first, p.id`,
    [days],
  )
  return rows.map(({ id }) => id)
}

/** Asks for these payments to be read and compared, one every `spacingMs`, so that payments of today are not held up. */
export async function askToCompare(db: Queryable, ids: readonly PaymentId[], spacingMs: number): Promise<void> {
  await db.query(
    `with asked as (select id, place from unnest($1::uuid[]) with ordinality as asked (id, place))
     update payments p
        set reconcile_asked_at = clock_timestamp(),
            next_poll_at = least(p.next_poll_at, clock_timestamp() + (asked.place - 1) * $2 * interval '1 ms')
       from asked
      where p.id = asked.id`,
    [ids, spacingMs],
  )
}

export async function countUncompared(db: Queryable, ids: readonly PaymentId[]): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from payments where id = any($1) and reconcile_asked_at is not null`,
    [ids],
  )
  return rows[0]?.count ?? 0
}

export type ComparedPayment = { readonly providerId: string; readonly note: string }

/** What was found about those of these payments that differ. */
export async function listDifferences(db: Queryable, ids: readonly PaymentId[]): Promise<ComparedPayment[]> {
  const { rows } = await db.query<ComparedPayment>(
    `select provider_id as "providerId", reconcile_note as "note"
       from payments
      where id = any($1)
        and reconcile_asked_at is null
        and reconcile_note is not null
      order by provider_id`,
    [ids],
  )
  return rows
}

export type PaymentToCompare = WrittenPayment & {
  readonly orderId: OrderId
  readonly orderCode: string
  readonly providerId: string
}

/** Somebody asked for this payment to be compared. */
export async function isComparisonAsked(db: Queryable, id: PaymentId): Promise<boolean> {
  const { rowCount } = await db.query(`select from payments where id = $1 and reconcile_asked_at is not null`, [id])
  return rowCount === 1
}

/** A payment whose comparison was asked for, locked after its order; undefined when nobody asks any more. */
export async function lockPaymentToCompare(tx: Queryable, id: PaymentId): Promise<PaymentToCompare | undefined> {
  await lockOrderOf(tx, id)
  const { rows } = await tx.query<PaymentToCompare>(
    `select o.id as "orderId", o.code as "orderCode", p.provider_id as "providerId",
            o.code || '-' || coalesce(p.reference_attempt, p.attempt) as "reference", p.kind, p.rank, p.price_cents as "priceCents",
            p.pay_currency as "payCurrency", p.pay_amount as "payAmount", p.actually_paid as "actuallyPaid", p.address,
            p.rate_wanted_since is not null and p.rank < 5 as "waitsForRate", o.status as "orderStatus"
       from payments p
       join orders o on o.id = p.order_id
      where p.id = $1
        and p.reconcile_asked_at is not null
        for update of p`,
    [id],
  )
  return rows[0]
}

/** The payment was compared: with this difference, or (null) none. */
export async function markCompared(tx: Queryable, id: PaymentId, note: string | null): Promise<void> {
  await tx.query(
    `update payments
        set reconcile_asked_at = null, reconciled_at = clock_timestamp(), reconcile_note = $2
      where id = $1`,
    [id, note],
  )
}
