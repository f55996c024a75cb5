-- All columns but account_id, case_id and superseded_at. A column that is added later must not change earlier digests.
-- record_send is binary, so no setting of the session changes it; "return" lets Postgres inline the function.
create or replace function cdd.revision_digest(stored cdd.case_revisions)
returns bytea
language sql
stable
parallel safe
return sha256(
  record_send(row(
    text 'case_revisions',
    stored.revision,
    sha256(jsonb_send(stored.body)),
    stored.recorded_at,
    stored.run_id,
    stored.deleted_at,
    sha256(jsonb_send(stored.readable))
  ))
);

comment on function cdd.revision_digest is 'SHA-256 of a row of cdd.case_revisions as it was added; docs/verifying.md has the definition.';
