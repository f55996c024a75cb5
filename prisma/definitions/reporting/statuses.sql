create or replace view reporting.statuses with (security_barrier) as
select
  status_row.status,
  status_row.stage,
  status_row.rank,
  status_row.known,
  target.target_hours,
  target.target_business_hours
from cdd.case_statuses as status_row
left join cdd.status_targets as target on target.status = status_row.status;

comment on view reporting.statuses is 'One row per status, with its stage. A new status is added when Dintero first sends it. Fresh: at once.';
comment on column reporting.statuses.status is 'Dintero''s word, as in events[].case_status.';
comment on column reporting.statuses.stage is 'Our grouping: applicant (waits for the applicant), review (waits for a check), approved, declined, closed, error, unknown (a status that is not in the API''s documentation).';
comment on column reporting.statuses.rank is 'Position in the normal course of a case, for comparing only; null = not part of it (error, unknown).';
comment on column reporting.statuses.known is 'Whether the API''s documentation has the status.';
comment on column reporting.statuses.target_hours is 'The configured target of a stay in it, in hours of the clock; null = none, or one in business hours.';
comment on column reporting.statuses.target_business_hours is 'The configured target of a stay in it, in business hours; null = none, or one in hours of the clock.';
