-- See cdd.revision_digest.
create or replace function cdd.closed_transition_digest(closed cdd.status_transitions)
returns bytea
language sql
stable
parallel safe
return sha256(
  record_send(row(
    text 'closed status_transitions',
    closed.sequence,
    closed.recorded_at,
    closed.superseded_at
  ))
);

comment on function cdd.closed_transition_digest is 'SHA-256 of the key of a row of cdd.status_transitions and of its superseded_at; docs/verifying.md has the definition.';
