create or replace view reporting.statuses with (security_barrier) as
select status, stage, rank, known
from cdd.case_statuses;

comment on view reporting.statuses is 'Dintero''s statuses and their stages. One row per status; it grows when Dintero sends a new one. Fresh: at once.';
comment on column reporting.statuses.status is 'Dintero''s word, as in events[].case_status.';
comment on column reporting.statuses.stage is 'Our grouping: applicant (waits for the applicant), review (waits for a check), approved, declined, closed, error, unknown (a status the API''s documentation does not have).';
comment on column reporting.statuses.rank is 'How far along the way a case is, for comparing only; null = not on the way (error, unknown).';
comment on column reporting.statuses.known is 'Whether the API''s documentation has the status.';
