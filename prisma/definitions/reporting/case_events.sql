create or replace view reporting.case_events with (security_barrier) as
select
  told.account_id,
  told.case_id,
  told.id as event_id,
  told.event,
  told.status,
  told.occurred_at,
  told.request_id,
  told.error,
  told.provider_case_id,
  told.recorded_at
from cdd.event_revisions as told
where told.superseded_at is null
  and (
    (select sees_all from cdd.current_reader)
    or told.account_id in (select account_id from cdd.granted_accounts)
  );

comment on view reporting.case_events is 'One row per event that a case''s document has now. Fresh: as saved by the account''s last run.';
comment on column reporting.case_events.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.case_events.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_events.event_id is 'events[].id; unique within its case.';
comment on column reporting.case_events.event is 'What Dintero calls it; null = not given.';
comment on column reporting.case_events.status is 'The status the event brought; null = it says nothing about the status.';
comment on column reporting.case_events.occurred_at is 'When it happened; null = the API gave no time.';
comment on column reporting.case_events.request_id is 'Dintero''s id of the request; null = not given.';
comment on column reporting.case_events.error is 'Error text; null = none.';
comment on column reporting.case_events.provider_case_id is 'The case''s id at the KYC provider; null = not given.';
comment on column reporting.case_events.recorded_at is 'When cdd-sync learned of it in this form.';
