-- "silent" leaves some errors, such as that of a time without a zone, and one document must not keep others from being
-- read. A statement that is cancelled is no such error.
create or replace function cdd.read_fact(document jsonb, path jsonpath, out value text, out problem text)
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
  found_values jsonb;
begin
  found_values := jsonb_path_query_array(document, path, '{}', true);
  problem := case
    when jsonb_array_length(found_values) = 0 then 'it finds nothing'
    when jsonb_array_length(found_values) > 1 then 'it finds several values'
    when jsonb_typeof(found_values -> 0) = 'null' then 'it finds null'
    when jsonb_typeof(found_values -> 0) = 'array' then 'it finds an array'
    when jsonb_typeof(found_values -> 0) = 'object' then 'it finds an object'
    -- The value is in the rows of tables and indexes of readers; no key figure is that long.
    when octet_length(found_values ->> 0) > 1000 then 'it finds a value of more than 1000 bytes'
  end;
  value := case when problem is null then found_values ->> 0 end;
exception
  when others then
    value := null;
    problem := 'it fails: ' || sqlstate;
end
$$;

comment on function cdd.read_fact is 'The text, number or boolean that a path finds in a document, as text; or why there is none. Never fails.';
