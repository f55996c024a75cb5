create or replace function cdd.has_implausible_times(
  opened_at timestamptz, status_since timestamptz, created_at timestamptz, deleted_at timestamptz
)
returns boolean
language sql
stable
parallel safe
return coalesce(
  least(opened_at, created_at, deleted_at) < timestamptz '2000-01-01 00:00:00Z'
    or greatest(opened_at, status_since, created_at, deleted_at) > now() + interval '1 day',
  false
);

comment on function cdd.has_implausible_times is 'Whether one of the times of a case is before 2000 or more than a day ahead: the reports leave such a case out.';
