import { type OrderId, type PersonId } from '../domain/ids.ts'
import { type OrderStatus } from '../domain/order.ts'
import { type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from './pool.ts'

/** An order as an administrator needs to know it. */
export type AdminOrder = {
  readonly id: OrderId
  readonly code: PublicCode
  readonly title: string
  readonly status: OrderStatus
  readonly reason: string | null
  readonly total: bigint
  readonly buyerId: PersonId
  readonly buyerName: string | null
  readonly sellerName: string
}

const columns = `
  o.id, o.code, o.title, o.status, o.reason, o.total_cents as "total", o.buyer_id as "buyerId",
  u.username as "buyerName", s.display_name as "sellerName"
    from orders o
    join users u on u.id = o.buyer_id
    join sellers s on s.user_id = o.seller_id`

/** Any order, by its code or by the id of one of its payments at the provider. */
export async function findAdminOrder(db: Queryable, codeOrId: string): Promise<AdminOrder | undefined> {
  const { rows } = await db.query<AdminOrder>(
    `select ${columns}
      where o.code = upper($1)
         or o.id in (select order_id from payments where provider_id = $1)
      order by o.code = upper($1) desc
      limit 1`,
    [codeOrId],
  )
  return rows[0]
}

export const timelineKinds = [
  'ordered',
  'payment',
  'created',
  'notified',
  'read',
  'decided',
  'seen',
  'paid',
  'booked',
  'queued',
  'tried',
  'downloaded',
  'delivered',
  'case',
  'refund',
  'ended',
  'dead letter',
  'settled',
  'done by',
] as const
export type TimelineKind = (typeof timelineKinds)[number]

/** Something that happened to an order. `detail` is for a glance, `more` for whoever has to know exactly. */
export type TimelineEntry = {
  readonly at: Date
  readonly kind: TimelineKind
  readonly detail: string
  readonly more: string | null
}

const words = (...parts: readonly string[]): string => `concat_ws(' · ', ${parts.join(', ')})`

/** Whatever the tables know of an order: one select for each of them, of the same four columns. */
const sources = [
  `select created_at, 'ordered', '', null from orders where id = $1`,
  `select seen_at, 'seen', '', null from orders where id = $1`,
  `select paid_at, 'paid', ${words(`case when late then 'late' end`, `case when overpaid then 'overpaid' end`)}, null
     from orders where id = $1`,
  `select delivered_at, 'delivered', '', null from orders where id = $1`,
  `select closed_at, 'ended', ${words('status', 'reason')}, null from orders where id = $1`,
  `select created_at, 'payment', ${words(`'#' || attempt`, 'kind', 'pay_currency', 'pay_amount', 'status', 'refusal')},
          ${words('provider_id', 'address', 'memo', `'paid ' || actually_paid`)}
     from payments where order_id = $1`,
  `select e.received_at, case e.source when 'ipn' then 'notified' when 'poll' then 'read' when 'create' then 'created' else 'decided' end,
          ${words('e.status', 'e.actually_paid', `coalesce(e.result, 'waiting')`)}, e.raw
     from payment_events e
    where e.payment_id in (select id from payments where order_id = $1)
       or e.handled_at is null and e.provider_id in (select provider_id from payments where order_id = $1)`,
  `select at, 'booked', kind, subject from ledger_entries where order_id = $1`,
  `select created_at, 'queued', ${words('kind', 'state', 'method')}, id::text from deliveries where order_id = $1`,
  `select a.at, 'tried', ${words(`'#' || a.attempt`, 'a.method', 'a.outcome', 'a.error')}, 'message ' || a.message_id
     from delivery_attempts a join deliveries d on d.id = a.delivery_id where d.order_id = $1`,
  `select at, 'downloaded', method, null from downloads where order_id = $1`,
  `select created_at, 'case', ${words('kind', 'state', 'decision')}, note from cases where order_id = $1`,
  `select created_at, 'refund', ${words('state', 'amount', 'asset')}, ${words('address', 'tx_hash', 'reason')}
     from refunds where order_id = $1`,
  `select ended_at, 'ended', ${words(`'entitlement'`, 'reason')}, null from entitlements where order_id = $1`,
  `select at, 'dead letter', ${words('kind', 'reason')}, null from dead_letters where ref in (select ref from names)`,
  `select resolved_at, 'settled', ${words('kind', 'resolved_by')}, null
     from dead_letters where ref in (select ref from names)`,
  `select at, 'done by', ${words('actor', 'action', `nullif(reason, '')`)}, ${words('before::text', 'after::text')}
     from audit_log where target in (select ref from names)`,
]

const timeline = `
  with names as (select $1::uuid::text as ref union all select id::text from deliveries where order_id = $1),
       happened (at, kind, detail, more) as (${sources.join('\n union all\n')})
  select at, kind, detail, more
    from happened
   where at is not null
   order by at, kind, detail, more`

/** Everything that ever happened to an order, the first thing first. */
export async function listTimeline(db: Queryable, order: OrderId): Promise<TimelineEntry[]> {
  const { rows } = await db.query<TimelineEntry>(timeline, [order])
  return rows
}
