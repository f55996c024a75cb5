create or replace view reporting.business_days with (security_barrier) as
select
  day,
  opens_at,
  closes_at,
  coalesce((date_part('epoch', closes_at - opens_at) / 0.0036)::bigint, 0) * 0.000001 as hours,
  (micros_before / 3600::double precision)::bigint * 0.000001 as hours_before,
  closed_because,
  holiday
from cdd.business_days;

comment on view reporting.business_days is 'Every day of the configured time zone from 2000 to the end of the tenth year from now, with its business hours (reports.calendar in the configuration). Fresh: as of the last start of a worker, or sync.';
comment on column reporting.business_days.day is 'The day, in the configured time zone.';
comment on column reporting.business_days.opens_at is 'When its business hours begin; null = it has none.';
comment on column reporting.business_days.closes_at is 'When they end.';
comment on column reporting.business_days.hours is 'Business hours of the day; 0 = it has none.';
comment on column reporting.business_days.hours_before is 'Business hours of all days before it. The difference of two days is what lies between them.';
comment on column reporting.business_days.closed_because is 'Why it has none. weekday: no business day; public_holiday; closed_day: closed in the configuration; clocks: clocks are set forward over all of them.';
comment on column reporting.business_days.holiday is 'Name of the public holiday, also if the weekday alone would close the day.';
