-- Events wait here, written in the transaction that caused them, until a relay has sent them.
-- `id` travels as the message id, so it must never repeat.
create table outbox (
  position    bigint      primary key generated always as identity,
  id          uuid        not null unique default gen_random_uuid(),
  subject     text        not null,
  dedupe_key  text        not null,
  payload     jsonb       not null,
  created_at  timestamptz not null default clock_timestamp(),
  next_try_at timestamptz not null default clock_timestamp(),
  tries       integer     not null default 0,
  sent_at     timestamptz
);
-- One waiting event for one thing: asking again while it still waits changes nothing.
create unique index outbox_waiting on outbox (subject, dedupe_key) where sent_at is null;
-- What is due, and how old the oldest unsent event is.
create index outbox_due on outbox (next_try_at, position) where sent_at is null;
-- How often the same thing was asked for lately, so that repeated asking slows down.
create index outbox_asked on outbox (subject, dedupe_key, created_at);
-- What may be pruned.
create index outbox_sent on outbox (sent_at) where sent_at is not null;

-- What a consumer has already handled, for handlers whose effect cannot be repeated otherwise.
create table inbox (
  consumer   text        not null,
  message_id text        not null,
  handled_at timestamptz not null default clock_timestamp(),
  primary key (consumer, message_id)
);
-- What may be pruned.
create index inbox_handled on inbox (handled_at);

-- What cannot go on by itself: a reason, everything needed to send it again, and who settled it.
create table dead_letters (
  id          uuid        primary key default gen_random_uuid(),
  kind        text        not null,
  ref         text        not null,
  reason      text        not null,
  payload     jsonb       not null,
  at          timestamptz not null default clock_timestamp(),
  resolved_at timestamptz,
  resolved_by text,
  check ((resolved_at is null) = (resolved_by is null))
);
-- One open dead letter for one thing, however often it fails.
create unique index dead_letters_open on dead_letters (kind, ref) where resolved_at is null;
-- The list an administrator works through.
create index dead_letters_waiting on dead_letters (at) where resolved_at is null;

-- Who was heard when: /health names services silent for 60 s.
create table service_heartbeats (
  service  text        not null,
  instance text        not null,
  version  text        not null,
  at       timestamptz not null default clock_timestamp(),
  primary key (service, instance)
);
