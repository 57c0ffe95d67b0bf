create table orders (
  id                  uuid        primary key default new_id(),
  code                text        not null unique check (code ~ '^[0-9A-HJKMNP-TV-Z]{10}$'),
  buyer_id            bigint      not null references users,
  seller_id           bigint      not null references sellers,
  product_id          uuid        not null references products,
  file_id             uuid        not null references product_files,
  title               text        not null,
  price_cents         bigint      not null check (price_cents >= 0),
  fee_cents           bigint      not null check (fee_cents >= 0),
  total_cents         bigint      not null,
  fee_rule            text        not null,
  status              text        not null default 'creating'
                                  check (status in ('creating', 'awaiting_payment', 'confirming', 'underpaid', 'review', 'paid',
                                                    'delivered', 'expired', 'cancelled', 'failed', 'refunded')),
  reason              text,
  late                boolean     not null default false,
  overpaid            boolean     not null default false,
  terms_version       text,
  expires_at          timestamptz,
  watch_until         timestamptz,
  seen_at             timestamptz,
  paid_at             timestamptz,
  delivered_at        timestamptz,
  closed_at           timestamptz,
  chat_id             bigint,
  message_id          bigint,
  message_holder      uuid,
  message_lease_until timestamptz not null default '-infinity',
  drawn               text,
  told                text[]      not null default '{}',
  refreshed_at        timestamptz,
  download_count      integer     not null default 0,
  last_download_at    timestamptz,
  created_at          timestamptz not null default now(),
  updated_at          timestamptz not null default now(),
  check (total_cents = price_cents + fee_cents),
  check (buyer_id <> seller_id)
);
create trigger orders_touched before update on orders for each row execute function touch_updated_at();

-- Two taps make one order.
create unique index orders_one_open on orders (buyer_id, product_id) where status in ('creating', 'awaiting_payment');
-- A buyer's orders, and how many are open.
create index orders_of_buyer on orders (buyer_id, created_at desc);
-- A seller's sales.
create index orders_of_seller on orders (seller_id, created_at desc);
-- Does this product have any order at all?
create index orders_of_product on orders (product_id);
-- Whose time is up?
create index orders_expiring on orders (expires_at) where status in ('creating', 'awaiting_payment');
-- What was paid and has not arrived?
create index orders_undelivered on orders (paid_at) where status = 'paid';

-- One address and amount at NOWPayments. A row without `provider_id` is an attempt whose answer is not known (yet).
create table payments (
  id               uuid        primary key default new_id(),
  order_id         uuid        not null references orders,
  attempt          integer     not null check (attempt >= 1),
  kind             text        not null default 'main' check (kind in ('main', 'topup', 'redeposit')),
  provider_id      text        unique check (provider_id ~ '^\d+$'),
  parent_id        text        check (parent_id ~ '^\d+$'),
  status           text        not null default 'creating',
  rank             integer     not null default -1,
  price_cents      bigint      not null check (price_cents > 0),
  pay_currency     text        not null,
  pay_amount       text        check (pay_amount ~ '^\d+(\.\d+)?$'),
  actually_paid    text        not null default '0' check (actually_paid ~ '^\d+(\.\d+)?$'),
  outcome_amount   text        check (outcome_amount ~ '^\d+(\.\d+)?$'),
  outcome_currency text,
  covered_cents    bigint      not null default 0 check (covered_cents >= 0 and covered_cents <= price_cents),
  address          text,
  memo             text,
  network          text,
  valid_until      timestamptz,
  next_poll_at     timestamptz,
  poll_tries       integer     not null default 0,
  read_at          timestamptz,
  accepted_at      timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  unique (order_id, attempt)
);
create trigger payments_touched before update on payments for each row execute function touch_updated_at();
-- Which payments are to be read again now?
create index payments_due on payments (next_poll_at) where next_poll_at is not null;
-- The second deposits to one address.
create index payments_of_parent on payments (parent_id) where parent_id is not null;

-- Everything anybody ever said of a payment. What was said is never changed; only `result` and `handled_at` are filled in.
create table payment_events (
  id             uuid        primary key default new_id(),
  payment_id     uuid        references payments,
  source         text        not null check (source in ('ipn', 'poll', 'create', 'admin')),
  provider_id    text,
  status         text,
  actually_paid  text,
  raw            text        not null,
  body_sha256    text        check (body_sha256 ~ '^[0-9a-f]{64}$'),
  signature_form text,
  result         text,
  tries          integer     not null default 0,
  next_try_at    timestamptz not null default now(),
  received_at    timestamptz not null default clock_timestamp(),
  handled_at     timestamptz
);
-- The same notification twice is one notification.
create unique index payment_events_once on payment_events (body_sha256) where source = 'ipn';
-- Notifications kept and not yet acted upon.
create index payment_events_waiting on payment_events (next_try_at) where handled_at is null;
-- The timeline of a payment.
create index payment_events_of_payment on payment_events (payment_id, received_at);

create function keep_payment_event() returns trigger
  language plpgsql
  as $$
    begin
      if (new.id, new.source, new.raw, new.received_at, new.body_sha256) is distinct from
         (old.id, old.source, old.raw, old.received_at, old.body_sha256) then
        raise exception 'payment_events is append-only';
      end if;
      return new;
    end
  $$;
create trigger payment_events_kept before update on payment_events for each row execute function keep_payment_event();

-- Money that came, but not as agreed, waits here for an administrator.
create table cases (
  id         uuid        primary key default new_id(),
  order_id   uuid        not null references orders,
  kind       text        not null,
  state      text        not null default 'open' check (state in ('open', 'closed')),
  opened_by  text        not null,
  decision   text        check (decision in ('accept', 'refund')),
  decided_by bigint,
  note       text        not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger cases_touched before update on cases for each row execute function touch_updated_at();
create unique index cases_one_open on cases (order_id, kind) where state = 'open';

create table refunds (
  id           uuid        primary key default new_id(),
  order_id     uuid        not null references orders,
  case_id      uuid        references cases,
  amount_cents bigint      not null check (amount_cents > 0),
  asset        text,
  amount       text        check (amount ~ '^\d+(\.\d+)?$'),
  address      text,
  tx_hash      text,
  state        text        not null default 'asked' check (state in ('asked', 'sent', 'rejected')),
  is_full      boolean     not null default true,
  reason       text        not null default '',
  by           text        not null,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now()
);
create trigger refunds_touched before update on refunds for each row execute function touch_updated_at();
create unique index refunds_one_full on refunds (order_id) where is_full and state <> 'rejected';

-- The right of a buyer to a product, made when an order becomes paid.
create table entitlements (
  order_id   uuid        primary key references orders,
  buyer_id   bigint      not null references users,
  product_id uuid        not null references products,
  granted_at timestamptz not null default now(),
  ended_at   timestamptz,
  reason     text
);
create unique index entitlements_live on entitlements (buyer_id, product_id) where ended_at is null;

-- Double entry, append-only. An entry is named after what it is for, so that it can be made only once.
create table ledger_entries (
  id        uuid        primary key default new_id(),
  kind      text        not null,
  subject   text        not null,
  order_id  uuid        references orders,
  payout_id uuid,
  refund_id uuid        references refunds,
  at        timestamptz not null default clock_timestamp(),
  unique (kind, subject)
);
create table ledger_lines (
  entry_id     uuid    not null references ledger_entries,
  position     integer not null,
  account      text    not null,
  amount_cents bigint  not null check (amount_cents <> 0),
  primary key (entry_id, position)
);
-- The balance of one account.
create index ledger_lines_of_account on ledger_lines (account) include (amount_cents);
create trigger ledger_entries_kept before update or delete on ledger_entries for each row execute function refuse_change();
create trigger ledger_lines_kept before update or delete on ledger_lines for each row execute function refuse_change();

create function entry_balances() returns trigger
  language plpgsql
  as $$
    begin
      if (select sum(amount_cents) from ledger_lines where entry_id = new.entry_id) <> 0 then
        raise exception 'ledger entry % does not balance', new.entry_id;
      end if;
      return null;
    end
  $$;
create constraint trigger ledger_lines_balance after insert on ledger_lines
  deferrable initially deferred for each row execute function entry_balances();

-- What one order owes its seller.
create table payout_items (
  id           uuid        primary key default new_id(),
  order_id     uuid        not null references orders,
  kind         text        not null default 'share' check (kind in ('share', 'correction')),
  seller_id    bigint      not null references sellers,
  amount_cents bigint      not null check ((kind = 'share') = (amount_cents > 0)),
  state        text        not null default 'held' check (state in ('held', 'available', 'batched', 'paid', 'reversed')),
  hold_until   timestamptz not null,
  payout_id    uuid,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  unique (order_id, kind)
);
create trigger payout_items_touched before update on payout_items for each row execute function touch_updated_at();
-- A seller's balance, and whose hold is over.
create index payout_items_of_seller on payout_items (seller_id, state);
create index payout_items_held on payout_items (hold_until) where state = 'held';
