import assert from 'node:assert/strict'
import { isPaid, type OrderStatus } from '../../../shared/domain/order.ts'
import { type Model } from './model.ts'
import { type Real } from './real.ts'

export type Seen = {
  readonly status: OrderStatus
  readonly wasSeen: boolean
  readonly payments: readonly {
    readonly rank: number
    readonly covered: number
    readonly isAccepted: boolean
  }[]
  /** Rights ever given, sales booked, shares, deliveries and announcements: each happens once, together. */
  readonly counts: readonly number[]
  readonly rights: number
  readonly sum: number
  readonly shortfall: number
}

/** What the shop knows of the order. */
export async function look({ db, order }: Real): Promise<Seen> {
  const { rows } = await db.query<Seen>(
    `select o.status, o.seen_at is not null as "wasSeen",
            (select jsonb_agg(jsonb_build_object('rank', rank, 'covered', covered_cents,
                                                 'isAccepted', accepted_at is not null) order by attempt)
               from payments where order_id = o.id) as "payments",
            array[(select count(*) from entitlements where order_id = o.id),
                  (select count(*) from ledger_entries where order_id = o.id and kind = 'sale'),
                  (select count(*) from payout_items where order_id = o.id and kind = 'share'),
                  (select count(*) from deliveries where order_id = o.id),
                  (select count(*) from outbox where subject = 'payment.confirmed' and dedupe_key = o.id::text)]::int[]
              as "counts",
            (select count(*)::int from entitlements where order_id = o.id and ended_at is null) as "rights",
            (select coalesce(sum(l.amount_cents), 0)::int
               from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.order_id = o.id) as "sum",
            (select coalesce(sum(l.amount_cents), 0)::int
               from ledger_lines l join ledger_entries e on e.id = l.entry_id
              where e.order_id = o.id and l.account = 'shortfall') as "shortfall"
       from orders o where o.id = $1`,
    [order.id],
  )
  return rows[0] ?? assert.fail('no order')
}

/** The shop says what the model says, and nothing that must never be is (product.md 16: 1, 2, 4, 7). */
export async function check(model: Model, real: Real): Promise<void> {
  const seen = await look(real)
  const expected = {
    status: model.status,
    wasSeen: model.wasSeen,
    payments: model.payments.map(({ rank, covered, isAccepted }) => ({ rank, covered: Number(covered), isAccepted })),
    counts: Array.from({ length: 5 }, () => (model.wasSold ? 1 : 0)),
    rights: isPaid(model.status) ? 1 : 0,
    sum: 0,
    shortfall: isPaid(model.status) ? Number(model.shortfall) : 0,
  }
  assert.deepEqual(seen, expected)
}
