-- Bringing one file to one chat. `attempt` is the fencing token of whoever holds the lease.
create table deliveries (
  id              uuid        primary key default new_id(),
  order_id        uuid        not null references orders,
  file_id         uuid        not null references product_files,
  kind            text        not null check (kind in ('initial', 'again')),
  chat_id         bigint      not null,
  message_id      bigint,
  state           text        not null default 'queued'
                              check (state in ('queued', 'sending', 'sent', 'retry_wait', 'blocked', 'dead')),
  method          text        check (method in ('document', 'link')),
  attempt         integer     not null default 0,
  lease_until     timestamptz not null default '-infinity',
  document_tries  integer     not null default 0,
  link_tries      integer     not null default 0,
  next_try_at     timestamptz not null default now(),
  first_failed_at timestamptz,
  error           text,
  sent_at         timestamptz,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
);
create trigger deliveries_touched before update on deliveries for each row execute function touch_updated_at();
-- One initial delivery per order.
create unique index deliveries_one_initial on deliveries (order_id) where kind = 'initial';
-- What waits to be brought, and since when.
create index deliveries_waiting on deliveries (next_try_at) where state in ('queued', 'sending', 'retry_wait');
-- Who comes back after having blocked the bot gets these.
create index deliveries_blocked on deliveries (chat_id) where state = 'blocked';

create table delivery_attempts (
  id          uuid        primary key default new_id(),
  delivery_id uuid        not null references deliveries,
  attempt     integer     not null,
  method      text        not null,
  outcome     text        not null,
  error       text,
  message_id  bigint,
  at          timestamptz not null default clock_timestamp()
);
create index delivery_attempts_of_delivery on delivery_attempts (delivery_id, at);

-- A way to one file of one order for 24 h. Only the hash of its token is known here.
create table download_links (
  id          uuid        primary key default new_id(),
  token_hash  text        not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  order_id    uuid        not null references orders,
  file_id     uuid        not null references product_files,
  expires_at  timestamptz not null,
  uses        integer     not null default 0 check (uses <= max_uses),
  max_uses    integer     not null default 10 check (max_uses > 0),
  revoked_at  timestamptz,
  created_at  timestamptz not null default now()
);
create index download_links_of_order on download_links (order_id);
create index download_links_expired on download_links (expires_at);

create table downloads (
  id       uuid        primary key default new_id(),
  order_id uuid        not null references orders,
  link_id  uuid        references download_links on delete set null,
  method   text        not null check (method in ('document', 'link')),
  at       timestamptz not null default clock_timestamp()
);
create index downloads_of_order on downloads (order_id, at);

-- Telegram updates, kept before they are handled. Equality of ids only: after a quiet week they jump.
create table telegram_updates (
  bot_id      bigint      not null,
  update_id   bigint      not null,
  user_id     bigint,
  payload     jsonb       not null,
  received_at timestamptz not null default clock_timestamp(),
  handled_at  timestamptz,
  tries       integer     not null default 0,
  next_try_at timestamptz not null default now(),
  lease_until timestamptz not null default '-infinity',
  holder      uuid,
  error       text,
  primary key (bot_id, update_id)
);
-- The next update of each person's lane.
create index telegram_updates_waiting on telegram_updates (user_id, received_at, update_id) where handled_at is null;
create index telegram_updates_handled on telegram_updates (handled_at) where handled_at is not null;

-- The one navigation message of each person, and what it shows.
create table screens (
  bot_id     bigint      not null,
  user_id    bigint      not null references users,
  message_id bigint,
  kind       text        not null default 'none',
  state      jsonb       not null default '{}',
  updated_at timestamptz not null default now(),
  primary key (bot_id, user_id)
);
create trigger screens_touched before update on screens for each row execute function touch_updated_at();

-- Where a person is in a form. `version` guards against two answers at once.
create table conversations (
  bot_id     bigint      not null,
  user_id    bigint      not null references users,
  form       text        not null,
  step       text        not null,
  data       jsonb       not null default '{}',
  version    integer     not null default 1,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (bot_id, user_id)
);
create trigger conversations_touched before update on conversations for each row execute function touch_updated_at();

-- Buttons whose arguments do not fit in 64 bytes, bound to the person they were shown to.
create table button_tokens (
  token      text        primary key,
  user_id    bigint      not null references users,
  action     text        not null,
  args       jsonb       not null,
  expires_at timestamptz not null
);
create index button_tokens_expired on button_tokens (expires_at);

-- Token buckets, shared by every copy of a service.
create table rate_buckets (
  key        text             primary key,
  tokens     double precision not null,
  updated_at timestamptz      not null default clock_timestamp()
);

-- Minimums and estimates of NOWPayments, as last heard.
create table coin_limits (
  coin           text        primary key,
  min_usd_cents  bigint,
  enabled        boolean     not null default true,
  read_at        timestamptz not null
);

create table idempotency (
  key        text        primary key,
  actor      text        not null,
  result     jsonb,
  expires_at timestamptz not null
);

create table audit_log (
  id     uuid        primary key default new_id(),
  actor  text        not null,
  action text        not null,
  target text        not null,
  before jsonb,
  after  jsonb,
  reason text        not null default '',
  at     timestamptz not null default clock_timestamp()
);
create trigger audit_log_kept before update or delete on audit_log for each row execute function refuse_change();

create table chore_runs (
  id          uuid        primary key default new_id(),
  chore       text        not null,
  dry_run     boolean     not null,
  started_at  timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  checked     integer     not null default 0,
  changed     integer     not null default 0,
  failed      integer     not null default 0,
  error       text
);
-- When did this chore last run?
create index chore_runs_latest on chore_runs (chore, started_at desc);
