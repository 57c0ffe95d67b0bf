-- Every day what NOWPayments says of the payments of recent orders is compared with what is written here. `reconcile_asked_at`:
-- it was asked for and not done yet. `reconcile_note`: what differed the last time, and nothing when all agreed.
alter table payments
  add column reconcile_asked_at timestamptz,
  add column reconciled_at      timestamptz,
  add column reconcile_note     text;
