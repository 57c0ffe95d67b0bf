import { type Pool } from 'pg'
import { id, sellers } from './fill.ts'

export const firstBuyer = 1_000_000
const buyers = 200_000
const secondsApart = 30 // a million orders are a year

/**
 * Orders of a year, the newest first: nine of ten delivered, the others expired, and the last few still on their way. With all
 * that an order leaves behind, and a week of events that were sent.
 */
export async function fillOrders(db: Pool, count: number): Promise<void> {
  const client = await db.connect()
  try {
    await client.query('begin')
    await client.query('set local session_replication_role = replica') // else millions of calls of the triggers of one row
    const { rows } = await client.query<{ products: number }>('select count(*)::int as products from products')
    await client.query(insertBuyers)
    await client.query(makePlan(rows[0]?.products ?? 0, count))
    for (const statement of statements) await client.query(statement)
    await client.query('commit')
  } finally {
    client.release()
  }
  await db.query(
    `vacuum analyze users, orders, payments, payment_events, deliveries, entitlements, ledger_entries, ledger_lines,
                    payout_items, outbox`,
  )
}

const insertBuyers = `
  insert into users (id, language) select ${firstBuyer} + n, 'en' from generate_series(0, ${buyers - 1}) n`

/** Who bought what, when, and what became of it; a buyer's second order is of another product. */
const makePlan = (products: number, count: number): string => `
  create temporary table bench_orders on commit drop as
  select n, ${id('order', 'n')} as id, ${firstBuyer} + n % ${buyers} as buyer, k, 1 + k % ${sellers} as seller,
         999 + k % 10000 as price, now() - n * interval '${secondsApart} seconds' as at,
         case when n < 50 then 'paid' when n < 100 then 'awaiting_payment' when n < 120 then 'review'
              when n % 10 = 0 then 'expired' else 'delivered' end as status
    from (select n, (n + n / ${buyers} * 13) % ${products} as k from generate_series(0, ${count - 1}) n) numbered`

const isPaid = `status in ('paid', 'delivered')`

const statements = [
  `insert into orders (id, code, buyer_id, seller_id, product_id, file_id, title, price_cents, fee_cents, total_cents, fee_rule,
                       status, expires_at, watch_until, seen_at, paid_at, delivered_at, chat_id, message_id, drawn_status,
                       created_at, updated_at)
   select id, lpad(upper(to_hex(n)), 10, '0'), buyer, seller, ${id('product', 'k')}, ${id('file', 'k')}, 'A template', price, 149,
          price + 149, '149/4800/314', status, at + interval '1 hour', at + interval '7 days 6 hours',
          case when ${isPaid} then at end, case when ${isPaid} then at end, case when status = 'delivered' then at end,
          buyer, 100, status, at, at
     from bench_orders`,
  `insert into payments (order_id, attempt, provider_id, status, rank, price_cents, pay_currency, pay_amount, actually_paid,
                         covered_cents, address, network, valid_until, next_poll_at, asked_at, accepted_at, created_at, updated_at)
   select id, 1, (4000000000 + n)::text,
          case when ${isPaid} then 'finished' when status = 'expired' then 'expired' else 'waiting' end,
          case when ${isPaid} then 7 when status = 'expired' then 1 else 0 end, price + 149, 'usdtsol', '21.48',
          case when ${isPaid} then '21.48' else '0' end, case when ${isPaid} then price + 149 else 0 end, 'So1anaAddress', 'sol',
          at + interval '1 hour',
          case when not ${isPaid} and at > now() - interval '7 days' then now() + n % 3600 * interval '1 second' end,
          at, case when ${isPaid} then at end, at, at
     from bench_orders`,
  `insert into payment_events (source, raw, body_sha256, signature_form, provider_id, status, actually_paid, result, tries,
                               received_at, handled_at)
   select 'ipn', repeat('x', 330), md5('a' || n) || md5('b' || n), 'raw', (4000000000 + n)::text, 'finished', '21.48', 'pay', 1, at, at
     from bench_orders`,
  `insert into deliveries (order_id, file_id, kind, chat_id, message_id, state, method, attempt, next_try_at, sent_at, created_at,
                           updated_at)
   select id, ${id('file', 'k')}, 'initial', buyer, 100, case status when 'paid' then 'retry_wait' else 'sent' end,
          case status when 'delivered' then 'document' end, 1,
          case status when 'paid' then now() + interval '1 hour' else at end, case status when 'delivered' then at end, at, at
     from bench_orders where ${isPaid}`,
  `insert into entitlements (order_id, buyer_id, product_id, granted_at)
   select id, buyer, ${id('product', 'k')}, at from bench_orders where ${isPaid}`,
  `insert into ledger_entries (id, kind, subject, order_id, at)
   select ${id('entry', 'n')}, 'sale', id, id, at from bench_orders where ${isPaid}`,
  `insert into ledger_lines (entry_id, position, account, amount_cents)
   select ${id('entry', 'n')}, position, account, amount
     from bench_orders,
          lateral (values (1, 'cash', price + 149), (2, 'held:' || seller, -price), (3, 'platform_fee', -149))
            lines (position, account, amount)
    where ${isPaid}`,
  `insert into payout_items (order_id, kind, seller_id, amount_cents, state, hold_until, created_at, updated_at)
   select id, 'share', seller, price, case when at > now() - interval '24 hours' then 'held' else 'available' end,
          at + interval '24 hours', at, at
     from bench_orders where ${isPaid}`,
  `insert into outbox (subject, dedupe_key, payload, created_at, next_try_at, tries, sent_at)
   select 'payment.confirmed', id, '{}', now() - n * interval '500 milliseconds', now() - n * interval '500 milliseconds', 1,
          now() - n * interval '500 milliseconds'
     from bench_orders`,
]
