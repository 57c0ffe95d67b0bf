-- `seen_at`: when a deposit to this address was first seen on the network. `unread_since`: since when NOWPayments could not
-- be asked about it. `rate_wanted_since`: since when its late coins wait for today's rate.
alter table payments
  add column seen_at           timestamptz,
  add column unread_since      timestamptz,
  add column rate_wanted_since timestamptz;
update payments set seen_at = coalesce(read_at, updated_at) where rank in (2, 3, 4);
