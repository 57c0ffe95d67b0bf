import { type InvariantName } from '../../domain/invariant.ts'

/** Books, shares and payouts: each question finds only what breaks it, by a `ref` a person can look up. */
export const ofMoney = {
  'entries-balance': `select entry_id::text as ref from ledger_lines group by entry_id having sum(amount_cents) <> 0`,
  'sales-are-booked': `
    select coalesce(o.id, e.order_id)::text as ref
      from (select id, total_cents from orders where paid_at is not null and total_cents > 0) o
      full join (select e.order_id, sum(l.amount_cents) filter (where l.account in ('cash', 'shortfall')) as total
                   from ledger_entries e
                   join ledger_lines l on l.entry_id = e.id
                  where e.kind = 'sale'
                  group by e.order_id) e on e.order_id = o.id
     where e.total is distinct from o.total_cents`,
  'one-share-per-sale': `
    select o.code as ref
      from orders o
      left join payout_items i on i.order_id = o.id and i.kind = 'share'
     where (o.paid_at is not null and o.price_cents > 0) <> (i.id is not null)
        or i.amount_cents <> o.price_cents
        or i.seller_id <> o.seller_id`,
  // the rule is read once for each price and fee there is, not for each order: `ref` is one of those that have it wrong
  'fees-by-the-rule': `
    select ref
      from (select min(code) as ref, price_cents, fee_cents,
                   regexp_match(fee_rule, '^(\\d{1,9})/(\\d{1,9})/(\\d{1,9})$')::bigint[] as rule
              from orders
             group by price_cents, fee_cents, fee_rule) o
     where rule is null
        or fee_cents <> case when price_cents = 0 then 0
                             when price_cents < rule[2] then rule[1]
                             else (price_cents * rule[3] + 5000) / 10000 end`,
  'balances-are-shares': `
    select account as ref
      from (select account, -sum(amount_cents) as cents
              from ledger_lines
             where account like 'held:%' or account like 'available:%'
             group by account) booked
      full join (select state || ':' || seller_id as account, sum(amount_cents) as cents
                   from payout_items
                  where state in ('held', 'available')
                  group by state, seller_id) owed using (account)
     where coalesce(booked.cents, 0) <> coalesce(owed.cents, 0)`,
  'payouts-hold-their-shares': `
    select p.id::text as ref
      from payouts p
      left join (select payout_id, sum(amount_cents) as cents, bool_and(state = 'paid') as are_paid,
                        bool_and(state = 'batched') as are_batched, min(seller_id) as first, max(seller_id) as last
                   from payout_items
                  where payout_id is not null
                  group by payout_id) i on i.payout_id = p.id
     where case when p.state in ('failed', 'cancelled') then i.payout_id is not null
                else i.cents is distinct from p.amount_cents
                     or i.first <> p.seller_id
                     or i.last <> p.seller_id
                     or not case when p.state in ('sent', 'settled') then i.are_paid else i.are_batched end
                     or (p.state in ('sent', 'settled') and p.tx_hash is null) end
     union all
    select 'payout_clearing'
     where (select coalesce(-sum(amount_cents), 0) from ledger_lines where account = 'payout_clearing')
           <> (select coalesce(sum(amount_cents), 0) from payout_items where state = 'batched')`,
  'no-early-payout': `
    select i.order_id::text as ref
      from payout_items i
      left join payouts p on p.id = i.payout_id
     where i.kind = 'share'
       and i.state in ('available', 'batched', 'paid')
       and i.hold_until > coalesce(p.created_at, clock_timestamp())`,
  'restored-is-compared': `
    select r.backup as ref
      from restores r
     where r.finished_at is not null
       and not exists (select from broken_invariants b
                        where b.name = 'restored-is-compared' and b.acknowledged_at > r.finished_at)`,
} as const satisfies Partial<Record<InvariantName, string>>
