-- Alerts of one kind are told once in a quarter of an hour. What comes meanwhile is counted, and one of them, the keeper,
-- waits in the queue to tell the count.
create table admin_alerts (
  kind    text        primary key,
  told_at timestamptz not null default '-infinity',
  held    integer     not null default 0 check (held >= 0),
  keeper  text
);
