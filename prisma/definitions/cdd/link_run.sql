create or replace function cdd.link_run(account text, run uuid)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  content bytea := (
    select run_contents.content
    from cdd.run_contents
    where run_contents.account_id = account and run_contents.run_id = run
  );
begin
  if content is null then
    return null;
  end if;
  return cdd.add_link(account, 'run', run, content);
end
$$;

comment on function cdd.link_run is 'Adds the link of a run to the digest chain of its account, in the transaction that ends the run, and returns its number; null = the run recorded nothing.';
