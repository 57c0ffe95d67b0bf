-- What is to go from the bucket, all its versions, written in the transaction that let go of it; the row stays until they
-- are gone. `upload_id`: the parts of an unfinished upload of this key go as well.
create table objects_to_remove (
  object_key  text        primary key,
  upload_id   text,
  reason      text        not null,
  tries       integer     not null default 0,
  next_try_at timestamptz not null default clock_timestamp(),
  queued_at   timestamptz not null default clock_timestamp()
);
create index objects_to_remove_due on objects_to_remove (next_try_at);
