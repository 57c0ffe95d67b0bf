-- The day on which the right to a file of a product deleted long ago ends, from when its owner is told; nothing while sold
-- files are kept for ever.
alter table entitlements add column ends_at timestamptz;
create index entitlements_ending on entitlements (ends_at) where ends_at is not null and ended_at is null;
