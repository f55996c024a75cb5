-- Business hours before the end less those before the begin. A view joins the two rows of cdd.business_slots, because a
-- function that reads a table runs with the reader's rights, and Postgres could not hash a look-up inside of it:
--   left join cdd.business_slots as from_slot on from_slot.slot = cdd.business_slot(from_at)
-- The join disappears from the plan of a query that does not ask for the column.
create or replace function cdd.business_hours(
  from_at timestamptz, from_slot cdd.business_slots, to_at timestamptz, to_slot cdd.business_slots
)
returns numeric
language sql
stable
parallel safe
return case
  when to_at <= from_at then 0
  else
    ((cdd.business_micros(to_at, to_slot) - cdd.business_micros(from_at, from_slot)) / 3600::double precision)::bigint
      * 0.000001
end;

comment on function cdd.business_hours is 'Business hours from one instant to another, to six decimals; 0 if the second is not later. The slots are their rows of cdd.business_slots. Null = one of them lies outside of cdd.business_days.';
