-- The frozen list an administrator pays in one go. `code` is typed to confirm it.
create table batches (
  id            uuid        primary key default new_id(),
  code          text        not null unique check (code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  state         text        not null default 'prepared' check (state in ('prepared', 'confirmed', 'closed', 'cancelled')),
  payouts_count integer     not null check (payouts_count > 0),
  total_cents   bigint      not null check (total_cents > 0),
  prepared_by   text        not null,
  confirmed_by  text,
  confirmed_at  timestamptz,
  ended_at      timestamptz,
  reason        text        not null default '',
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now()
);
create trigger batches_touched before update on batches for each row execute function touch_updated_at();
-- One list at a time waits to be confirmed.
create unique index batches_one_prepared on batches (state) where state = 'prepared';
-- What is being paid, oldest first.
create index batches_open on batches (created_at) where state in ('prepared', 'confirmed');

-- One transfer to one seller, to the address that was frozen with the list.
create table payouts (
  id           uuid        primary key default new_id(),
  batch_id     uuid        not null references batches,
  seller_id    bigint      not null references sellers,
  address      text        not null,
  amount_cents bigint      not null check (amount_cents > 0),
  state        text        not null default 'prepared'
                           check (state in ('prepared', 'confirmed', 'sent', 'settled', 'failed', 'cancelled')),
  tx_hash      text,
  reason       text        not null default '',
  sent_by      text,
  sent_at      timestamptz,
  settled_by   text,
  settled_at   timestamptz,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  unique (batch_id, seller_id),
  constraint payouts_sent check (state not in ('sent', 'settled') or (tx_hash is not null and sent_at is not null))
);
create trigger payouts_touched before update on payouts for each row execute function touch_updated_at();
-- A seller's history, newest first.
create index payouts_of_seller on payouts (seller_id, created_at desc);
-- Was this transaction entered before?
create index payouts_of_transaction on payouts (tx_hash) where tx_hash is not null;
create index refunds_of_transaction on refunds (tx_hash) where tx_hash is not null;

alter table payout_items
  add constraint payout_items_payout foreign key (payout_id) references payouts,
  add constraint payout_items_in_payout check ((state in ('batched', 'paid')) = (payout_id is not null));
-- What a payout is for.
create index payout_items_of_payout on payout_items (payout_id) where payout_id is not null;
-- What may be paid, by seller.
create index payout_items_available on payout_items (seller_id) where state = 'available';
alter table ledger_entries
  add constraint ledger_entries_payout foreign key (payout_id) references payouts;
