create or replace function cdd.epoch_micros(at timestamptz)
returns bigint
language sql
stable
parallel safe
-- Exact: a double holds microseconds of some 280 years.
return (date_part('epoch', at) * 1000000)::bigint;

comment on function cdd.epoch_micros is 'Microseconds since 1970.';
