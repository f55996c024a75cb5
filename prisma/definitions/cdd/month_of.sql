-- Times are looked up in an array, because converting each time to the zone took longer. Postgres inlines the function.
create or replace function cdd.month_of(at timestamptz, begins_at timestamptz[])
returns date
language sql
immutable
parallel safe
return (date '2000-01-01' + (width_bucket(at, begins_at) - 1) * interval '1 month')::date;

comment on function cdd.month_of is 'The first day of the month of a time, by the first instants of all months since 2000 (cdd.calendar_begins).';
