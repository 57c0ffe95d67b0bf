-- Processes that showed themselves. While one lives it holds an advisory lock named after it, which ends with its connection:
-- what it held for a while need not wait for its time to be over.
create table processes (
  id            uuid        primary key,
  since         timestamptz not null default clock_timestamp(),
  missing_since timestamptz
);

-- Who took it last.
alter table deliveries       add column held_by uuid;
alter table orders           add column message_held_by uuid;
alter table telegram_updates add column held_by uuid;
-- Few are held at a time.
create index orders_message_held on orders (message_held_by) where message_lease_until > '-infinity';
