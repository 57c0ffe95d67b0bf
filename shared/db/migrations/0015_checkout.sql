-- `asked_at`: when NOWPayments was asked for this address; only one process may ask. `refusal`: what it said no with.
alter table payments
  add column asked_at timestamptz,
  add column refusal  text;

-- How often was this buyer's money asked for lately?
create index payments_asked on payments (order_id, asked_at desc);

-- `question`: what the order message asks its buyer right now. `countdown`: the last "minutes left" it was redrawn for.
alter table orders
  add column question  text check (question in ('cancel', 'coin', 'topup')),
  add column countdown integer;

-- A cent is a hundredth of a dollar; estimates are kept per total, so that a screen opened twice asks once.
create table coin_estimates (
  coin        text        not null,
  total_cents bigint      not null,
  amount      text        not null check (amount ~ '^\d+(\.\d+)?$'),
  read_at     timestamptz not null default clock_timestamp(),
  primary key (coin, total_cents)
);
-- Estimates too old to be shown.
create index coin_estimates_old on coin_estimates (read_at);

-- The library of a buyer, latest purchase first.
create index entitlements_of_buyer on entitlements (buyer_id, granted_at desc) where ended_at is null;
