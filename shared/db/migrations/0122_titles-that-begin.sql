-- Titles that start with what was typed, which is asked first and most often answers a search: found without looking at
-- every title that shares its letters.
create index products_titles_begin on products (folded(title) text_pattern_ops) where status = 'active' and moderation = 'ok';
