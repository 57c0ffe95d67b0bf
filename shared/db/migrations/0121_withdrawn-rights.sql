-- The rights that a withdrawal ended, which are looked up when it is taken back: the only index by product has the live ones.
create index entitlements_withdrawn on entitlements (product_id) where reason = 'withdrawn';
