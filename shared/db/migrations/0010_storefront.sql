-- Seconds gone by, never negative: a clock that was set back gives nobody more and takes from nobody.
create function seconds_since(moment timestamptz) returns double precision
  language sql volatile
  as $$ select greatest(0, extract(epoch from clock_timestamp() - moment))::float8 $$;

-- The pattern for texts that contain this word in any case, with or without accents; `%` and `_` are plain characters.
create function containing(word text) returns text
  language sql immutable strict parallel safe
  as $$
    select '%' || replace(replace(replace(public.folded(word), '\', '\\'), '%', '\%'), '_', '\_') || '%'
  $$;
