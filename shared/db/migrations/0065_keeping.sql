-- `damaged`: what the bucket holds is not what was verified; it is neither sold nor sent until it is whole again or replaced.
alter table product_files
  drop constraint product_files_state_check,
  add constraint product_files_state_check check (state in ('uploading', 'verifying', 'ready', 'rejected', 'damaged')),
  add constraint product_files_known check (state <> 'damaged' or (sha256 is not null and number is not null));
-- Which original was read back longest ago?
create index product_files_checked on product_files (checked_at nulls first, id)
  where state in ('ready', 'damaged') and purged_at is null;

-- What a drawn picture was drawn from; another title or category wants another picture.
alter table images
  add column drawn_from text;
-- Pictures that were lost on both sides, and may turn up again.
create index images_missing on images (product_id) where state = 'missing';

-- Nothing but its name is left of a purged product.
alter table products
  drop constraint products_description_check,
  add constraint products_description_check check (char_length(description) between 10 and 1000 or status = 'purged');
-- What was deleted and waits to be purged, oldest first.
create index products_deleted on products (deleted_at) where status = 'deleted';
