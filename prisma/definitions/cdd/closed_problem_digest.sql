-- See cdd.revision_digest.
create or replace function cdd.closed_problem_digest(closed cdd.case_problems)
returns bytea
language sql
stable
parallel safe
return sha256(
  record_send(row(
    text 'closed case_problems',
    closed.path,
    closed.reason,
    closed.recorded_at,
    closed.superseded_at
  ))
);

comment on function cdd.closed_problem_digest is 'SHA-256 of the key of a row of cdd.case_problems and of its superseded_at; docs/verifying.md has the definition.';
