-- The bodies of a case's events that are recorded together are one value, which is long enough for Postgres to compress
-- it; a body alone never was. Of sixteen events at most, because who asks for one body takes all of them apart.
-- docs/decisions.md, 52.

drop function cdd.case_document;
alter table cdd.case_events rename to event_revisions;
alter table cdd.event_revisions rename constraint case_events_pkey to event_revisions_pkey;
alter table cdd.event_revisions rename constraint case_events_revision_check to event_revisions_revision_check;
alter table cdd.event_revisions rename constraint case_events_superseded_check to event_revisions_superseded_check;
alter index cdd.case_events_superseded_idx rename to event_revisions_superseded_idx;
alter index cdd.case_events_error_idx rename to event_revisions_error_idx;
alter index cdd.case_events_time_idx rename to event_revisions_time_idx;

create table cdd.event_bodies (
  account_id text not null,
  case_id uuid not null,
  revision integer not null,
  bodies jsonb not null,
  constraint event_bodies_pkey primary key (account_id, case_id, revision),
  constraint event_bodies_revision_check check (revision >= 1)
);
alter table cdd.event_bodies alter column bodies set statistics 0;
comment on table cdd.event_bodies is 'The bodies of events of a case that were recorded together, sixteen at most.';
comment on column cdd.event_bodies.revision is 'Counts from 1 per case; not that of an event.';
comment on column cdd.event_bodies.bodies is 'An array. Personal data of the provider''s case object included unless personalData was drop when it was recorded.';

alter table cdd.event_revisions
  add column bodies_revision integer,
  add column place integer;

update cdd.event_revisions as held
set bodies_revision = numbered.bodies_revision, place = numbered.place
from (
  select
    account_id,
    case_id,
    id,
    revision,
    dense_rank() over (partition by account_id, case_id order by recorded_at, number / 16) as bodies_revision,
    number % 16 as place
  from (
    select
      account_id,
      case_id,
      id,
      revision,
      recorded_at,
      row_number() over (partition by account_id, case_id, recorded_at order by id, revision) - 1 as number
    from cdd.event_revisions
  ) as recorded
) as numbered
where held.account_id = numbered.account_id
  and held.case_id = numbered.case_id
  and held.id = numbered.id
  and held.revision = numbered.revision;

insert into cdd.event_bodies (account_id, case_id, revision, bodies)
select account_id, case_id, bodies_revision, jsonb_agg(body order by place)
from cdd.event_revisions
group by account_id, case_id, bodies_revision;

-- A type that is set by an expression makes Postgres write the table anew, without what it had before.
alter table cdd.event_revisions
  drop column body,
  alter column bodies_revision set not null,
  alter column place set not null,
  alter column place type integer using place + 0;
comment on table cdd.event_revisions is 'Every event of every case, with every content it has had, but for the bodies: cdd.case_events has those too.';
comment on column cdd.event_revisions.bodies_revision is 'Which row of event_bodies its body is in.';
comment on column cdd.event_revisions.place is 'Where in the array of that row; counts from 0.';

-- The body by a subquery and not by a join, so that the rows can be updated as those of a table.
create view cdd.case_events as
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

-- As it was, over the view.
create function cdd.case_document(account_id text, case_id uuid, known_at timestamptz default now())
returns jsonb
language sql
stable
parallel safe
return (
  select
    jsonb_set(
      revision.body,
      '{events}',
      coalesce(
        (
          select jsonb_agg(event.body order by listed.position)
          from jsonb_array_elements(revision.body -> 'events') with ordinality as listed (id, position)
          join cdd.case_events as event
            on event.account_id = case_document.account_id
            and event.case_id = case_document.case_id
            and event.id = listed.id::bigint
            and event.recorded_at <= case_document.known_at
            and (event.superseded_at is null or event.superseded_at > case_document.known_at)
        ),
        '[]'
      )
    )
  from cdd.case_revisions as revision
  where revision.account_id = case_document.account_id
    and revision.case_id = case_document.case_id
    and revision.recorded_at <= case_document.known_at
    and (revision.superseded_at is null or revision.superseded_at > case_document.known_at)
);
comment on function cdd.case_document is 'The case''s document as the API gave it, by what we knew at known_at; null = unknown then, or absent from the list.';

create function cdd.without_personal_data(document jsonb)
returns jsonb
language sql
immutable
parallel safe
return jsonb_set(
  document #- '{case_request,details}',
  '{events}',
  coalesce(
    (
      select jsonb_agg((event.body - 'case') #- '{created,contract_url}' order by event.position)
      from jsonb_array_elements(document -> 'events') with ordinality as event (body, position)
    ),
    '[]'
  )
);
comment on function cdd.without_personal_data is 'A case''s document as it is stored with personalData: drop.';
