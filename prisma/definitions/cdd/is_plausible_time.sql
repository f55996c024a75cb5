-- "return" binds all names when the function is created, so it needs no search_path, and Postgres can inline it.
create or replace function cdd.is_plausible_time(at timestamptz)
returns boolean
language sql
stable
parallel safe
return at >= timestamptz '2000-01-01 00:00:00Z' and at <= now() + interval '1 day';

comment on function cdd.is_plausible_time is 'Whether a time is from 2000 on and at most a day ahead: only such a time makes a day or month of the reports.';
