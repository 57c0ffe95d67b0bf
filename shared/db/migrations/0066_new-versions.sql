-- What buyers read of the version that a link to the upload page is for.
alter table upload_links
  add column changelog text not null default '' check (char_length(changelog) <= 200);

-- A new version whose owners are not all told yet, and up to whom they are: by the id of the person.
create table version_announcements (
  file_id    uuid        primary key references product_files on delete cascade,
  product_id uuid        not null references products on delete cascade,
  told_up_to bigint      not null default 0,
  created_at timestamptz not null default clock_timestamp()
);
-- For the removal of a product.
create index version_announcements_of_product on version_announcements (product_id);
