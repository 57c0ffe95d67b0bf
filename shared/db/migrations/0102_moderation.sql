-- Content that is taken back from those who bought it: since when. Their rights to it end one after the other.
alter table products
  add column withdrawn_at timestamptz;
create index products_withdrawn on products (withdrawn_at) where withdrawn_at is not null;
-- Who owns this product?
create index entitlements_of_product on entitlements (product_id) where ended_at is null;

-- What ends by itself, and when.
create index users_suspended on users (suspended_until) where status = 'suspended' and suspended_until is not null;
create index products_suspended on products (moderation_until) where moderation = 'suspended' and moderation_until is not null;
create index sellers_held on sellers (address_hold_until) where address_hold_until is not null;
