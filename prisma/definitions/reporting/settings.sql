create or replace view reporting.settings with (security_barrier) as
select
  timezone,
  business_country,
  business_weekdays,
  to_char(business_opens, 'HH24:MI') || '-' || to_char(business_closes, 'HH24:MI') as business_day_hours,
  business_closed as business_closed_days,
  (select sees_names from cdd.current_reader) as sees_names
from cdd.report_settings;

comment on view reporting.settings is 'Settings of the reports, from the configuration; one row. Fresh: as of the last start of a worker, or sync.';
comment on column reporting.settings.timezone is 'Time zone of the days and months in the reports. With "at time zone", your own counts by day or month use the same days.';
comment on column reporting.settings.business_country is 'Country, or part of one, whose public holidays are no business days.';
comment on column reporting.settings.business_weekdays is 'Weekdays with business hours: 1 = Monday, 7 = Sunday.';
comment on column reporting.settings.business_day_hours is 'When they begin and end, by the clocks of timezone.';
comment on column reporting.settings.business_closed_days is 'Further days without business hours.';
comment on column reporting.settings.sees_names is 'Whether the views show you names and organization numbers (grant-reader --without-names hides them).';
