-- What is being told to a person at this moment: a row as long as that takes, so that two copies never tell the same thing.
-- Telegram cannot be asked what it has sent: only a teller that died may have told, and is followed by another.
create table tellings (
  key         text        primary key,
  holder      uuid        not null default gen_random_uuid(),
  lease_until timestamptz not null
);
