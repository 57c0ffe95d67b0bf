import { type InvariantName } from '../../domain/invariant.ts'
import { ranks } from '../../domain/payment.ts'

const known = Object.entries(ranks)
  .map(([status, rank]) => `('${status}', ${rank})`)
  .join(', ')

/** Orders, payments and what they gave a right to. */
export const ofOrders = {
  'rights-follow-payment': `
    select o.code as ref
      from orders o
      left join entitlements e on e.order_id = o.id
     where (o.status in ('paid', 'delivered') and e.order_id is null)
        or (o.status not in ('paid', 'delivered') and e.order_id is not null and e.ended_at is null)
        or (e.order_id is not null and (e.buyer_id <> o.buyer_id or e.product_id <> o.product_id))`,
  'paid-with-money': `
    select o.code as ref
      from orders o
     where o.status in ('paid', 'delivered')
       and o.total_cents > 0
       and not exists (select from payments p
                        where p.order_id = o.id
                          and p.status in ('finished', 'partially_paid', 'refunded'))
       and not exists (select from cases c where c.order_id = o.id and c.decision = 'accept')`,
  'paid-is-delivered': `
    select o.code as ref
      from orders o
      left join deliveries d on d.order_id = o.id and d.kind = 'initial'
     where (o.status in ('paid', 'delivered') and d.id is null)
        or (o.paid_at is null and d.id is not null)`,
  'payments-move-forward': `
    with known (status, rank) as (values ${known})
    select o.code as ref
      from payments p
      join orders o on o.id = p.order_id
      left join known k on k.status = p.status
     where (k.rank <> p.rank)
        or (p.accepted_at is not null and o.paid_at is null)
        or (p.updated_at > clock_timestamp() - interval '2 days'
            and exists (select
                          from payment_events e
                          join known read on read.status = e.status
                         where e.payment_id = p.id
                           and e.source = 'poll'
                           and e.result <> 'appraise'
                           and e.result not like 'ignored%'
                           and read.rank > p.rank))`,
  'orders-are-where-they-say': `
    select code as ref
      from orders
     where (paid_at is null and status in ('paid', 'delivered'))
        or (paid_at is not null and status not in ('paid', 'delivered', 'refunded'))
        or (delivered_at is null and status = 'delivered')
        or (delivered_at is not null and status not in ('delivered', 'refunded'))`,
} as const satisfies Partial<Record<InvariantName, string>>
