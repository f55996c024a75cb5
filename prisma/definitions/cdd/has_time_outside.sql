-- "return" binds all names when the function is created, so it needs no search_path, and Postgres can inline it.
create or replace function cdd.has_time_outside(
  latest timestamptz,
  opened_at timestamptz,
  status_since timestamptz,
  created_at timestamptz,
  deleted_at timestamptz
)
returns boolean
language sql
stable
parallel safe
return coalesce(
  least(opened_at, created_at, deleted_at) < timestamptz '2000-01-01 00:00:00Z'
    or greatest(opened_at, status_since, created_at, deleted_at) > latest,
  false
);

comment on function cdd.has_time_outside is 'Whether one of the times of a case is before 2000 or after the latest. opened_at and status_since are its first and last transition.';
