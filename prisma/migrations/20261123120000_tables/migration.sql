-- The worker's own tables. Others read schema `reporting`; what stands here may change.

-- Not "if not exists": that asks for the right to create schemas even where somebody has made this one for us.
do $$ begin if to_regnamespace('cdd') is null then create schema cdd; end if; end $$;
comment on schema cdd is 'Copy and history of Dintero''s customer due diligence cases. Private to the worker.';

-- Accounts --------------------------------------------------------------------------------------------------------

create table cdd.accounts (
  id text not null,
  label text,
  environment text not null,
  partner_id text,
  enabled boolean not null default true,
  etag text,
  etag_request text,
  last_success_at timestamptz(6),
  constraint accounts_pkey primary key (id),
  constraint accounts_id_check check (id ~ '^[PT][0-9]{8}$'),
  constraint accounts_environment_check check (environment = case left(id, 1) when 'T' then 'test' else 'production' end),
  constraint accounts_etag_check check ((etag is null) = (etag_request is null))
);
comment on table cdd.accounts is 'Configured Dintero accounts; one that left the configuration stays, disabled.';
comment on column cdd.accounts.id is 'Dintero''s account id (aid).';
comment on column cdd.accounts.label is 'Name given in the configuration.';
comment on column cdd.accounts.environment is 'test for ids that begin with T, production for P.';
comment on column cdd.accounts.partner_id is 'The partner by way of which the token is got; null = own credentials.';
comment on column cdd.accounts.enabled is 'Whether the account is in the configuration.';
comment on column cdd.accounts.etag is 'ETag of the list as of the last succeeded run; null = the next run reads the list.';
comment on column cdd.accounts.etag_request is 'Hash of the request and settings that the etag was given for; for any other the etag says nothing.';
comment on column cdd.accounts.last_success_at is 'When the last succeeded run finished.';

-- Runs ------------------------------------------------------------------------------------------------------------

create table cdd.sync_runs (
  account_id text not null,
  id uuid not null,
  trigger text not null,
  state text not null default 'running',
  started_at timestamptz(6) not null default now(),
  heartbeat_at timestamptz(6) not null default now(),
  finished_at timestamptz(6),
  complete boolean not null default false,
  not_modified boolean not null default false,
  cases_seen integer not null default 0,
  cases_created integer not null default 0,
  cases_updated integer not null default 0,
  cases_unchanged integer not null default 0,
  cases_missing integer not null default 0,
  cases_returned integer not null default 0,
  missing_held_back integer not null default 0,
  events_recorded integer not null default 0,
  transitions_recorded integer not null default 0,
  items_rejected integer not null default 0,
  bytes_read bigint not null default 0,
  requests integer not null default 0,
  retries integer not null default 0,
  error_code text,
  error_message text,
  constraint sync_runs_pkey primary key (account_id, id),
  constraint sync_runs_account_id_fkey foreign key (account_id) references cdd.accounts (id) on update no action on delete no action,
  constraint sync_runs_trigger_check check (trigger in ('schedule', 'manual', 'webhook')),
  constraint sync_runs_state_check check (state in ('running', 'succeeded', 'partial', 'failed', 'abandoned')),
  constraint sync_runs_finished_check check ((state = 'running') = (finished_at is null)),
  constraint sync_runs_times_check check (heartbeat_at >= started_at and finished_at >= started_at),
  constraint sync_runs_whole_list_check check (state not in ('succeeded', 'partial') or complete or not_modified),
  constraint sync_runs_missing_check check (cases_missing = 0 or complete),
  constraint sync_runs_not_modified_check check (
    not not_modified
    or (state = 'succeeded' and cases_seen = 0 and cases_missing = 0 and items_rejected = 0 and not complete)
  ),
  constraint sync_runs_seen_check check (cases_seen = cases_created + cases_updated + cases_unchanged),
  constraint sync_runs_counters_check check (
    least(
      cases_created,
      cases_updated,
      cases_unchanged,
      cases_missing,
      cases_returned,
      missing_held_back,
      events_recorded,
      transitions_recorded,
      items_rejected,
      bytes_read,
      requests,
      retries
    ) >= 0
    and cases_returned <= cases_seen
  ),
  constraint sync_runs_error_code_check check (
    error_code in (
      'AUTH', 'FORBIDDEN', 'NOT_FOUND', 'RATE_LIMITED', 'HTTP', 'NETWORK', 'TIMEOUT', 'TRUNCATED', 'NOT_JSON',
      'DATABASE', 'MASS_DISAPPEARANCE', 'ABANDONED', 'CANCELLED'
    )
  ),
  constraint sync_runs_error_check check (
    case state
      when 'failed' then error_code is not null and error_code not in ('MASS_DISAPPEARANCE', 'ABANDONED')
      when 'abandoned' then error_code is not null and error_code = 'ABANDONED'
      when 'partial' then error_code is null or error_code = 'MASS_DISAPPEARANCE'
      else error_code is null
    end
    and (error_code is null) = (error_message is null)
  )
);

-- The lock: it holds without a session, so it works through connection poolers.
create unique index sync_runs_one_running_key on cdd.sync_runs (account_id) where state = 'running';

-- Because of this index a change of `state` takes the strongest row lock, which has to wait for every batch that holds
-- `for key share` on its run; a heartbeat, which leaves the indexed columns alone, does not. See docs/decisions.md, 6.
create unique index sync_runs_account_id_id_state_key on cdd.sync_runs (account_id, id, state);

create index sync_runs_account_id_started_at_idx on cdd.sync_runs (account_id, started_at desc);

comment on table cdd.sync_runs is 'One row per run: one pass over one account. A running row is the account''s lock.';
comment on column cdd.sync_runs.trigger is 'What asked for the run: schedule, manual (the command line) or webhook.';
comment on column cdd.sync_runs.state is 'running; succeeded; partial: the whole list was read, but items were rejected or missing cases held back; failed; abandoned: the worker stopped giving signs of life.';
comment on column cdd.sync_runs.heartbeat_at is 'Moves while the run lives; older than the lease = whoever comes next declares the run abandoned.';
comment on column cdd.sync_runs.complete is 'Whether the list was read to its closing bracket. Filtered lists can be complete too; they never mark anything missing.';
comment on column cdd.sync_runs.not_modified is 'The API said 304: nothing was read, nothing has changed.';
comment on column cdd.sync_runs.cases_seen is 'Different cases read: created + updated + unchanged.';
comment on column cdd.sync_runs.cases_updated is 'Cases whose content differs from what held.';
comment on column cdd.sync_runs.cases_unchanged is 'Cases as before, also when only their keys were reordered.';
comment on column cdd.sync_runs.cases_missing is 'Cases marked missing by this run.';
comment on column cdd.sync_runs.cases_returned is 'Of the cases seen, those that had been missing.';
comment on column cdd.sync_runs.missing_held_back is 'Cases that were not in the list but were not marked missing: too many at once, or an item whose id could not be read may have been one of them.';
comment on column cdd.sync_runs.events_recorded is 'Rows added to case_events: new events and new content of known ones.';
comment on column cdd.sync_runs.transitions_recorded is 'Rows added to status_transitions.';
comment on column cdd.sync_runs.items_rejected is 'Items of the list that could not be read; see rejected_items.';
comment on column cdd.sync_runs.bytes_read is 'Bytes of the list, after decompression, retries included.';
comment on column cdd.sync_runs.requests is 'HTTP requests sent, those for tokens included.';
comment on column cdd.sync_runs.retries is 'Requests that were tried again.';
comment on column cdd.sync_runs.error_code is 'Why the run did not succeed; null on success and on a partial run with rejected items only.';
comment on column cdd.sync_runs.error_message is 'The same in words, with what to do.';

-- Statuses --------------------------------------------------------------------------------------------------------

create table cdd.case_statuses (
  status text not null,
  stage text not null,
  rank integer,
  known boolean not null,
  constraint case_statuses_pkey primary key (status),
  constraint case_statuses_stage_check check (
    stage in ('applicant', 'review', 'approved', 'declined', 'closed', 'error', 'unknown')
  ),
  constraint case_statuses_known_check check (known = (stage <> 'unknown'))
);
comment on table cdd.case_statuses is 'Dintero''s statuses and our grouping of them; one never seen before is added as unknown.';
comment on column cdd.case_statuses.status is 'Dintero''s word, as in events[].case_status.';
comment on column cdd.case_statuses.stage is 'Our grouping: applicant, review, approved, declined, closed, error, unknown.';
comment on column cdd.case_statuses.rank is 'How far along the way a case is; null = not on the way. Compares, does not measure.';
comment on column cdd.case_statuses.known is 'Whether the API''s documentation has the status.';

insert into cdd.case_statuses (status, stage, rank, known)
values
  ('WAITING_FOR_DETAILS', 'applicant', 10, true),
  ('WAITING_FOR_DECLARATION', 'applicant', 20, true),
  ('WAITING_FOR_SIGNATURE', 'applicant', 30, true),
  ('AUTOMATIC_REVIEW', 'review', 40, true),
  ('UNDER_MANUAL_REVIEW', 'review', 50, true),
  ('ACTIVE', 'approved', 60, true),
  ('DECLINED', 'declined', 60, true),
  ('TERMINATED', 'closed', 70, true),
  ('ARCHIVED', 'closed', 70, true),
  ('ERROR', 'error', null, true);

-- Cases -----------------------------------------------------------------------------------------------------------
-- The tables below have no foreign keys: one set-based statement writes them together, and a check per row would cost
-- the first load more than it could find. See docs/decisions.md, 5.

create table cdd.cases (
  account_id text not null,
  id uuid not null,
  owner_account_id text,
  case_for_account_id text,
  payout_destination_id text,
  payout_destination_name text,
  payout_destination_description text,
  payout_reference text,
  products text[],
  checks text[],
  country_code text,
  organization_number text,
  requires_contract_signing boolean,
  reference_id text,
  package text,
  actions_on_approval text[],
  payment_options jsonb,
  created_at timestamptz(6),
  created_by text,
  updated_at timestamptz(6),
  deleted_at timestamptz(6),
  deleted_by text,
  status text,
  status_since timestamptz(6),
  first_seen_at timestamptz(6) not null,
  changed_at timestamptz(6) not null,
  missing_since timestamptz(6),
  fingerprint bytea not null,
  constraint cases_pkey primary key (account_id, id),
  constraint cases_status_check check ((status is null) = (status_since is null)),
  constraint cases_fingerprint_check check (octet_length(fingerprint) = 32)
);
comment on table cdd.cases is 'What holds now, one row per case; its history is in case_revisions, case_events and status_transitions.';
comment on column cdd.cases.account_id is 'The account whose list the case is in.';
comment on column cdd.cases.id is 'The case''s id.';
comment on column cdd.cases.owner_account_id is 'The item''s account_id; may differ from the account whose list it is in.';
comment on column cdd.cases.case_for_account_id is 'case_for.account_id';
comment on column cdd.cases.payout_destination_id is 'case_for.payout_destination_id';
comment on column cdd.cases.payout_destination_name is 'case_for.payout_destination_name';
comment on column cdd.cases.payout_destination_description is 'case_for.payout_destination_description';
comment on column cdd.cases.payout_reference is 'case_for.payout_reference';
comment on column cdd.cases.products is 'products; null = not given.';
comment on column cdd.cases.checks is 'case_request.checks';
comment on column cdd.cases.country_code is 'case_request.countryCode';
comment on column cdd.cases.organization_number is 'case_request.organizationNumber';
comment on column cdd.cases.requires_contract_signing is 'case_request.requireContractSigning';
comment on column cdd.cases.reference_id is 'case_request.referenceId';
comment on column cdd.cases.package is 'package: the pricing strategy.';
comment on column cdd.cases.created_at is 'Dintero''s created_at; null = the API gave none.';
comment on column cdd.cases.status is 'To-status of the last transition; null = no event had a status.';
comment on column cdd.cases.status_since is 'When the last transition happened.';
comment on column cdd.cases.first_seen_at is 'When a run first saved the case.';
comment on column cdd.cases.changed_at is 'When a run last found content that differs from what held.';
comment on column cdd.cases.missing_since is 'When a complete list was first without the case; null = it is in the list.';
comment on column cdd.cases.fingerprint is 'SHA-256 over what decides how a case is stored and the item''s bytes, as last received.';

create table cdd.case_revisions (
  account_id text not null,
  case_id uuid not null,
  revision integer not null,
  body jsonb,
  recorded_at timestamptz(6) not null,
  superseded_at timestamptz(6),
  run_id uuid not null,
  constraint case_revisions_pkey primary key (account_id, case_id, revision),
  constraint case_revisions_revision_check check (revision > 1 or (revision = 1 and body is not null)),
  constraint case_revisions_superseded_check check (superseded_at >= recorded_at)
);
create unique index case_revisions_current_key on cdd.case_revisions (account_id, case_id) where superseded_at is null;
comment on table cdd.case_revisions is 'Every document a case has had. Rows are added, or closed by setting superseded_at; nothing is deleted.';
comment on column cdd.case_revisions.revision is 'Counts from 1 per case.';
comment on column cdd.case_revisions.body is 'The document, its events replaced by their ids in the order given; null = absent from a complete list.';
comment on column cdd.case_revisions.recorded_at is 'When we learned it.';
comment on column cdd.case_revisions.superseded_at is 'When we learned better; null = holds now.';
comment on column cdd.case_revisions.run_id is 'The run that recorded it; runs are kept for a limited time.';

create table cdd.case_events (
  account_id text not null,
  case_id uuid not null,
  id bigint not null,
  revision integer not null,
  event text,
  status text,
  occurred_at timestamptz(6),
  request_id text,
  error text,
  provider_case_id text,
  contract_url text,
  body jsonb not null,
  recorded_at timestamptz(6) not null,
  superseded_at timestamptz(6),
  run_id uuid not null,
  constraint case_events_pkey primary key (account_id, case_id, id, revision),
  constraint case_events_revision_check check (revision >= 1),
  constraint case_events_superseded_check check (superseded_at >= recorded_at)
);
create unique index case_events_current_key on cdd.case_events (account_id, case_id, id) where superseded_at is null;
comment on table cdd.case_events is 'Every event of every case, with every content it has had. An event that is no longer in its case''s document is closed.';
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

create table cdd.status_transitions (
  account_id text not null,
  case_id uuid not null,
  sequence integer not null,
  from_status text,
  to_status text not null,
  occurred_at timestamptz(6) not null,
  occurred_at_source text not null,
  event_id bigint not null,
  recorded_at timestamptz(6) not null,
  superseded_at timestamptz(6),
  run_id uuid not null,
  constraint status_transitions_pkey primary key (account_id, case_id, sequence, recorded_at),
  constraint status_transitions_first_check check (sequence >= 1 and (sequence = 1) = (from_status is null)),
  constraint status_transitions_change_check check (from_status is distinct from to_status),
  constraint status_transitions_source_check check (occurred_at_source in ('event', 'inferred')),
  constraint status_transitions_superseded_check check (superseded_at >= recorded_at)
);
create unique index status_transitions_current_key on cdd.status_transitions (account_id, case_id, sequence)
where superseded_at is null;
comment on table cdd.status_transitions is 'Every change of status, derived from the events. What a late event showed to be wrong is closed, not changed.';
comment on column cdd.status_transitions.sequence is 'Counts from 1 per case, in order of (occurred_at, event_id).';
comment on column cdd.status_transitions.from_status is 'Null for a case''s first status.';
comment on column cdd.status_transitions.occurred_at_source is 'event: the event''s created_at; inferred: the event has no time, so the greatest among events of smaller id, else the case''s created_at, else the time of recording.';
comment on column cdd.status_transitions.event_id is 'The event that brought the status.';
comment on column cdd.status_transitions.recorded_at is 'When we learned it.';
comment on column cdd.status_transitions.superseded_at is 'When we learned better; null = holds now.';
comment on column cdd.status_transitions.run_id is 'The run that recorded it; runs are kept for a limited time.';

create table cdd.rejected_items (
  account_id text not null,
  fingerprint bytea not null,
  case_id uuid,
  path text not null,
  reason text not null,
  body text,
  first_seen_at timestamptz(6) not null,
  last_seen_at timestamptz(6) not null,
  times_seen integer not null default 1,
  resolved_at timestamptz(6),
  constraint rejected_items_pkey primary key (account_id, fingerprint),
  constraint rejected_items_fingerprint_check check (octet_length(fingerprint) = 32),
  constraint rejected_items_seen_check check (last_seen_at >= first_seen_at and times_seen >= 1),
  constraint rejected_items_resolved_check check (resolved_at >= last_seen_at)
);
comment on table cdd.rejected_items is 'Items of a list that could not be read as a case, and why.';
comment on column cdd.rejected_items.fingerprint is 'SHA-256 over what decides how a case is stored and the item''s bytes.';
comment on column cdd.rejected_items.case_id is 'The item''s id, where it could be read.';
comment on column cdd.rejected_items.path is 'Where inside the item; empty = the item as a whole.';
comment on column cdd.rejected_items.body is 'The item as received; null when it was too large to keep, or with personalData: drop.';
comment on column cdd.rejected_items.times_seen is 'Runs that met the item.';
comment on column cdd.rejected_items.resolved_at is 'When a complete list was first without the item; null = it is still there.';

-- Documents as they were ------------------------------------------------------------------------------------------

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
