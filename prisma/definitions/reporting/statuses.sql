create or replace view reporting.statuses with (security_barrier) as
select status, stage, rank, known
from cdd.case_statuses;

comment on view reporting.statuses is 'One row per status, with its stage. A new status is added when Dintero first sends it. Fresh: at once.';
comment on column reporting.statuses.status is 'Dintero''s word, as in events[].case_status.';
comment on column reporting.statuses.stage is 'Our grouping: applicant (waits for the applicant), review (waits for a check), approved, declined, closed, error, unknown (a status that is not in the API''s documentation).';
comment on column reporting.statuses.rank is 'Position in the normal course of a case, for comparing only; null = not part of it (error, unknown).';
comment on column reporting.statuses.known is 'Whether the API''s documentation has the status.';
