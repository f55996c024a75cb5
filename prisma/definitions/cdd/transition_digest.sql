-- See cdd.revision_digest.
create or replace function cdd.transition_digest(stored cdd.status_transitions)
returns bytea
language sql
stable
parallel safe
return sha256(
  record_send(row(
    text 'status_transitions',
    stored.sequence,
    stored.from_status,
    stored.to_status,
    stored.occurred_at,
    stored.occurred_at_source,
    stored.event_id,
    stored.recorded_at,
    stored.run_id,
    stored.from_since
  ))
);

comment on function cdd.transition_digest is 'SHA-256 of a row of cdd.status_transitions as it was added; docs/verifying.md has the definition.';
