-- `prompt_id` is the message that asked for the present step: an answer sent before it was meant for another step.
-- `answered_by` is the update that led to this step, which changes nothing when it is handled again.
-- A form that is left for something else is parked until its person continues or discards it; one that is over keeps what
-- is shown after it (`shows`), so that its last answer may be handled again.
alter table conversations
  add column prompt_id   bigint,
  add column answered_by bigint,
  add column parked_at   timestamptz,
  add column ended_at    timestamptz,
  add column shows       text;
