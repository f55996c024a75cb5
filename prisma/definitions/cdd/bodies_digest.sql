-- See cdd.revision_digest.
create or replace function cdd.bodies_digest(stored cdd.event_bodies)
returns bytea
language sql
stable
parallel safe
return sha256(
  record_send(row(
    text 'event_bodies',
    stored.revision,
    sha256(jsonb_send(stored.bodies))
  ))
);

comment on function cdd.bodies_digest is 'SHA-256 of a row of cdd.event_bodies; docs/verifying.md has the definition.';
