-- How many notifications came on one day. They are written in the order of their time, so this costs an insert next to nothing.
create index payment_events_received on payment_events using brin (received_at);

-- `tested_at` with neither: restored for a try, and it would have served. `test_error`: it would not have. `test_limit`: it was
-- read back whole, and could not be restored where the janitor runs.
alter table backups
  add column test_limit text;
