create or replace function cdd.add_link(account text, kind text, run uuid, content bytea)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform cdd.begin_chain(account);
  return cdd.insert_link(account, kind, run, content, now());
end
$$;

comment on function cdd.add_link is 'Adds a link to the digest chain of an account and returns its number. Locks the account''s row until the transaction ends.';
