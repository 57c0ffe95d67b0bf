-- A right that ended because its product was withdrawn returns when that is taken back. `returned_at`: since when its owner is
-- to be told; nothing once they were.
alter table entitlements add column returned_at timestamptz;
create index entitlements_returned on entitlements (returned_at) where returned_at is not null;

-- Withdrawals that were taken back before rights returned with them: who paid and was not given their money back has them again.
update entitlements e
   set ended_at = null, reason = null, returned_at = clock_timestamp()
  from (select distinct on (lost.buyer_id, lost.product_id) lost.order_id
          from entitlements lost
          join products p on p.id = lost.product_id
          join orders o on o.id = lost.order_id
          join product_files f on f.id = o.file_id
         where lost.reason = 'withdrawn'
           and lost.ended_at is not null
           and p.withdrawn_at is null
           and o.status in ('paid', 'delivered')
           and f.purged_at is null
           and not exists (select from refunds r where r.order_id = o.id and r.kind = 'order' and r.state = 'asked')
           and not exists (select from entitlements live
                            where live.buyer_id = lost.buyer_id and live.product_id = lost.product_id and live.ended_at is null)
         order by lost.buyer_id, lost.product_id, lost.granted_at desc) due
 where e.order_id = due.order_id;
update cases c
   set state = 'closed', decision = 'close', decided_at = clock_timestamp(), reason = 'the product was restored'
  from entitlements e
 where e.order_id = c.order_id
   and e.returned_at is not null
   and c.kind = 'content withdrawn'
   and c.state = 'open';

-- What the books say of one order.
create index ledger_entries_of_order on ledger_entries (order_id) where order_id is not null;
