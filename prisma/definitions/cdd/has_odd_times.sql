create or replace function cdd.has_odd_times(
  opened_at timestamptz, status_since timestamptz, created_at timestamptz, deleted_at timestamptz
)
returns boolean
language sql
stable
parallel safe
return cdd.has_time_outside(now(), opened_at, status_since, created_at, deleted_at);

comment on function cdd.has_odd_times is 'Whether one of the times of a case is before 2000 or in the future.';
