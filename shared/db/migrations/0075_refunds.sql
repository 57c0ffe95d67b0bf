-- `close`: looked at, and nothing is done about it. `reason`: what the buyer is told.
alter table cases
  drop constraint cases_decision_check,
  add constraint cases_decision_check check (decision in ('accept', 'refund', 'close')),
  add column reason     text        not null default '',
  add column decided_at timestamptz;
-- What waits for an administrator, oldest first.
create index cases_waiting on cases (created_at, id) where state = 'open';

-- `order`: a paid order is given back; `money`: what came for an order that was never paid; `excess`: what came beyond one.
-- The buyer says where it goes (`asset`, `address`), and was asked for it `asked_times` times.
alter table refunds
  add column kind          text        not null default 'order' check (kind in ('order', 'money', 'excess')),
  add column asked_times   integer     not null default 1,
  add column address_at    timestamptz,
  add column settled_by    text,
  add column settled_at    timestamptz,
  add constraint refunds_sent check (state <> 'sent' or (asset is not null and amount is not null and tx_hash is not null));
-- One refund of an order at a time.
create unique index refunds_one_open on refunds (order_id) where state = 'asked';
-- What waits to be sent, oldest first.
create index refunds_waiting on refunds (created_at, id) where state = 'asked';
create index refunds_of_order on refunds (order_id);
