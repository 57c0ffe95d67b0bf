-- Each backup that was begun. It counts (`good`) once it was read back from the bucket and its hash agreed. `key_id` names the
-- key it is encrypted with, and is null when it is not. `tested_at`: when it was last restored for a try.
create table backups (
  name        text        primary key check (name ~ '^\d{8}T\d{6}Z-[0-9a-f]{8}$'),
  state       text        not null default 'running' check (state in ('running', 'good', 'failed', 'removed')),
  started_at  timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  key_id      text        check (key_id ~ '^[0-9a-f]{16}$'),
  size_bytes  bigint,
  sha256      text        check (sha256 ~ '^[0-9a-f]{64}$'),
  row_count   bigint,
  error       text,
  tested_at   timestamptz,
  test_error  text,
  check (state <> 'good' or (finished_at is not null and size_bytes is not null and sha256 is not null
                             and row_count is not null))
);
-- How old is the newest good one?
create index backups_good on backups (started_at desc) where state = 'good';

-- This database came out of a backup. Until `finished_at` is set it is not ready: no service starts on it.
create table restores (
  id          uuid        primary key default new_id(),
  backup      text        not null,
  taken_at    timestamptz not null,
  loaded_at   timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);
