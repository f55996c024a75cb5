-- See cdd.revision_digest.
create or replace function cdd.hold_bytes(hold cdd.legal_holds)
returns bytea
language sql
stable
parallel safe
return record_send(row(
  hold.case_id,
  hold.held_at,
  hold.reason,
  hold.held_by,
  hold.held_role,
  hold.released_at,
  hold.release_reason,
  hold.released_by,
  hold.released_role
));

comment on function cdd.hold_bytes is 'A row of cdd.legal_holds, without its account, as bytes for the digest chain; docs/verifying.md has the definition.';
