create or replace function cdd.kept_words(list jsonb)
returns jsonb
language sql
immutable
parallel safe
return case jsonb_typeof(list)
  when 'array' then (
    select coalesce(jsonb_agg(element.value order by element.position), '[]')
    from jsonb_array_elements(list) with ordinality as element (value, position)
    where cdd.kept_word(element.value) is not null
  )
end;

comment on function cdd.kept_words is 'The elements of a list that cdd.kept_word keeps; null for a value that is no list.';
