-- The body by a subquery and not by a join, so that the rows can be updated as those of a table.
create or replace view cdd.case_events as
select
  event.account_id,
  event.case_id,
  event.id,
  event.revision,
  event.event,
  event.status,
  event.occurred_at,
  event.request_id,
  event.error,
  event.provider_case_id,
  event.contract_url,
  (
    select recorded.bodies -> event.place
    from cdd.event_bodies as recorded
    where recorded.account_id = event.account_id
      and recorded.case_id = event.case_id
      and recorded.revision = event.bodies_revision
  ) as body,
  event.recorded_at,
  event.superseded_at,
  event.run_id
from cdd.event_revisions as event;

comment on view cdd.case_events is 'Every event of every case, with every content it has had. An event that is no longer in its case''s document is closed.';
comment on column cdd.case_events.id is 'events[].id; unique within its case.';
comment on column cdd.case_events.revision is 'Counts from 1 per event.';
comment on column cdd.case_events.event is 'events[].event: what Dintero calls it.';
comment on column cdd.case_events.status is 'events[].case_status';
comment on column cdd.case_events.occurred_at is 'events[].created_at; null = the API gave none.';
comment on column cdd.case_events.provider_case_id is 'events[].created.case_id: the KYC provider''s id.';
comment on column cdd.case_events.contract_url is 'events[].created.contract_url: a signing link, treat it as a secret. Null when it was recorded with personalData: drop.';
comment on column cdd.case_events.body is 'The event as received; personal data of the provider''s case object included unless personalData was drop when it was recorded.';
comment on column cdd.case_events.recorded_at is 'When we learned it.';
comment on column cdd.case_events.superseded_at is 'When we learned better, or the event was no longer in the document; null = holds now.';
comment on column cdd.case_events.run_id is 'The run that recorded it; runs are kept for a limited time.';
comment on column cdd.case_events.account_id is 'The account whose list the case is in.';
comment on column cdd.case_events.case_id is 'The case''s id at Dintero.';
comment on column cdd.case_events.request_id is 'events[].request_id';
comment on column cdd.case_events.error is 'events[].error';
