import { type Queryable } from '../pool.ts'

/** What must hold at any moment: each question finds only what breaks it. */
const invariants = [
  {
    says: 'a ledger entry does not add up to zero',
    broken: `select entry_id::text as ref from ledger_lines group by entry_id having sum(amount_cents) <> 0`,
  },
  {
    says: 'the sales in the books are not those of the orders that were ever paid',
    broken: `
      select coalesce(o.id::text, e.subject) as ref
        from (select id, total_cents from orders where paid_at is not null and total_cents > 0) o
        full join (select e.subject, sum(l.amount_cents) filter (where l.account in ('cash', 'shortfall')) as total
                     from ledger_entries e
                     join ledger_lines l on l.entry_id = e.id
                    where e.kind = 'sale'
                    group by e.subject) e on e.subject = o.id::text
       where e.total is distinct from o.total_cents`,
  },
  {
    says: 'an order that was paid has no share for its seller, or a free one has one',
    broken: `
      select o.code as ref
        from orders o
        left join payout_items i on i.order_id = o.id and i.kind = 'share'
       where (o.paid_at is not null and o.price_cents > 0) <> (i.id is not null)`,
  },
  {
    says: 'an order is paid without a right to its file, or the right outlived its order',
    broken: `
      select o.code as ref
        from orders o
        left join entitlements e on e.order_id = o.id
       where (o.status in ('paid', 'delivered') and e.order_id is null)
          or (o.status not in ('paid', 'delivered') and e.order_id is not null and e.ended_at is null)`,
  },
  {
    says: 'money was counted as received that no settled payment accounts for',
    broken: `
      select o.code as ref
        from orders o
       where o.status in ('paid', 'delivered')
         and o.total_cents > 0
         and not exists (select from payments p
                          where p.order_id = o.id
                            and p.status in ('finished', 'partially_paid', 'refunded'))
         and not exists (select from cases c where c.order_id = o.id and c.decision = 'accept')`,
  },
  {
    says: 'somebody owns a version that was purged or never verified',
    broken: `
      select o.code as ref
        from entitlements e
        join orders o on o.id = e.order_id
        join product_files f on f.id = o.file_id
       where e.ended_at is null
         and (f.purged_at is not null or f.state not in ('ready', 'damaged'))`,
  },
  {
    says: 'a product is visible without a verified file, or shows a picture that was not verified',
    broken: `
      select p.code as ref
        from visible_products p
        left join product_files f on f.id = p.current_file_id
        left join images i on i.id = p.image_id
       where f.state is distinct from 'ready'
          or f.purged_at is not null
          or (i.id is not null and i.state not in ('ready', 'missing'))`,
  },
  {
    says: "a seller's balance in the books is not the sum of their shares",
    broken: `
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
  },
  {
    says: 'what the quota holds for files on their way is not what is on its way',
    broken: `
      select s.code as ref
        from sellers s
       where s.reserved_bytes <> (select coalesce(sum(f.reserved_bytes), 0)
                                    from product_files f
                                    join products p on p.id = f.product_id
                                   where p.seller_id = s.user_id)
                                 + (select coalesce(sum(u.declared_bytes), 0)
                                      from upload_sessions u
                                     where u.seller_id = s.user_id
                                       and u.state in ('open', 'completing'))`,
  },
] as const

/** Something that must never be, how often it is, and where it was found first. */
export type BrokenInvariant = { readonly says: string; readonly count: number; readonly refs: readonly string[] }

export async function listBrokenInvariants(db: Queryable): Promise<BrokenInvariant[]> {
  const found: BrokenInvariant[] = []
  for (const { says, broken } of invariants) {
    const { rows } = await db.query<{ count: number; refs: string[] }>(
      `select count(*)::integer as count, coalesce((array_agg(ref order by ref))[1:5], '{}') as refs from (${broken}) broken`,
    )
    const [row] = rows
    if (row !== undefined && row.count > 0) found.push({ says, ...row })
  }
  return found
}

export const countInvariants = (): number => invariants.length
