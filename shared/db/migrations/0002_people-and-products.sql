-- Ids sort by the time they were made, on every supported PostgreSQL (uuidv7() is only in 18).
create function new_id() returns uuid
  language sql volatile
  as $$
    select encode(
             set_bit(
               set_bit(
                 overlay(uuid_send(gen_random_uuid())
                         placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                         from 1 for 6),
                 52, 1),
               53, 1),
             'hex')::uuid
  $$;

create function touch_updated_at() returns trigger
  language plpgsql
  as $$
    begin
      new.updated_at := clock_timestamp();
      return new;
    end
  $$;

create function refuse_change() returns trigger
  language plpgsql
  as $$
    begin
      raise exception '% is append-only', tg_table_name;
    end
  $$;

-- What two spellings of a word have in common: no case, no accents. Immutable so that it can be indexed.
create function folded(value text) returns text
  language sql immutable strict parallel safe
  as $$ select lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;

create table users (
  id                   bigint      primary key,
  username             text,
  first_name           text        not null default '',
  language             text        not null check (language in ('fr', 'en')),
  language_chosen      boolean     not null default false,
  status               text        not null default 'active' check (status in ('active', 'suspended', 'erasing', 'erased')),
  suspended_until      timestamptz,
  suspension_reason    text,
  receipt_email        text,
  terms_version        text,
  terms_at             timestamptz,
  broadcast_consent_at timestamptz,
  reachable            boolean     not null default true,
  last_seen_at         timestamptz not null default now(),
  erase_at             timestamptz,
  created_at           timestamptz not null default now(),
  updated_at           timestamptz not null default now()
);
create trigger users_touched before update on users for each row execute function touch_updated_at();

create table sellers (
  user_id             bigint      primary key references users,
  code                text        not null unique check (code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  display_name        text        not null check (char_length(display_name) between 2 and 50),
  bio                 text        not null default '' check (char_length(bio) <= 500),
  email               citext      unique,
  email_verified_at   timestamptz,
  solana_address      text,
  address_hold_until  timestamptz,
  payouts_frozen_at   timestamptz,
  paused_at           timestamptz,
  closed_at           timestamptz,
  quota_bytes         bigint      not null default 10737418240 check (quota_bytes > 0),
  used_bytes          bigint      not null default 0 check (used_bytes >= 0),
  reserved_bytes      bigint      not null default 0 check (reserved_bytes >= 0),
  retained_bytes      bigint      not null default 0 check (retained_bytes >= 0),
  notify              jsonb       not null default '{}',
  created_at          timestamptz not null default now(),
  updated_at          timestamptz not null default now(),
  check (used_bytes + reserved_bytes <= quota_bytes)
);
create trigger sellers_touched before update on sellers for each row execute function touch_updated_at();

create table categories (
  id         uuid        primary key default new_id(),
  slug       text        not null unique,
  name_fr    text        not null,
  name_en    text        not null,
  icon       text        not null,
  color      text        not null check (color ~ '^#[0-9A-F]{6}$'),
  position   integer     not null,
  hidden     boolean     not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger categories_touched before update on categories for each row execute function touch_updated_at();

insert into categories (slug, name_fr, name_en, icon, color, position) values
  ('finance-crypto', 'Finance & Crypto', 'Finance & Crypto', '💰', '#10B981', 1),
  ('digital-marketing', 'Marketing digital', 'Digital marketing', '📈', '#3B82F6', 2),
  ('development', 'Développement', 'Development', '💻', '#8B5CF6', 3),
  ('design-creative', 'Design & créatif', 'Design & creative', '🎨', '#EC4899', 4),
  ('business', 'Business', 'Business', '📊', '#F59E0B', 5),
  ('professional-training', 'Formation pro', 'Professional training', '🎓', '#06B6D4', 6),
  ('tools-tech', 'Outils & tech', 'Tools & tech', '🔧', '#6366F1', 7),
  ('other', 'Autre', 'Other', '📦', '#5EEAD4', 8);

-- PRICE_MIN_USD and PRICE_MAX_USD may be narrowed or widened by the operator, so the floor here is only "not negative".
create table products (
  id                uuid        primary key default new_id(),
  code              text        not null unique check (code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  seller_id         bigint      not null references sellers,
  category_id       uuid        not null references categories,
  title             text        not null check (char_length(title) between 5 and 100),
  description       text        not null check (char_length(description) between 10 and 1000),
  price_cents       bigint      not null check (price_cents >= 0),
  status            text        not null default 'draft'
                                check (status in ('draft', 'processing', 'active', 'inactive', 'deleted', 'purged')),
  moderation        text        not null default 'ok' check (moderation in ('ok', 'suspended', 'banned')),
  moderation_reason text,
  moderation_until  timestamptz,
  current_file_id   uuid,
  image_id          uuid,
  has_executables   boolean     not null default false,
  views             bigint      not null default 0,
  sales             bigint      not null default 0,
  rating_sum        bigint      not null default 0,
  reviews_count     bigint      not null default 0,
  search_text       text        not null generated always as (folded(title || ' ' || description)) stored,
  source            text,
  source_url        text,
  published_at      timestamptz,
  deleted_at        timestamptz,
  purged_at         timestamptz,
  version           integer     not null default 1,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  unique (seller_id, source_url)
);
create trigger products_touched before update on products for each row execute function touch_updated_at();

-- The carousel of a category, newest first.
create index products_for_sale on products (category_id, published_at desc, id) where status = 'active' and moderation = 'ok';
-- A seller's shop and "my products".
create index products_of_seller on products (seller_id, published_at desc, id);
-- Search by words, in any case and with or without accents.
create index products_searched on products using gin (search_text gin_trgm_ops) where status = 'active' and moderation = 'ok';

-- Every version of what a product sells. A version somebody paid for is kept.
create table product_files (
  id            uuid        primary key default new_id(),
  product_id    uuid        not null references products,
  number        integer     not null check (number >= 1),
  object_key    text        not null unique,
  file_name     text        not null,
  size_bytes    bigint      not null check (size_bytes > 0),
  sha256        text        not null check (sha256 ~ '^[0-9a-f]{64}$'),
  md5           text        check (md5 ~ '^[0-9a-f]{32}$'),
  content_type  text        not null,
  kind          text        not null,
  changelog     text        not null default '' check (char_length(changelog) <= 200),
  preview       jsonb,
  state         text        not null default 'uploading' check (state in ('uploading', 'verifying', 'ready', 'rejected')),
  reject_reason text,
  checked_at    timestamptz,
  purged_at     timestamptz,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  unique (product_id, number)
);
create trigger product_files_touched before update on product_files for each row execute function touch_updated_at();

-- A cover and its thumbnail. `drawn` is the placeholder that media makes for a product without a picture.
create table images (
  id             uuid        primary key default new_id(),
  product_id     uuid        not null references products,
  source         text        not null default 'sent' check (source in ('sent', 'drawn')),
  state          text        not null default 'processing' check (state in ('processing', 'ready', 'missing', 'rejected')),
  original_key   text,
  original_sha256 text,
  cover_key      text        unique,
  cover_sha256   text        check (cover_sha256 ~ '^[0-9a-f]{64}$'),
  cover_bytes    bigint,
  thumb_key      text        unique,
  thumb_sha256   text        check (thumb_sha256 ~ '^[0-9a-f]{64}$'),
  thumb_bytes    bigint,
  width          integer,
  height         integer,
  missing_told_at timestamptz,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  check (state <> 'ready' or (cover_key is not null and cover_sha256 is not null and cover_bytes is not null
                              and thumb_key is not null and thumb_sha256 is not null and thumb_bytes is not null))
);
create trigger images_touched before update on images for each row execute function touch_updated_at();
-- The pictures of one product.
create index images_of_product on images (product_id);

alter table products
  add constraint products_current_file foreign key (current_file_id) references product_files,
  add constraint products_image foreign key (image_id) references images;

-- What Telegram already holds, per bot, content and kind. Only a cache: it may be emptied at any time.
create table telegram_files (
  bot_id  bigint      not null,
  sha256  text        not null,
  kind    text        not null check (kind in ('photo', 'document')),
  file_id text        not null,
  used_at timestamptz not null default now(),
  primary key (bot_id, sha256, kind)
);

-- A view counts once per person, product and day.
create table product_views (
  product_id uuid   not null references products,
  user_id    bigint not null references users,
  day        date   not null,
  primary key (product_id, user_id, day)
);

-- The rule of visibility, in one place: list, search, deep link, product page, checkout and order creation all read it.
create view visible_products as
  select p.*
    from products p
    join sellers s on s.user_id = p.seller_id
    join users u on u.id = p.seller_id
    join product_files f on f.id = p.current_file_id
   where p.status = 'active'
     and p.moderation = 'ok'
     and p.deleted_at is null
     and f.state = 'ready'
     and s.paused_at is null
     and s.closed_at is null
     and u.status = 'active';
