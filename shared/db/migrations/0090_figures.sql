-- How many orders are in each state, for those who watch the shop.
create index orders_by_status on orders (status);
-- How many deliveries were given up.
create index deliveries_dead on deliveries (id) where state = 'dead';
-- What arrived in the last minute, or on one day.
create index deliveries_sent on deliveries (sent_at) where sent_at is not null;
-- What was sold on one day.
create index orders_sold on orders (paid_at) where paid_at is not null;
-- How many orders were begun on one day.
create index orders_begun on orders (created_at);
