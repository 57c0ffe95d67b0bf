-- The lists of a shop with a million products read their next step from an index, never the whole list.
alter table products add constraint products_sold_since check (status <> 'active' or published_at is not null);

drop index products_for_sale;
create index products_for_sale on products (category_id, published_at desc, id desc) where status = 'active' and moderation = 'ok';

drop index products_of_seller;
create index products_of_seller on products (seller_id, published_at desc, id desc);

-- What a search walks for a common word: the best-selling first.
create index products_best_selling on products (sales desc, published_at desc, id desc) where status = 'active' and moderation = 'ok';

-- Titles that start with what was typed, or contain all words.
create index products_titles_searched on products using gin (folded(title) gin_trgm_ops) where status = 'active' and moderation = 'ok';

-- Whether a word is common or rare decides how it is looked for: the planner has to know it to a thousandth.
alter table products alter column search_text set statistics 1000;
create statistics products_folded_title on (folded(title)) from products;
alter statistics products_folded_title set statistics 1000;
