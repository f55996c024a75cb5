-- The views' days and months are of this zone. Who counts times of reporting.cases by day or month, as dashboards do to
-- take percentiles over several accounts, needs it to come to the same days.
create view reporting.settings with (security_barrier) as
select timezone
from cdd.report_settings;

comment on view reporting.settings is 'What the configuration says about the reports; one row. Fresh: as of the last start of a worker, or sync.';
comment on column reporting.settings.timezone is 'Time zone of the days and months in the reports, for "at time zone".';

do $$
begin
  if exists (select from pg_catalog.pg_roles where rolname = 'cdd_reader') then
    grant select on reporting.settings to cdd_reader;
  end if;
end
$$;
