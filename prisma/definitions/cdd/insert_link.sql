create or replace function cdd.insert_link(account text, kind text, run uuid, content bytea, earliest timestamptz)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  newest cdd.digest_links;
  link cdd.digest_links;
begin
  -- One at a time, so that numbers have no gaps and the chain has no fork. A statement of its own: the next one must see
  -- the link of the transaction that it waited for.
  perform from cdd.accounts where id = account for no key update;
  select existing_link.* into newest
  from cdd.digest_links as existing_link
  where existing_link.account_id = account
  order by existing_link.number desc
  limit 1;
  link.account_id := account;
  link.number := coalesce(newest.number, 0) + 1;
  link.kind := kind;
  -- Later than the one before, also if the clock was set back.
  link.linked_at := greatest(earliest, newest.linked_at + interval '1 microsecond');
  link.run_id := run;
  link.content := content;
  link.previous := newest.digest;
  insert into cdd.digest_links (account_id, number, kind, linked_at, run_id, content, previous, digest)
  select
    link.account_id, link.number, link.kind, link.linked_at, link.run_id, link.content, link.previous,
    cdd.link_digest(link);
  return link.number;
end
$$;

comment on function cdd.insert_link is 'For cdd.add_link and cdd.begin_chain: adds a link to the digest chain of an account and returns its number.';
