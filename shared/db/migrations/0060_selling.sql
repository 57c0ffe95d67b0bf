-- A draft is saved step by step, so it may lack what a product needs before anybody else sees it.
alter table products
  alter column title       drop not null,
  alter column description drop not null,
  alter column category_id drop not null,
  alter column price_cents drop not null,
  alter column search_text drop not null,
  add constraint products_complete check (
    status = 'draft'
    or (title is not null and description is not null and category_id is not null and price_cents is not null)),
  -- The version and the cover that were sent and wait for `media`; they become current once they are verified.
  add column next_file_id  uuid references product_files,
  add column next_image_id uuid references images;

-- A file is known before it is hashed, and has a number once it may be sold. `chat` files are fetched from Telegram by
-- `telegram_file_id`, `page` files came in parts straight to the bucket. `reserved_bytes` is what the quota holds for it.
alter table product_files
  alter column sha256 drop not null,
  alter column number drop not null,
  add column source           text        not null default 'seed' check (source in ('seed', 'chat', 'page')),
  add column telegram_file_id text,
  add column reserved_bytes   bigint      not null default 0 check (reserved_bytes >= 0),
  add column has_executables  boolean     not null default false,
  add column rung_at          timestamptz not null default clock_timestamp(),
  add constraint product_files_verified check (state <> 'ready' or (sha256 is not null and number is not null)),
  add constraint product_files_fetchable check (source <> 'chat' or telegram_file_id is not null);
-- What waits to be verified, and since when.
create index product_files_waiting on product_files (rung_at) where state in ('uploading', 'verifying');

-- `replaced`: a newer picture took its place; its objects may go.
alter table images
  drop constraint images_state_check,
  add constraint images_state_check check (state in ('processing', 'ready', 'missing', 'rejected', 'replaced')),
  add column telegram_file_id text,
  add column original_bytes   bigint,
  add column reject_reason    text,
  add column rung_at          timestamptz not null default clock_timestamp();
-- What waits to be prepared, and since when.
create index images_waiting on images (rung_at) where state = 'processing' and source = 'sent';

-- A link to the upload page: for one seller, one product, one purpose. Only the hash of its token is known here.
create table upload_links (
  id         uuid        primary key default new_id(),
  token_hash text        not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  seller_id  bigint      not null references sellers,
  product_id uuid        not null references products on delete cascade,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
create index upload_links_expired on upload_links (expires_at);
create index upload_links_of_product on upload_links (product_id);

-- One file on its way to the bucket in parts. Its bytes are reserved in the seller's quota while it is open.
create table upload_sessions (
  id             uuid        primary key default new_id(),
  link_id        uuid        not null references upload_links on delete cascade,
  seller_id      bigint      not null references sellers,
  product_id     uuid        not null references products on delete cascade,
  file_id        uuid        not null unique,
  object_key     text        not null unique,
  file_name      text        not null,
  declared_bytes bigint      not null check (declared_bytes > 0),
  part_bytes     integer     not null check (part_bytes > 0),
  s3_upload_id   text,
  state          text        not null default 'open' check (state in ('open', 'completing', 'received', 'aborted', 'expired')),
  sha256         text        check (sha256 ~ '^[0-9a-f]{64}$'),
  last_part_at   timestamptz not null default now(),
  expires_at     timestamptz not null,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);
create trigger upload_sessions_touched before update on upload_sessions for each row execute function touch_updated_at();
-- One open session per product.
create unique index upload_sessions_one_open on upload_sessions (product_id) where state in ('open', 'completing');
-- How many a seller opened today, and what is past its time.
create index upload_sessions_of_seller on upload_sessions (seller_id, created_at);
create index upload_sessions_open on upload_sessions (expires_at) where state in ('open', 'completing');

-- Every change of a seller's settings; the old address is what an argument is settled with.
create table seller_changes (
  id        uuid        primary key default new_id(),
  seller_id bigint      not null references sellers,
  field     text        not null,
  old       text,
  new       text,
  at        timestamptz not null default clock_timestamp()
);
create trigger seller_changes_kept before update or delete on seller_changes for each row execute function refuse_change();
create index seller_changes_of_seller on seller_changes (seller_id, at desc);

-- Something a person is to be told in the chat, as facts; `bot` finds the words. Told once in effect: the row is the proof.
create table notices (
  id          uuid        primary key default new_id(),
  person_id   bigint      not null references users,
  kind        text        not null,
  subject     text        not null,
  facts       jsonb       not null,
  state       text        not null default 'queued' check (state in ('queued', 'told', 'unreachable')),
  rung_at     timestamptz not null default clock_timestamp(),
  told_at     timestamptz,
  created_at  timestamptz not null default now(),
  unique (person_id, kind, subject)
);
-- What was not told yet, and since when.
create index notices_waiting on notices (rung_at) where state = 'queued';
