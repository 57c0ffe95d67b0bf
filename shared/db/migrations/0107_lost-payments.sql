-- After a restore NOWPayments may know payments that no row tells of. They are named <order code>-<attempt> like all others,
-- and their number may have been given again since: then the row has a number of its own, and this is the one in the name.
alter table payments add column reference_attempt integer check (reference_attempt >= 1);
