create or replace view reporting.settings with (security_barrier) as
select timezone
from cdd.report_settings;

comment on view reporting.settings is 'Settings of the reports, from the configuration; one row. Fresh: as of the last start of a worker, or sync.';
comment on column reporting.settings.timezone is 'Time zone of the days and months in the reports. With "at time zone", your own counts by day or month use the same days.';
