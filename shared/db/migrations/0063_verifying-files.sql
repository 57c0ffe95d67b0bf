-- Who works on it (until when), and how often it was taken: `attempts` is the fencing token of the claim.
alter table product_files
  add column attempts    integer not null default 0,
  add column lease_until timestamptz;
alter table images
  add column attempts    integer not null default 0,
  add column lease_until timestamptz;
