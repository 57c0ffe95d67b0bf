-- Since when NOWPayments refuses to tell of a payment that is ours, and whether people were told of it.
alter table payments
  add column unreadable_since   timestamptz,
  add column unreadable_told_at timestamptz;
