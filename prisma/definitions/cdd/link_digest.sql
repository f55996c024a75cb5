-- See cdd.revision_digest.
create or replace function cdd.link_digest(link cdd.digest_links)
returns bytea
language sql
stable
parallel safe
return sha256(
  record_send(row(
    link.account_id,
    link.number,
    link.kind,
    link.linked_at,
    link.run_id,
    link.content,
    link.previous
  ))
);

comment on function cdd.link_digest is 'SHA-256 of a link of the digest chain without its own digest; docs/verifying.md has the definition.';
