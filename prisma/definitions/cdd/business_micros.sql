create or replace function cdd.business_micros(at timestamptz, slot cdd.business_slots)
returns bigint
language sql
stable
parallel safe
-- Without a row all comparisons are null, and so is micros_after.
return case
  when at < (slot).opens_1 then (slot).micros_before
  when at < (slot).closes_1 then cdd.epoch_micros(at) - (slot).offset_1
  when at < (slot).opens_2 then (slot).micros_between
  when at < (slot).closes_2 then cdd.epoch_micros(at) - (slot).offset_2
  else (slot).micros_after
end;

comment on function cdd.business_micros is 'Business hours from the first day of cdd.business_days to an instant, in microseconds; slot is the instant''s row of cdd.business_slots.';
