create or replace function cdd.day_begins(day date, zone text)
returns timestamptz
language sql
stable
-- If clocks go back from 01:00 to 00:00, the day has two midnights, and Postgres takes the second.
return case
  when ((day::timestamp at time zone zone - interval '1 hour') at time zone zone)::date = day
    then day::timestamp at time zone zone - interval '1 hour'
  else day::timestamp at time zone zone
end;

comment on function cdd.day_begins is 'The first instant of a day in a time zone.';
