create or replace function cdd.begin_chain(account text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  begun_at timestamptz;
begin
  perform from cdd.accounts where id = account for no key update;
  if exists (select from cdd.digest_links where account_id = account)
    or exists (select from cdd.batch_digests where account_id = account)
    or not exists (select from cdd.case_revisions where account_id = account) then
    return;
  end if;
  -- Every batch from now on is recorded later than all slots; see cdd.batch_slots.
  begun_at := coalesce((select max(recorded_at) from cdd.batch_slots where account_id = account), now());
  perform cdd.insert_link(account, 'begin', null, cdd.begin_content(account, begun_at), begun_at);
end
$$;

comment on function cdd.begin_chain is 'Adds the first link of the digest chain of an account that has rows from before it had a chain; else does nothing.';
