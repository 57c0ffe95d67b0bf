-- What somebody says against a measure of moderation: against one of their products, or (no product) against their own
-- suspension. `over`: the measure ended by itself. `reason`: what the person reads when it is refused.
create table appeals (
  id         uuid        primary key default new_id(),
  person_id  bigint      not null references users,
  product_id uuid        references products on delete cascade,
  words      text        not null,
  state      text        not null default 'open' check (state in ('open', 'granted', 'refused', 'over')),
  reason     text        not null default '',
  decided_by bigint,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger appeals_touched before update on appeals for each row execute function touch_updated_at();
-- What is said again while nobody has answered belongs to the same appeal.
create unique index appeals_one_open on appeals (person_id, product_id) nulls not distinct where state = 'open';
-- What waits for an administrator, oldest first.
create index appeals_waiting on appeals (created_at, id) where state = 'open';
create index appeals_of_product on appeals (product_id) where product_id is not null;
