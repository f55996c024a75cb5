create or replace view reporting.settings with (security_barrier) as
select timezone
from cdd.report_settings;

comment on view reporting.settings is 'What the configuration says about the reports; one row. Fresh: as of the last start of a worker, or sync.';
comment on column reporting.settings.timezone is 'Time zone of the days and months in the reports, for "at time zone": who counts times of cases by day or month comes to the same days with it.';
