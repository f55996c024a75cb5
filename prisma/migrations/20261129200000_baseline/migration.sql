-- The tables of schema cdd: constraints, indexes, first rows, and comments. Views, functions and triggers are in
-- prisma/definitions. A database of version 0.1.0 has these tables from its twelve migrations and skips this file;
-- src/store/migrate/baseline.ts gives them the comments below.

-- Not "if not exists": that needs the right to create schemas, even when an administrator has already made this one.
do $$ begin if to_regnamespace('cdd') is null then create schema cdd; end if; end $$;
comment on schema cdd is 'Copy and history of Dintero''s customer due diligence cases. Private to the worker.';
do $$ begin if to_regnamespace('reporting') is null then create schema reporting; end if; end $$;
comment on schema reporting is 'Dintero''s customer due diligence cases for analysts and dashboards. Stable. Has names and organization numbers, also of sole traders, and no other personal data.';

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
  refusals integer not null default 0,
  next_try_at timestamptz(6),
  nudged_at timestamptz(6),
  schedule_seconds integer,
  constraint accounts_pkey primary key (id),
  constraint accounts_id_check check (id ~ '^[PT][0-9]{8}$'),
  constraint accounts_environment_check check (environment = case left(id, 1) when 'T' then 'test' else 'production' end),
  constraint accounts_etag_check check ((etag is null) = (etag_request is null)),
  constraint accounts_refusals_check check (refusals >= 0),
  constraint accounts_next_try_at_check check (next_try_at is null or refusals > 0),
  constraint accounts_schedule_seconds_check check (schedule_seconds > 0)
);
comment on table cdd.accounts is 'Synced accounts: configured ones and discovered merchants. An account that is neither any more stays, disabled.';
comment on column cdd.accounts.id is 'Dintero''s account id (aid).';
comment on column cdd.accounts.label is 'Name given in the configuration; for a discovered merchant, its business name.';
comment on column cdd.accounts.environment is 'test for ids that begin with T, production for P.';
comment on column cdd.accounts.partner_id is 'The partner whose credentials give the token; null = the account has its own credentials.';
comment on column cdd.accounts.enabled is 'Whether the account is in the configuration, or is a merchant that a discovering partner listed last time.';
comment on column cdd.accounts.etag is 'ETag of the list as of the last succeeded run; null = the next run reads the list.';
comment on column cdd.accounts.etag_request is 'Hash of the request and the settings for which the ETag was given; the ETag is not valid for any other.';
comment on column cdd.accounts.last_success_at is 'When the last succeeded run finished.';
comment on column cdd.accounts.refusals is 'Consecutive runs that the API refused (error_code AUTH or FORBIDDEN); other failures neither count nor reset it.';
comment on column cdd.accounts.next_try_at is 'Circuit breaker: no run by schedule or webhook before this time, because the API keeps refusing the account; null = any time.';
comment on column cdd.accounts.nudged_at is 'When a webhook last asked for a run.';
comment on column cdd.accounts.schedule_seconds is 'Longest time between two ticks of the account''s schedule; null = no worker has run the account on a schedule yet.';

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

-- An account's lock. It needs no session of its own, so it works through connection poolers.
create unique index sync_runs_one_running_key on cdd.sync_runs (account_id) where state = 'running';

-- Not redundant: because `state` is in a unique index, changing it takes the strongest row lock, which waits for every
-- batch that holds `for key share` on its run. A heartbeat changes no indexed column and does not wait.
create unique index sync_runs_account_id_id_state_key on cdd.sync_runs (account_id, id, state);

create index sync_runs_account_id_started_at_idx on cdd.sync_runs (account_id, started_at desc);

comment on table cdd.sync_runs is 'One row per run: one pass over one account. A row with state running is the account''s lock.';
comment on column cdd.sync_runs.trigger is 'Cause of the run: schedule, manual (the command line) or webhook.';
comment on column cdd.sync_runs.state is 'running; succeeded; partial: the whole list was read, but items were rejected or missing cases held back; failed; abandoned: the heartbeat of the worker stopped.';
comment on column cdd.sync_runs.heartbeat_at is 'Moves while the run lives. When it is older than the lease, the next worker that wants the account declares the run abandoned.';
comment on column cdd.sync_runs.complete is 'Whether the list was read to its closing bracket. A filtered list can be complete too, but never marks a case missing.';
comment on column cdd.sync_runs.not_modified is 'The API answered 304: nothing was read, nothing has changed.';
comment on column cdd.sync_runs.cases_seen is 'Different cases read: created + updated + unchanged.';
comment on column cdd.sync_runs.cases_updated is 'Cases with other content than stored.';
comment on column cdd.sync_runs.cases_unchanged is 'Cases with the same content as before, even if their keys came in another order.';
comment on column cdd.sync_runs.cases_missing is 'Cases that this run marked missing.';
comment on column cdd.sync_runs.cases_returned is 'Cases seen that were missing before the run.';
comment on column cdd.sync_runs.missing_held_back is 'Cases that were not in the list but were not marked missing: too many at once, or an item with an unreadable id may have been one of them.';
comment on column cdd.sync_runs.events_recorded is 'Rows added to event_revisions: new events and new content of known ones.';
comment on column cdd.sync_runs.transitions_recorded is 'Rows added to status_transitions.';
comment on column cdd.sync_runs.items_rejected is 'Items of the list that could not be read; see rejected_items.';
comment on column cdd.sync_runs.bytes_read is 'Bytes of the list, after decompression, retries included.';
comment on column cdd.sync_runs.requests is 'HTTP requests sent, token requests included.';
comment on column cdd.sync_runs.retries is 'Requests that were tried again.';
comment on column cdd.sync_runs.error_code is 'Why the run did not succeed; null on success, and on a run that is partial only because of rejected items.';
comment on column cdd.sync_runs.error_message is 'The error in words, and its remedy.';

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
comment on table cdd.case_statuses is 'Dintero''s statuses and our grouping of them. A status that was never seen before is added as unknown.';
comment on column cdd.case_statuses.status is 'Dintero''s word, as in events[].case_status.';
comment on column cdd.case_statuses.stage is 'Our grouping: applicant, review, approved, declined, closed, error, unknown.';
comment on column cdd.case_statuses.rank is 'Position in the normal course of a case; null = not part of it. For comparing only.';
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
-- The tables below have no foreign keys: one set-based statement writes them together, and a check per row would slow
-- down the first load without finding anything.
-- `set statistics 0`: no query filters by these columns, and sampling their long values took most of an ANALYZE.

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
  opened_at timestamptz(6),
  first_decided_at timestamptz(6),
  first_decision text,
  decision_route text,
  first_approved_at timestamptz(6),
  first_declined_at timestamptz(6),
  was_manual_review boolean not null default false,
  transitions integer not null default 0,
  times_reopened integer not null default 0,
  times_left_active integer not null default 0,
  times_backward integer not null default 0,
  furthest_rank integer,
  applicant_seconds double precision not null default 0,
  review_seconds double precision not null default 0,
  last_error text,
  last_error_at timestamptz(6),
  content_hash bytea,
  constraint cases_pkey primary key (account_id, id),
  constraint cases_status_check check ((status is null) = (status_since is null)),
  constraint cases_fingerprint_check check (octet_length(fingerprint) = 32),
  constraint cases_content_hash_check check (octet_length(content_hash) = 16),
  constraint cases_first_decision_check check (first_decision in ('approved', 'declined')),
  constraint cases_decision_route_check check (decision_route in ('manual', 'automatic')),
  constraint cases_decided_check check (
    (first_decided_at is null) = (first_decision is null) and (first_decided_at is null) = (decision_route is null)
  )
)
-- Room on every page for a new version of a row or two: such an update writes no index entries and takes half the time.
with (fillfactor = 85);
alter table cdd.cases alter column fingerprint set statistics 0;

-- Finds one case id under two accounts.
create index cases_id_idx on cdd.cases (id);
-- Finds the cases with transitions in some months: an index of status_transitions by time, with four entries per case,
-- cost a first load more than everything else that is done for the reports.
create index cases_account_id_status_since_idx on cdd.cases (account_id, status_since);
create index cases_gone_idx on cdd.cases (account_id, least(deleted_at, missing_since))
where deleted_at is not null or missing_since is not null;

comment on table cdd.cases is 'One row per case, as it is now. Its history is in case_revisions, event_revisions and status_transitions.';
comment on column cdd.cases.account_id is 'The account that has the case in its list.';
comment on column cdd.cases.id is 'The case''s id.';
comment on column cdd.cases.owner_account_id is 'The item''s account_id; may differ from the account that has it in its list.';
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
comment on column cdd.cases.changed_at is 'When a run last found content that differs from the stored content.';
comment on column cdd.cases.missing_since is 'When a complete list was first without the case; null = it is in the list.';
comment on column cdd.cases.fingerprint is 'SHA-256 over the settings that decide how a case is stored and over the item''s bytes, as last received.';
comment on column cdd.cases.opened_at is 'When the first transition happened; without one, created_at.';
comment on column cdd.cases.first_decided_at is 'When the case first reached stage approved or declined.';
comment on column cdd.cases.first_decision is 'The stage it reached then: approved or declined.';
comment on column cdd.cases.decision_route is 'manual: it had been UNDER_MANUAL_REVIEW before its first decision; automatic: it had not.';
comment on column cdd.cases.first_approved_at is 'When it first reached stage approved.';
comment on column cdd.cases.first_declined_at is 'When it first reached stage declined.';
comment on column cdd.cases.was_manual_review is 'Whether it ever was UNDER_MANUAL_REVIEW.';
comment on column cdd.cases.transitions is 'Number of its current transitions.';
comment on column cdd.cases.times_reopened is 'Transitions from stage approved, declined or closed back to applicant or review.';
comment on column cdd.cases.times_left_active is 'Transitions from ACTIVE.';
comment on column cdd.cases.times_backward is 'Transitions to a status of lower rank.';
comment on column cdd.cases.furthest_rank is 'Highest rank among the statuses it has had, except those of stage closed.';
comment on column cdd.cases.applicant_seconds is 'Total time of its ended stays in statuses of stage applicant.';
comment on column cdd.cases.review_seconds is 'Total time of its ended stays in statuses of stage review.';
comment on column cdd.cases.last_error is 'Error text of the newest current event that has one. An event without a time counts with the greatest time among events of smaller id, else with the case''s created_at, else with the time of its recording.';
comment on column cdd.cases.last_error_at is 'When that event happened.';
comment on column cdd.cases.content_hash is 'Hash (16 bytes) of the document''s content that does not depend on the order of its keys. Null = not computed: no hash was needed yet, or the document is too large or unusual.';

create table cdd.case_revisions (
  account_id text not null,
  case_id uuid not null,
  revision integer not null,
  body jsonb,
  recorded_at timestamptz(6) not null,
  superseded_at timestamptz(6),
  run_id uuid not null,
  deleted_at timestamptz(6),
  constraint case_revisions_pkey primary key (account_id, case_id, revision),
  constraint case_revisions_revision_check check (revision > 1 or (revision = 1 and body is not null)),
  constraint case_revisions_superseded_check check (superseded_at >= recorded_at)
);
alter table cdd.case_revisions alter column body set statistics 0;
comment on table cdd.case_revisions is 'Every document a case has had. Rows are added, or closed by setting superseded_at; nothing is deleted.';
comment on column cdd.case_revisions.revision is 'Counts from 1 per case.';
comment on column cdd.case_revisions.body is 'The document, with its events replaced by their ids in the order given; null = the case was absent from a complete list.';
comment on column cdd.case_revisions.recorded_at is 'When we learned it.';
comment on column cdd.case_revisions.superseded_at is 'When we learned a newer version; null = current.';
comment on column cdd.case_revisions.run_id is 'The run that recorded it; runs are kept for a limited time.';
comment on column cdd.case_revisions.deleted_at is 'deleted_at of the document; for an absent case, that of its last document.';

create table cdd.event_revisions (
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
  recorded_at timestamptz(6) not null,
  superseded_at timestamptz(6),
  run_id uuid not null,
  bodies_revision integer not null,
  place integer not null,
  constraint event_revisions_pkey primary key (account_id, case_id, id, revision),
  constraint event_revisions_revision_check check (revision >= 1),
  constraint event_revisions_superseded_check check (superseded_at >= recorded_at)
);
alter table cdd.event_revisions alter column contract_url set statistics 0;
create index event_revisions_superseded_idx on cdd.event_revisions (account_id, case_id, id)
where superseded_at is not null;
create index event_revisions_error_idx on cdd.event_revisions (account_id, occurred_at)
where superseded_at is null and error is not null;
-- Runs append events roughly in order of time, so a query about the last months of all accounts reads the table's end.
create index event_revisions_time_idx on cdd.event_revisions
using brin (occurred_at) with (pages_per_range = 32, autosummarize = on);
comment on table cdd.event_revisions is 'Every event of every case, with every content it has had, without the bodies. View cdd.case_events adds the bodies.';
comment on column cdd.event_revisions.id is 'events[].id; unique within its case.';
comment on column cdd.event_revisions.revision is 'Counts from 1 per event.';
comment on column cdd.event_revisions.event is 'events[].event: Dintero''s name for the event.';
comment on column cdd.event_revisions.status is 'events[].case_status';
comment on column cdd.event_revisions.occurred_at is 'events[].created_at; null = the API gave none.';
comment on column cdd.event_revisions.provider_case_id is 'events[].created.case_id: the KYC provider''s id.';
comment on column cdd.event_revisions.contract_url is 'events[].created.contract_url: a signing link, treat it as a secret. Null when it was recorded with personalData: drop.';
comment on column cdd.event_revisions.recorded_at is 'When we learned it.';
comment on column cdd.event_revisions.superseded_at is 'When we learned newer content, or the event was no longer in the document; null = current.';
comment on column cdd.event_revisions.run_id is 'The run that recorded it; runs are kept for a limited time.';
comment on column cdd.event_revisions.bodies_revision is 'The row of event_bodies that holds its body.';
comment on column cdd.event_revisions.place is 'Index of its body in the array of that row; counts from 0.';

-- Postgres compresses long values only, and a single body is too short. So bodies that are recorded together are one
-- value; of sixteen bodies at most, because reading one body means decompressing all of them.
create table cdd.event_bodies (
  account_id text not null,
  case_id uuid not null,
  revision integer not null,
  bodies jsonb not null,
  constraint event_bodies_pkey primary key (account_id, case_id, revision),
  constraint event_bodies_revision_check check (revision >= 1)
);
alter table cdd.event_bodies alter column bodies set statistics 0;
comment on table cdd.event_bodies is 'Bodies of events of one case that were recorded together, at most sixteen per row.';
comment on column cdd.event_bodies.revision is 'Counts from 1 per case; not the revision of an event.';
comment on column cdd.event_bodies.bodies is 'An array. Includes personal data of the provider''s case object, unless it was recorded with personalData: drop.';

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
  from_since timestamptz(6),
  constraint status_transitions_pkey primary key (account_id, case_id, sequence, recorded_at),
  constraint status_transitions_first_check check (sequence >= 1 and (sequence = 1) = (from_status is null)),
  constraint status_transitions_change_check check (from_status is distinct from to_status),
  constraint status_transitions_source_check check (occurred_at_source in ('event', 'inferred')),
  constraint status_transitions_superseded_check check (superseded_at >= recorded_at),
  constraint status_transitions_from_since_check check (from_since is null or sequence > 1)
);
create index status_transitions_inferred_idx on cdd.status_transitions (account_id)
where superseded_at is null and occurred_at_source = 'inferred';
create index status_transitions_time_idx on cdd.status_transitions
using brin (occurred_at, from_since) with (pages_per_range = 32, autosummarize = on);
comment on table cdd.status_transitions is 'Every change of status, derived from the events. A row that a late event proved wrong is closed, not changed.';
comment on column cdd.status_transitions.sequence is 'Counts from 1 per case, in order of (occurred_at, event_id).';
comment on column cdd.status_transitions.from_status is 'Null for a case''s first status.';
comment on column cdd.status_transitions.occurred_at_source is 'event: the event''s created_at; inferred: the event has no time, so it is the greatest time among events of smaller id, else the case''s created_at, else the time of recording.';
comment on column cdd.status_transitions.event_id is 'The event that brought the status.';
comment on column cdd.status_transitions.recorded_at is 'When we learned it.';
comment on column cdd.status_transitions.superseded_at is 'When we learned a newer version; null = current.';
comment on column cdd.status_transitions.run_id is 'The run that recorded it; runs are kept for a limited time.';
comment on column cdd.status_transitions.from_since is 'When from_status began: the stay that this transition ends lasted from then to occurred_at. Null for the first.';

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
comment on column cdd.rejected_items.fingerprint is 'SHA-256 over the settings that decide how a case is stored and over the item''s bytes.';
comment on column cdd.rejected_items.case_id is 'The item''s id, if it could be read.';
comment on column cdd.rejected_items.path is 'Where inside the item; empty = the item as a whole.';
comment on column cdd.rejected_items.body is 'The item as received; null when it was too large to keep, or with personalData: drop.';
comment on column cdd.rejected_items.times_seen is 'Number of runs that read the item.';
comment on column cdd.rejected_items.resolved_at is 'When a complete list was first without the item; null = it is still there.';

-- Shared by replicas ----------------------------------------------------------------------------------------------

create table cdd.webhook_deliveries (
  account_id text not null,
  delivery_id text not null,
  received_at timestamptz(6) not null default now(),
  constraint webhook_deliveries_pkey primary key (account_id, delivery_id)
);
create index webhook_deliveries_received_at_idx on cdd.webhook_deliveries (received_at);
comment on table cdd.webhook_deliveries is 'Webhook deliveries of the last days, so that a repeated delivery starts no second run. Their content is not kept.';
comment on column cdd.webhook_deliveries.delivery_id is 'Value of the header event-delivery.';

create table cdd.api_holds (
  host text not null,
  open_at timestamptz(6) not null,
  constraint api_holds_pkey primary key (host)
);
comment on table cdd.api_holds is 'The time until which an API host accepts no requests (Retry-After); all replicas wait together.';
comment on column cdd.api_holds.host is 'Host and port of api.baseUrl.';
comment on column cdd.api_holds.open_at is 'When requests may be sent again, by the database''s clock.';

-- Settings of the reports -----------------------------------------------------------------------------------------

create table cdd.report_settings (
  is_only_row boolean not null default true,
  timezone text not null default 'Europe/Oslo',
  constraint report_settings_pkey primary key (is_only_row),
  constraint report_settings_only_row_check check (is_only_row)
);
comment on table cdd.report_settings is 'Settings of the reports, from the configuration; one row.';
comment on column cdd.report_settings.timezone is 'Time zone of the days and months in the reports.';
insert into cdd.report_settings default values;

create table cdd.status_targets (
  status text not null,
  target_hours numeric not null,
  constraint status_targets_pkey primary key (status),
  constraint status_targets_hours_check check (target_hours > 0)
);
comment on table cdd.status_targets is 'How long a case may stay in a status, from the configuration (statusTargets).';

create table cdd.reader_grants (
  account_id text not null,
  role_name text not null,
  constraint reader_grants_pkey primary key (account_id, role_name)
);
comment on table cdd.reader_grants is 'The accounts that each role sees in schema reporting; written by cdd-sync grant-reader.';
comment on column cdd.reader_grants.account_id is 'An account, or * for every account, later ones too.';
comment on column cdd.reader_grants.role_name is 'A role; roles that inherit from it see the same.';

-- Roll-ups --------------------------------------------------------------------------------------------------------

create table cdd.backlog_days (
  account_id text not null,
  status text not null,
  day date not null,
  entered integer not null,
  exited integer not null,
  cases integer not null,
  next_day date,
  constraint backlog_days_pkey primary key (account_id, status, day)
);
comment on table cdd.backlog_days is 'Roll-up: days on which cases entered or left a status.';
comment on column cdd.backlog_days.cases is 'Cases in the status at the end of the day, and of every day until next_day.';
comment on column cdd.backlog_days.next_day is 'Day of the next row; null = there is none yet.';

create table cdd.flow_days (
  account_id text not null,
  day date not null,
  opened integer not null,
  decided integer not null,
  approved integer not null,
  declined integer not null,
  reopened integer not null,
  left_active integer not null,
  learned_late integer not null,
  constraint flow_days_pkey primary key (account_id, day)
);
comment on table cdd.flow_days is 'Roll-up: number of cases opened, decided and so on per day.';
comment on column cdd.flow_days.learned_late is 'Transitions of the day that were recorded more than 24 hours later, of cases that were already known then.';

create table cdd.funnel_months (
  account_id text not null,
  month date not null,
  opened integer not null,
  reached_declaration integer not null,
  reached_signature integer not null,
  reached_review integer not null,
  decided integer not null,
  approved integer not null,
  declined integer not null,
  still_open integer not null,
  decided_within_24h integer not null,
  constraint funnel_months_pkey primary key (account_id, month)
);
comment on table cdd.funnel_months is 'Roll-up: how far the cases opened in a month have come.';

create table cdd.decision_months (
  account_id text not null,
  month date not null,
  route text not null,
  decided integer not null,
  p50_hours double precision not null,
  p90_hours double precision not null,
  p95_hours double precision not null,
  mean_hours double precision not null,
  constraint decision_months_pkey primary key (account_id, month, route)
);
comment on table cdd.decision_months is 'Roll-up: how long the first decisions of a month took.';

create table cdd.transition_pairs (
  account_id text not null,
  is_first boolean not null,
  from_status text not null,
  to_status text not null,
  transitions integer not null,
  median_hours double precision,
  p90_hours double precision,
  made_at timestamptz(6) not null default now(),
  constraint transition_pairs_pkey primary key (account_id, from_status, to_status, is_first)
);
comment on table cdd.transition_pairs is 'Roll-up: transitions from one status to another.';
comment on column cdd.transition_pairs.is_first is 'Whether the row counts first transitions of cases. from_status is empty then; a flag is needed because a status may be empty too.';

create table cdd.report_changes (
  account_id text not null,
  id bigserial not null,
  month date,
  cohort date,
  from_status text,
  to_status text,
  noted_at timestamptz(6) not null default now(),
  opened integer,
  reached_declaration integer,
  reached_signature integer,
  reached_review integer,
  decided integer,
  approved integer,
  declined integer,
  still_open integer,
  decided_within_24h integer,
  constraint report_changes_pkey primary key (account_id, id),
  constraint report_changes_kind_check check (num_nonnulls(month, cohort, to_status) = 1),
  constraint report_changes_cohort_check check (
    num_nonnulls(
      opened, reached_declaration, reached_signature, reached_review, decided, approved, declined, still_open,
      decided_within_24h
    ) = case when cohort is null then 0 else 9 end
  )
);
comment on table cdd.report_changes is 'The parts of the roll-ups that are out of date. Triggers only add rows, so concurrent batches do not wait for each other; cdd.roll_up removes them.';
comment on column cdd.report_changes.month is 'First day of a month with outdated daily and monthly figures.';
comment on column cdd.report_changes.cohort is 'First day of a month in which cases were opened. The counting columns say by how much to change that month''s row of funnel_months; negative = fewer.';
comment on column cdd.report_changes.to_status is 'With from_status: a pair of statuses with an outdated row in transition_pairs; from_status is null for first transitions.';

-- Readers ---------------------------------------------------------------------------------------------------------

-- Roles belong to the server: another of its databases may have made this one already, and the migrating user may not
-- be allowed to. Without the role, cdd-sync grant-reader says what to do.
do $$
begin
  create role cdd_reader nologin;
exception
  when duplicate_object or unique_violation or insufficient_privilege then null;
end
$$;
do $$
begin
  if exists (select from pg_catalog.pg_roles where rolname = 'cdd_reader') then
    grant usage on schema reporting to cdd_reader;
  end if;
end
$$;
