-- A mail to be sent, as facts; `bot` finds the words. The row is the queue: the bell for it may be lost, late or double.
-- `confirmed`: its person proved that the address is theirs, or has to by this mail. `expires_at`: worthless afterwards.
create table emails (
  id          uuid        primary key default new_id(),
  template    text        not null,
  subject     text        not null,
  recipient   citext      not null,
  person_id   bigint      references users,
  confirmed   boolean     not null,
  data        jsonb       not null,
  state       text        not null default 'queued' check (state in ('queued', 'sending', 'sent', 'skipped', 'failed')),
  tries       integer     not null default 0,
  next_try_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz not null default '-infinity',
  rung_at     timestamptz not null default clock_timestamp(),
  expires_at  timestamptz,
  sent_at     timestamptz,
  reason      text,
  created_at  timestamptz not null default now(),
  -- The same thing about the same subject is mailed once to the same address.
  unique (template, subject, recipient),
  constraint emails_sent check ((state = 'sent') = (sent_at is not null))
);
-- What is still to be sent, and from when on.
create index emails_waiting on emails (next_try_at) where state in ('queued', 'sending');
-- What is over, oldest first.
create index emails_over on emails (created_at) where state in ('sent', 'skipped', 'failed');

-- A six-digit code that proves an address. The code itself is nowhere: whoever holds the bot's token makes it from `id`.
create table email_codes (
  id         uuid        primary key default new_id(),
  person_id  bigint      not null references users,
  email      citext      not null,
  tries      integer     not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at    timestamptz
);
-- How many did this person ask for, and how many went to this address?
create index email_codes_of_person on email_codes (person_id, created_at);
create index email_codes_to_address on email_codes (email, created_at);
