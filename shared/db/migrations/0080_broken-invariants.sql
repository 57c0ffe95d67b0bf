-- What must never be and was found all the same, from when it was first seen until it holds again. While one is neither
-- cleared nor acknowledged, no seller is paid. `version` grows when more is found than before; `told_version` is what the
-- administrators were told of.
create table broken_invariants (
  id              uuid        primary key default new_id(),
  name            text        not null,
  count           integer     not null check (count > 0),
  refs            text[]      not null,
  version         integer     not null default 1,
  told_version    integer     not null default 0,
  first_seen_at   timestamptz not null default clock_timestamp(),
  last_seen_at    timestamptz not null default clock_timestamp(),
  cleared_at      timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by bigint,
  check ((acknowledged_at is null) = (acknowledged_by is null))
);
-- What does not hold now, each once.
create unique index broken_invariants_open on broken_invariants (name) where cleared_at is null;
