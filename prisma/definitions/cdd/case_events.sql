-- The body comes from a subquery, not a join, so that Postgres lets the other columns be updated through the view.
create or replace view cdd.case_events as
select
  event_row.account_id,
  event_row.case_id,
  event_row.id,
  event_row.revision,
  event_row.event,
  event_row.status,
  event_row.occurred_at,
  event_row.request_id,
  event_row.error,
  event_row.provider_case_id,
  event_row.contract_url,
  (
    select body_row.bodies -> event_row.place
    from cdd.event_bodies as body_row
    where body_row.account_id = event_row.account_id
      and body_row.case_id = event_row.case_id
      and body_row.revision = event_row.bodies_revision
  ) as body,
  event_row.recorded_at,
  event_row.superseded_at,
  event_row.run_id
from cdd.event_revisions as event_row;

comment on view cdd.case_events is 'Every event of every case, with every content it has had. An event that is no longer in its case''s document is closed.';
comment on column cdd.case_events.id is 'events[].id; unique within its case.';
comment on column cdd.case_events.revision is 'Counts from 1 per event.';
comment on column cdd.case_events.event is 'events[].event: Dintero''s name for the event.';
comment on column cdd.case_events.status is 'events[].case_status';
comment on column cdd.case_events.occurred_at is 'events[].created_at; null = the API gave none.';
comment on column cdd.case_events.provider_case_id is 'events[].created.case_id: the KYC provider''s id.';
comment on column cdd.case_events.contract_url is 'events[].created.contract_url: a signing link, treat it as a secret. Null when it was recorded with personalData: drop or minimal.';
comment on column cdd.case_events.body is 'The event as received; includes personal data of the provider''s case object, unless it was recorded with personalData: drop or minimal.';
comment on column cdd.case_events.recorded_at is 'When we learned it.';
comment on column cdd.case_events.superseded_at is 'When we learned newer content, or the event was no longer in the document; null = current.';
comment on column cdd.case_events.run_id is 'The run that recorded it; runs are kept for a limited time.';
comment on column cdd.case_events.account_id is 'The account that has the case in its list.';
comment on column cdd.case_events.case_id is 'The case''s id at Dintero.';
comment on column cdd.case_events.request_id is 'events[].request_id';
comment on column cdd.case_events.error is 'events[].error';
