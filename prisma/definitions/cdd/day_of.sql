-- Times are looked up in an array, because converting each time to the zone took longer. Postgres inlines the function.
create or replace function cdd.day_of(at timestamptz, begins_at timestamptz[])
returns date
language sql
immutable
parallel safe
return date '2000-01-01' + (width_bucket(at, begins_at) - 1);

comment on function cdd.day_of is 'The day of a time, by the first instants of all days since 2000 (cdd.calendar_begins).';
