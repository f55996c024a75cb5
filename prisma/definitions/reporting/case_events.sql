create or replace view reporting.case_events with (security_barrier) as
select
  event_row.account_id,
  event_row.case_id,
  event_row.id as event_id,
  event_row.event,
  event_row.status,
  event_row.occurred_at,
  event_row.request_id,
  event_row.error,
  event_row.provider_case_id,
  event_row.recorded_at,
  event_row.account_id || '/' || event_row.case_id as case_key
from cdd.event_revisions as event_row
where event_row.superseded_at is null
  and (
    (select sees_all from cdd.current_reader)
    or event_row.account_id in (select account_id from cdd.granted_accounts)
  );

comment on view reporting.case_events is 'One row per event in the current document of a case. Fresh: as saved by the account''s last run.';
comment on column reporting.case_events.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_events.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_events.event_id is 'events[].id; unique within its case.';
comment on column reporting.case_events.event is 'Dintero''s name for the event; null = not given.';
comment on column reporting.case_events.status is 'The status that the event set; null = none.';
comment on column reporting.case_events.occurred_at is 'When it happened; null = the API gave no time.';
comment on column reporting.case_events.request_id is 'Dintero''s id of the request; null = not given.';
comment on column reporting.case_events.error is 'Error text; null = none.';
comment on column reporting.case_events.provider_case_id is 'The case''s id at the KYC provider; null = not given.';
comment on column reporting.case_events.recorded_at is 'When cdd-sync learned it in this form.';
comment on column reporting.case_events.case_key is 'account_id/case_id: the case''s key in one column.';
