-- See cdd.revision_digest.
create or replace function cdd.problem_digest(stored cdd.case_problems)
returns bytea
language sql
stable
parallel safe
return sha256(
  record_send(row(
    text 'case_problems',
    stored.path,
    stored.reason,
    stored.recorded_at,
    stored.run_id
  ))
);

comment on function cdd.problem_digest is 'SHA-256 of a row of cdd.case_problems as it was added; docs/verifying.md has the definition.';
