-- What lasts: from when it was seen first until it is over. Administrators hear of its beginning, once it has lasted until
-- `due_at`, and of its end if they heard of its beginning. Whoever raises one that nobody looks for again says when it lapses.
create table alarms (
  kind           text        not null,
  subject        text        not null default '',
  count          integer     not null check (count > 0),
  detail         text        not null default '',
  since          timestamptz not null default clock_timestamp(),
  due_at         timestamptz not null,
  lapses_at      timestamptz not null default 'infinity',
  cleared_at     timestamptz,
  -- what administrators believe
  is_told_raised boolean     not null default false,
  told_at        timestamptz not null default '-infinity',
  next_try_at    timestamptz not null default '-infinity',
  primary key (kind, subject)
);
-- What is to be told now, and how much is the case.
create index alarms_open on alarms (due_at) where cleared_at is null;
-- Files that are not what was verified.
create index product_files_damaged on product_files (id) where state = 'damaged';
