-- As RFC 5545 defines local times. Of a time that occurs twice, Postgres takes the second instant; the offset of the day
-- before gives the first one.
create or replace function cdd.local_instant(local_time timestamp, zone text)
returns timestamptz
language sql
stable
parallel safe
return (
  select
    case when early at time zone zone = local_time then early else late end
  from (
    select
      late,
      (local_time - ((late - interval '24 hours') at time zone zone - (late - interval '24 hours') at time zone 'UTC'))
        at time zone 'UTC' as early
    from (select local_time at time zone zone as late) as usual
  ) as candidate
);

comment on function cdd.local_instant is 'The first instant at which the clocks of a time zone show this time; in a gap, as much later as the clocks jump.';
