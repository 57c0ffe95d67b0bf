-- How often a waiting delivery was asked for again, so that the asking grows rarer while nobody can answer.
alter table deliveries
  add column rings   integer     not null default 0,
  add column rung_at timestamptz not null default '-infinity';
