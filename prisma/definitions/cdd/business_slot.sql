create or replace function cdd.business_slot(at timestamptz)
returns integer
language sql
stable
parallel safe
return floor(date_part('epoch', at) / 43200)::integer;

comment on function cdd.business_slot is 'The key of cdd.business_slots: half days of UTC since 1970.';
