import { type Queryable } from '../pool.ts'

/** What happened on one day, by UTC, and what was open when it was asked for. */
export type DayInFigures = {
  readonly day: string
  readonly ordersBegun: number
  readonly ordersPaid: number
  readonly freeOrders: number
  /** What buyers paid in all, and the platform's part of it. */
  readonly paidCents: bigint
  readonly feeCents: bigint
  readonly filesDelivered: number
  readonly linksDelivered: number
  /** From paid to delivered; null on a day without orders. */
  readonly deliveredP50Seconds: number | null
  readonly deliveredP99Seconds: number | null
  readonly notifications: number
  readonly refunds: number
  readonly refundedCents: bigint
  readonly payouts: number
  readonly payoutCents: bigint
  readonly mailsSent: number
  readonly deadLetters: number
  readonly openDeadLetters: number
  readonly openCases: number
  readonly openAlarms: number
  /** Null when there is no backup. */
  readonly backupHours: number | null
  readonly backupBytes: bigint | null
}

/** Yesterday's, each from the index of what happened when. */
export async function readYesterday(db: Queryable): Promise<DayInFigures> {
  const { rows } = await db.query<DayInFigures>(
    `with now as (select clock_timestamp() as at),
          day as (select began, began + interval '24 hours' as ended
                    from (select date_trunc('day', at, 'UTC') - interval '24 hours' as began from now) before)
     select to_char(began at time zone 'UTC', 'YYYY-MM-DD') as day,
            (select count(*)::integer from orders where created_at >= began and created_at < ended) as "ordersBegun",
            sold.*, brought.*, refunded.*, sent.*,
            (select count(*)::integer from payment_events
              where source = 'ipn' and received_at >= began and received_at < ended) as "notifications",
            (select count(*)::integer from emails
              where state = 'sent' and created_at >= began - interval '1 day' and sent_at >= began and sent_at < ended
            ) as "mailsSent",
            (select count(*)::integer from dead_letters where at >= began and at < ended) as "deadLetters",
            (select count(*)::integer from dead_letters where resolved_at is null) as "openDeadLetters",
            (select count(*)::integer from cases where state = 'open') as "openCases",
            (select count(*)::integer from alarms where cleared_at is null and due_at <= now.at) as "openAlarms",
            (extract(epoch from now.at - backup.started_at) / 3600)::float8 as "backupHours",
            backup.size_bytes as "backupBytes"
       from now
      cross join day
      cross join lateral (
            select count(*) filter (where total_cents > 0)::integer as "ordersPaid",
                   count(*) filter (where total_cents = 0)::integer as "freeOrders",
                   coalesce(sum(total_cents), 0)::bigint as "paidCents",
                   coalesce(sum(fee_cents), 0)::bigint as "feeCents",
                   percentile_cont(0.5) within group (order by took)::float8 as "deliveredP50Seconds",
                   percentile_cont(0.99) within group (order by took)::float8 as "deliveredP99Seconds"
              from (select total_cents, fee_cents, extract(epoch from delivered_at - paid_at) as took
                      from orders
                     where paid_at >= began and paid_at < ended) paid) sold
      cross join lateral (
            select count(*) filter (where method = 'document')::integer as "filesDelivered",
                   count(*) filter (where method = 'link')::integer as "linksDelivered"
              from deliveries
             where sent_at >= began and sent_at < ended) brought
      cross join lateral (
            select count(*)::integer as "refunds", coalesce(sum(amount_cents), 0)::bigint as "refundedCents"
              from refunds
             where state = 'sent' and settled_at >= began and settled_at < ended) refunded
      cross join lateral (
            select count(*)::integer as "payouts", coalesce(sum(amount_cents), 0)::bigint as "payoutCents"
              from payouts
             where state in ('sent', 'settled') and sent_at >= began and sent_at < ended) sent
       left join lateral (
            select started_at, size_bytes from backups where state = 'good' order by started_at desc limit 1) backup on true`,
  )
  const [figures] = rows
  if (figures === undefined) throw new Error('Expected the figures of a day, got none')
  return figures
}
