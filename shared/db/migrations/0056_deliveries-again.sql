-- When a person last came back: whatever was found blocked by a try that began earlier is not.
alter table users
  add column returned_at timestamptz not null default '-infinity';

-- Whether the administrators were told that this buyer keeps the bot blocked.
alter table deliveries
  add column blocked_told_at timestamptz;

-- What was done to one thing, in the order it happened.
create index audit_log_of_target on audit_log (target, at);
