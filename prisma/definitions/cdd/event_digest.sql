-- See cdd.revision_digest.
create or replace function cdd.event_digest(stored cdd.event_revisions)
returns bytea
language sql
stable
parallel safe
return sha256(
  record_send(row(
    text 'event_revisions',
    stored.id,
    stored.revision,
    stored.event,
    stored.status,
    stored.occurred_at,
    stored.request_id,
    stored.error,
    stored.provider_case_id,
    stored.contract_url,
    stored.recorded_at,
    stored.run_id,
    stored.bodies_revision,
    stored.place
  ))
);

comment on function cdd.event_digest is 'SHA-256 of a row of cdd.event_revisions as it was added; docs/verifying.md has the definition.';
