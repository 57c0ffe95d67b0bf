-- The state the order message shows, and how often it was asked to be drawn again since: the asking grows rarer, and ends.
alter table orders
  add column drawn_status text,
  add column redraws      integer     not null default 0,
  add column redraw_at    timestamptz not null default '-infinity';
update orders set drawn_status = status where message_id is not null;
-- Whose message shows another state than the order's?
create index orders_stale_message on orders (redraw_at)
  where message_id is not null and status not in ('creating', 'paid', 'delivered') and drawn_status is distinct from status;
