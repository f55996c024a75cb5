create or replace function cdd.calendar_begins(step interval, latest timestamptz, zone text)
returns timestamptz[]
language sql
stable
parallel safe
return (
  select array_agg(cdd.day_begins(period.first_day::date, zone) order by period.first_day)
  from generate_series(timestamp '2000-01-01', latest at time zone zone, step) as period (first_day)
);

comment on function cdd.calendar_begins is 'The first instants of all days or months in a time zone, from 2000 to the latest time. Functions cdd.day_of and cdd.month_of find times in them.';
