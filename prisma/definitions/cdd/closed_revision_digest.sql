-- See cdd.revision_digest.
create or replace function cdd.closed_revision_digest(closed cdd.case_revisions)
returns bytea
language sql
stable
parallel safe
return sha256(
  record_send(row(
    text 'closed case_revisions',
    closed.revision,
    closed.superseded_at
  ))
);

comment on function cdd.closed_revision_digest is 'SHA-256 of the key of a row of cdd.case_revisions and of its superseded_at; docs/verifying.md has the definition.';
