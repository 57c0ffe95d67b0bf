-- Which unpaid payments of this week does nobody read (any more)? Asked every few seconds, in a shop with a million orders too.
create index payments_unpaid on payments (created_at) where accepted_at is null and provider_id is not null;
