-- A migrated database, read from its catalog by npm run db:snapshot; a test compares. For reading only: the texts of views
-- and functions are in prisma/definitions.

create schema cdd;
comment on schema cdd is 'Copy and history of Dintero''s customer due diligence cases. Private to the worker.';

create table cdd.account_holds (
  account_id text not null,
  host text not null,
  started_at timestamp(6) with time zone default now() not null,
  open_at timestamp(6) with time zone not null,
  constraint account_holds_pkey PRIMARY KEY (account_id, host)
);
comment on table cdd.account_holds is 'The time until which an API host accepts no requests for one account: Retry-After of more than an hour. Also for partners.';
comment on column cdd.account_holds.host is 'Host and port of api.baseUrl.';
comment on column cdd.account_holds.started_at is 'When the last Retry-After arrived. A hold that starts in the future is void: the clock was ahead.';
comment on column cdd.account_holds.open_at is 'When requests may be sent again, by the database''s clock.';

create table cdd.account_pauses (
  account_id text not null,
  paused_at timestamp(6) with time zone not null,
  reason text not null,
  paused_by text,
  paused_role text not null,
  resumed_at timestamp(6) with time zone,
  resumed_by text,
  resumed_role text,
  constraint account_pauses_pkey PRIMARY KEY (account_id, paused_at),
  constraint account_pauses_account_id_fkey FOREIGN KEY (account_id) REFERENCES cdd.accounts(id),
  constraint account_pauses_resumed_check CHECK (((resumed_at IS NULL) = (resumed_role IS NULL))),
  constraint account_pauses_times_check CHECK ((resumed_at >= paused_at))
);
CREATE UNIQUE INDEX account_pauses_open_key ON cdd.account_pauses USING btree (account_id) WHERE (resumed_at IS NULL);
comment on table cdd.account_pauses is 'When, why and by whom the runs of an account were paused and continued (cdd-sync pause, cdd-sync resume). Rows are only added, or closed by resumed_at, and never deleted.';
comment on column cdd.account_pauses.account_id is 'Dintero''s account id (aid).';
comment on column cdd.account_pauses.paused_at is 'When the account was paused; no run began from then on.';
comment on column cdd.account_pauses.reason is 'The reason that was given.';
comment on column cdd.account_pauses.paused_by is 'Login name, on the machine of the command, of the user who paused it; null = the machine has no name for the user.';
comment on column cdd.account_pauses.paused_role is 'The database user of the command.';
comment on column cdd.account_pauses.resumed_at is 'When the account was resumed; null = it is still paused.';
comment on column cdd.account_pauses.resumed_by is 'Login name of the user who resumed it; null = still paused, or the machine has no name for the user.';
comment on column cdd.account_pauses.resumed_role is 'The database user of that command; null = still paused.';

create table cdd.accounts (
  id text not null,
  label text,
  environment text not null,
  partner_id text,
  enabled boolean default true not null,
  etag text,
  etag_request text,
  last_success_at timestamp(6) with time zone,
  refusals integer default 0 not null,
  next_try_at timestamp(6) with time zone,
  nudged_at timestamp(6) with time zone,
  schedule_seconds integer,
  etag_run_id uuid,
  schedule text,
  schedule_timezone text,
  next_due_at timestamp(6) with time zone default now() not null,
  stale_at timestamp(6) with time zone default (now() + '00:15:00'::interval) not null,
  refused_etag text,
  reported_label text,
  label_changed_at timestamp(6) with time zone,
  paused_since timestamp(6) with time zone,
  pause_reason text,
  first_read_at timestamp(6) with time zone,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_environment_check CHECK ((environment =
CASE "left"(id, 1)
    WHEN 'T'::text THEN 'test'::text
    ELSE 'production'::text
END)),
  constraint accounts_etag_check CHECK (((etag IS NULL) = (etag_request IS NULL))),
  constraint accounts_id_check CHECK ((id ~ '^[PT][0-9]{8}$'::text)),
  constraint accounts_next_try_at_check CHECK (((next_try_at IS NULL) OR (refusals > 0))),
  constraint accounts_refusals_check CHECK ((refusals >= 0)),
  constraint accounts_schedule_check CHECK (((schedule IS NULL) = (schedule_timezone IS NULL))),
  constraint accounts_schedule_seconds_check CHECK ((schedule_seconds > 0)),
  constraint accounts_stale_at_check CHECK ((stale_at >= (next_due_at + '00:15:00'::interval)))
);
comment on table cdd.accounts is 'Synced accounts: configured ones and discovered merchants. An account that is neither any more stays, disabled.';
comment on column cdd.accounts.id is 'Dintero''s account id (aid).';
comment on column cdd.accounts.label is 'Name given in the configuration; for a discovered merchant, its business name.';
comment on column cdd.accounts.environment is 'test for ids that begin with T, production for P.';
comment on column cdd.accounts.partner_id is 'The partner whose credentials give the token; null = the account has its own credentials.';
comment on column cdd.accounts.enabled is 'Whether the account is in the configuration, or is a merchant that a discovering partner listed last time.';
comment on column cdd.accounts.etag is 'ETag of the list as of the last run that read it whole, unless the guard held cases back; null = the next run reads the list.';
comment on column cdd.accounts.etag_request is 'Hash of the request and the settings for which the ETag was given; the ETag is not valid for any other.';
comment on column cdd.accounts.last_success_at is 'When the last run that succeeded, or was partial because of rejected items, finished.';
comment on column cdd.accounts.refusals is 'Consecutive runs that the API refused (error_code AUTH or FORBIDDEN); other failures neither count nor reset it.';
comment on column cdd.accounts.next_try_at is 'Circuit breaker: no run by schedule or webhook before this time, because the API keeps refusing the account; null = any time.';
comment on column cdd.accounts.nudged_at is 'When a webhook last asked for a run.';
comment on column cdd.accounts.schedule_seconds is 'Not read any more. Workers of version 0.1.0 write it.';
comment on column cdd.accounts.etag_run_id is 'The run that the API last answered with this list, or with 304. A 304 closes the next run with the problems of that one; null = the ETag is not used.';
comment on column cdd.accounts.schedule is 'The cron expression by which the account is read; null = no worker has saved it yet.';
comment on column cdd.accounts.schedule_timezone is 'The time zone of the schedule.';
comment on column cdd.accounts.next_due_at is 'When the first run after last_success_at is due; without a success, when the account was added or enabled again, because a worker reads it at once.';
comment on column cdd.accounts.stale_at is 'From when on the account is stale if no run succeeds before: the third due time after next_due_at, but at least 15 minutes after it; without a success, 15 minutes after it.';
comment on column cdd.accounts.refused_etag is 'The last ETag with which the API refused a request (4xx) that it answered without; it is not sent again.';
comment on column cdd.accounts.reported_label is 'The label that the reports on cases show: as of the last run that read the list.';
comment on column cdd.accounts.label_changed_at is 'When reported_label was last changed; null = never.';
comment on column cdd.accounts.paused_since is 'Since when the account is paused: no run of it begins. Null = it is not. The row of cdd.account_pauses has more.';
comment on column cdd.accounts.pause_reason is 'Why the account is paused; null = it is not.';
comment on column cdd.accounts.first_read_at is 'When the first run that read the whole list finished. In a database of an older version: of the runs that were kept, or when the first case was saved.';

create table cdd.api_holds (
  host text not null,
  open_at timestamp(6) with time zone not null,
  started_at timestamp(6) with time zone default now() not null,
  constraint api_holds_pkey PRIMARY KEY (host)
);
comment on table cdd.api_holds is 'The time until which an API host accepts no requests (Retry-After), at most an hour; all replicas wait together.';
comment on column cdd.api_holds.host is 'Host and port of api.baseUrl.';
comment on column cdd.api_holds.open_at is 'When requests may be sent again, by the database''s clock.';
comment on column cdd.api_holds.started_at is 'When the last Retry-After arrived. A hold that starts in the future is void: the clock was ahead.';

create table cdd.applied_definitions (
  name text not null,
  checksum text not null,
  applied_at timestamp(6) with time zone default now() not null,
  constraint applied_definitions_pkey PRIMARY KEY (name)
);
comment on table cdd.applied_definitions is 'The files of prisma/definitions that the last migrations applied: one row per view or function.';
comment on column cdd.applied_definitions.name is 'The view or function, with its schema.';
comment on column cdd.applied_definitions.checksum is 'SHA-256 of the file. cdd-sync migrate applies a file again when its checksum differs.';
comment on column cdd.applied_definitions.applied_at is 'When this text was applied.';

create table cdd.backlog_days (
  account_id text not null,
  status text not null,
  day date not null,
  entered integer not null,
  exited integer not null,
  cases integer not null,
  next_day date,
  constraint backlog_days_pkey PRIMARY KEY (account_id, status, day)
);
comment on table cdd.backlog_days is 'Roll-up: days on which cases entered or left a status.';
comment on column cdd.backlog_days.cases is 'Cases in the status at the end of the day, and of every day until next_day.';
comment on column cdd.backlog_days.next_day is 'Day of the next row; null = there is none yet.';

create table cdd.batch_digests (
  account_id text not null,
  run_id uuid not null,
  recorded_at timestamp(6) with time zone not null,
  part text not null,
  cases integer not null,
  digest bytea not null,
  constraint batch_digests_pkey PRIMARY KEY (account_id, run_id, recorded_at, part),
  constraint batch_digests_cases_check CHECK ((cases > 0)),
  constraint batch_digests_digest_check CHECK ((octet_length(digest) = 32)),
  constraint batch_digests_part_check CHECK ((part = ANY (ARRAY['document'::text, 'presence'::text, 'problems'::text])))
);
comment on table cdd.batch_digests is 'A digest over the leaves of each batch, from which the run''s link is made. Rows are only added.';
comment on column cdd.batch_digests.account_id is 'Dintero''s account id (aid).';
comment on column cdd.batch_digests.run_id is 'The run; its row in cdd.sync_runs is kept for a limited time.';
comment on column cdd.batch_digests.recorded_at is 'recorded_at of the leaves.';
comment on column cdd.batch_digests.part is 'Part of the leaves.';
comment on column cdd.batch_digests.cases is 'Number of the leaves.';
comment on column cdd.batch_digests.digest is 'SHA-256 of the case ids and digests of the leaves, in the order of the ids.';

create table cdd.batch_slots (
  account_id text not null,
  slot smallint not null,
  recorded_at timestamp(6) with time zone not null,
  constraint batch_slots_pkey PRIMARY KEY (account_id, slot)
);
comment on table cdd.batch_slots is 'An account''s knowledge time. A batch locks a free slot of its account until it commits, so none that is still open is recorded at or before the time of its slot. reporting.known_until() reads this.';
comment on column cdd.batch_slots.account_id is 'The account.';
comment on column cdd.batch_slots.slot is 'From 1 to the number of batches that a run saves at the same time.';
comment on column cdd.batch_slots.recorded_at is 'recorded_at of the slot''s last batch, or the time of a later heartbeat or run. Later than all earlier batches of all accounts, also if the clock was ahead then.';

create table cdd.business_days (
  day date not null,
  opens_at timestamp(6) with time zone,
  closes_at timestamp(6) with time zone,
  closed_because text,
  holiday text,
  micros_before bigint not null,
  constraint business_days_pkey PRIMARY KEY (day),
  constraint business_days_closed_because_check CHECK ((closed_because = ANY (ARRAY['weekday'::text, 'public_holiday'::text, 'closed_day'::text, 'clocks'::text]))),
  constraint business_days_open_check CHECK (
CASE
    WHEN (closed_because IS NULL) THEN (opens_at < closes_at)
    ELSE ((opens_at IS NULL) AND (closes_at IS NULL))
END)
);
CREATE UNIQUE INDEX business_days_micros_before_idx ON cdd.business_days USING btree (micros_before) WHERE (opens_at IS NOT NULL);
comment on table cdd.business_days is 'Every day of the time zone from 2000 to ten years ahead, with its business hours. Written by cdd.make_business_days.';
comment on column cdd.business_days.opens_at is 'When the business hours of the day begin; null = it has none.';
comment on column cdd.business_days.closed_because is 'weekday, public_holiday, closed_day: configured; clocks: they jump over the business hours.';
comment on column cdd.business_days.holiday is 'The public holiday''s name, also on a weekend.';
comment on column cdd.business_days.micros_before is 'Business hours of all days before, in microseconds.';

create table cdd.business_slots (
  slot integer not null,
  micros_before bigint not null,
  opens_1 timestamp(6) with time zone not null,
  closes_1 timestamp(6) with time zone not null,
  offset_1 bigint not null,
  micros_between bigint not null,
  opens_2 timestamp(6) with time zone not null,
  closes_2 timestamp(6) with time zone not null,
  offset_2 bigint not null,
  micros_after bigint not null,
  constraint business_slots_pkey PRIMARY KEY (slot)
);
comment on table cdd.business_slots is 'The business hours of cdd.business_days by half days of UTC, so that cdd.business_hours finds the row of an instant by arithmetic. Twelve hours never have more than two intervals.';
comment on column cdd.business_slots.slot is 'Half days of UTC since 1970.';
comment on column cdd.business_slots.micros_before is 'Business hours before the half day, in microseconds.';
comment on column cdd.business_slots.opens_1 is 'Begin of its first interval; its end, if there is none.';
comment on column cdd.business_slots.offset_1 is 'Within the interval, business hours = microseconds since 1970 less this.';
comment on column cdd.business_slots.micros_between is 'Business hours up to the end of the first interval.';
comment on column cdd.business_slots.micros_after is 'Business hours up to its end.';

create table cdd.case_digests (
  account_id text not null,
  case_id uuid not null,
  recorded_at timestamp(6) with time zone not null,
  part text not null,
  digest bytea not null,
  rows bytea not null,
  constraint case_digests_pkey PRIMARY KEY (account_id, case_id, recorded_at, part),
  constraint case_digests_digest_check CHECK ((octet_length(digest) = 32)),
  constraint case_digests_part_check CHECK ((part = ANY (ARRAY['document'::text, 'presence'::text, 'problems'::text])))
);
comment on table cdd.case_digests is 'Leaves of the digest chain: one row per case and instant at which rows of its history were added or closed. Rows are only added, also when the case is erased. docs/verifying.md has the definition.';
comment on column cdd.case_digests.account_id is 'The account that has the case in its list.';
comment on column cdd.case_digests.case_id is 'The case''s id at Dintero.';
comment on column cdd.case_digests.recorded_at is 'recorded_at of the rows that were added, and superseded_at of those that were closed.';
comment on column cdd.case_digests.part is 'document: rows of a saved document; presence: the revision of a case that went missing or returned; problems: rows of cdd.case_problems.';
comment on column cdd.case_digests.digest is 'SHA-256 of the digests of these rows, in ascending order.';
comment on column cdd.case_digests.rows is 'The first four bytes of each of these digests, in the same order: to name the row that does not fit.';

create table cdd.case_facts (
  account_id text not null,
  case_id uuid not null,
  fact text not null,
  value text,
  problem text,
  recorded_at timestamp(6) with time zone not null,
  superseded_at timestamp(6) with time zone,
  constraint case_facts_pkey PRIMARY KEY (account_id, case_id, fact, recorded_at),
  constraint case_facts_superseded_check CHECK ((superseded_at >= recorded_at)),
  constraint case_facts_value_check CHECK (((value IS NULL) <> (problem IS NULL)))
);
CREATE INDEX case_facts_problem_idx ON cdd.case_facts USING btree (account_id, fact) WHERE ((superseded_at IS NULL) AND (problem IS NOT NULL));
comment on table cdd.case_facts is 'Configured facts of cases, read from the newest document. A row whose value changed is closed, not changed.';
comment on column cdd.case_facts.fact is 'Its name in reports.facts.';
comment on column cdd.case_facts.value is 'A text, number or boolean as text; null = see problem.';
comment on column cdd.case_facts.problem is 'Why there is no value: what the path found instead.';
comment on column cdd.case_facts.recorded_at is 'When it was read.';
comment on column cdd.case_facts.superseded_at is 'When another value was read, or the fact was no longer configured; null = current.';

create table cdd.case_ids (
  id uuid not null,
  is_shared boolean default false not null,
  constraint case_ids_pkey PRIMARY KEY (id)
);
CREATE INDEX case_ids_shared_idx ON cdd.case_ids USING btree (id) WHERE is_shared;
comment on table cdd.case_ids is 'One row per case id, of whatever accounts. Its unique index makes two batches of two accounts wait for each other if both add the same case.';
comment on column cdd.case_ids.id is 'The case''s id.';
comment on column cdd.case_ids.is_shared is 'Whether more than one account has a case with this id.';

create table cdd.case_problems (
  account_id text not null,
  case_id uuid not null,
  path text not null,
  reason text not null,
  recorded_at timestamp(6) with time zone not null,
  superseded_at timestamp(6) with time zone,
  run_id uuid not null,
  constraint case_problems_pkey PRIMARY KEY (account_id, case_id, path, reason, recorded_at),
  constraint case_problems_superseded_check CHECK ((superseded_at >= recorded_at))
);
CREATE INDEX case_problems_current_idx ON cdd.case_problems USING btree (account_id, case_id) WHERE (superseded_at IS NULL);
comment on table cdd.case_problems is 'Values in the documents of cases that are not as the API documents them. Their columns are null; the documents are stored whole. Rows are added, or closed by setting superseded_at; one stays open while the same is true of later documents.';
comment on column cdd.case_problems.account_id is 'The account that has the case in its list.';
comment on column cdd.case_problems.case_id is 'The case''s id at Dintero.';
comment on column cdd.case_problems.path is 'Place in the document, an event by its id: events[id=7].created_at. Empty = the rest of a case with more than 100 problems.';
comment on column cdd.case_problems.reason is 'The type that was expected and the one that was found, never the value.';
comment on column cdd.case_problems.recorded_at is 'When we learned it.';
comment on column cdd.case_problems.superseded_at is 'When a document without it was read; null = current.';
comment on column cdd.case_problems.run_id is 'The run that recorded it; runs are kept for a limited time.';

create table cdd.case_revisions (
  account_id text not null,
  case_id uuid not null,
  revision integer not null,
  body jsonb,
  recorded_at timestamp(6) with time zone not null,
  superseded_at timestamp(6) with time zone,
  run_id uuid not null,
  deleted_at timestamp(6) with time zone,
  readable jsonb,
  constraint case_revisions_pkey PRIMARY KEY (account_id, case_id, revision),
  constraint case_revisions_revision_check CHECK (((revision > 1) OR ((revision = 1) AND (body IS NOT NULL)))),
  constraint case_revisions_superseded_check CHECK ((superseded_at >= recorded_at))
);
alter table cdd.case_revisions alter column body set statistics 0;
alter table cdd.case_revisions alter column readable set statistics 0;
CREATE INDEX case_revisions_changed_idx ON cdd.case_revisions USING btree (recorded_at) WHERE (revision > 1);
comment on table cdd.case_revisions is 'Every document a case has had. Rows are added, or closed by setting superseded_at; nothing is deleted.';
comment on column cdd.case_revisions.revision is 'Counts from 1 per case.';
comment on column cdd.case_revisions.body is 'The document, with its events replaced by their ids in the order given; null = the case was absent from a complete list.';
comment on column cdd.case_revisions.recorded_at is 'When we learned it.';
comment on column cdd.case_revisions.superseded_at is 'When we learned a newer version; null = current.';
comment on column cdd.case_revisions.run_id is 'The run that recorded it; runs are kept for a limited time.';
comment on column cdd.case_revisions.deleted_at is 'deleted_at of the document; for an absent case, that of its last document.';
comment on column cdd.case_revisions.readable is 'The body with its documented fields only, and null where a value is not as documented; without case_request.details. Null = every value of the body is as documented.';

create table cdd.case_statuses (
  status text not null,
  stage text not null,
  rank integer,
  known boolean not null,
  changed_at timestamp(6) with time zone,
  constraint case_statuses_pkey PRIMARY KEY (status),
  constraint case_statuses_known_check CHECK ((known = (stage <> 'unknown'::text))),
  constraint case_statuses_stage_check CHECK ((stage = ANY (ARRAY['applicant'::text, 'review'::text, 'approved'::text, 'declined'::text, 'closed'::text, 'error'::text, 'unknown'::text])))
);
CREATE TRIGGER note_stage BEFORE UPDATE OF stage ON cdd.case_statuses FOR EACH ROW WHEN ((old.stage <> new.stage)) EXECUTE FUNCTION cdd.note_stage();
comment on table cdd.case_statuses is 'Dintero''s statuses and our grouping of them. A status that was never seen before is added as unknown.';
comment on column cdd.case_statuses.status is 'Dintero''s word, as in events[].case_status.';
comment on column cdd.case_statuses.stage is 'Our grouping: applicant, review, approved, declined, closed, error, unknown.';
comment on column cdd.case_statuses.rank is 'Position in the normal course of a case; null = not part of it. For comparing only.';
comment on column cdd.case_statuses.known is 'Whether the API''s documentation has the status.';
comment on column cdd.case_statuses.changed_at is 'When an upgrade last changed the stage; null = never.';

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
  created_at timestamp(6) with time zone,
  created_by text,
  updated_at timestamp(6) with time zone,
  deleted_at timestamp(6) with time zone,
  deleted_by text,
  status text,
  status_since timestamp(6) with time zone,
  first_seen_at timestamp(6) with time zone not null,
  changed_at timestamp(6) with time zone not null,
  missing_since timestamp(6) with time zone,
  fingerprint bytea not null,
  opened_at timestamp(6) with time zone,
  first_decided_at timestamp(6) with time zone,
  first_decision text,
  decision_route text,
  first_approved_at timestamp(6) with time zone,
  first_declined_at timestamp(6) with time zone,
  was_manual_review boolean default false not null,
  transitions integer default 0 not null,
  times_reopened integer default 0 not null,
  times_left_active integer default 0 not null,
  times_backward integer default 0 not null,
  furthest_rank integer,
  applicant_seconds double precision default 0 not null,
  review_seconds double precision default 0 not null,
  last_error text,
  last_error_at timestamp(6) with time zone,
  content_hash bytea,
  has_odd_times boolean default false not null,
  first_decision_status text,
  first_decision_left_at timestamp(6) with time zone,
  approved_at timestamp(6) with time zone,
  last_reviewed_at timestamp(6) with time zone,
  state_recorded_at timestamp(6) with time zone default now() not null,
  facts jsonb,
  currencies text[],
  erased_at timestamp(6) with time zone,
  constraint cases_pkey PRIMARY KEY (account_id, id),
  constraint cases_content_hash_check CHECK ((octet_length(content_hash) = 16)),
  constraint cases_decided_check CHECK ((((first_decided_at IS NULL) = (first_decision IS NULL)) AND ((first_decided_at IS NULL) = (decision_route IS NULL)))),
  constraint cases_decision_route_check CHECK ((decision_route = ANY (ARRAY['manual'::text, 'automatic'::text]))),
  constraint cases_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
  constraint cases_first_decision_check CHECK ((first_decision = ANY (ARRAY['approved'::text, 'declined'::text]))),
  constraint cases_status_check CHECK (((status IS NULL) = (status_since IS NULL)))
) with (fillfactor=85);
alter table cdd.cases alter column fingerprint set statistics 0;
CREATE INDEX cases_account_id_status_since_idx ON cdd.cases USING btree (account_id, status_since) INCLUDE (id, status, opened_at, deleted_at, missing_since, state_recorded_at) WHERE (status_since IS NOT NULL);
CREATE INDEX cases_ended_idx ON cdd.cases USING btree (LEAST(
CASE
    WHEN (status = ANY (ARRAY['ARCHIVED'::text, 'DECLINED'::text, 'TERMINATED'::text])) THEN status_since
    ELSE NULL::timestamp with time zone
END, deleted_at, missing_since)) WHERE ((erased_at IS NULL) AND (LEAST(
CASE
    WHEN (status = ANY (ARRAY['ARCHIVED'::text, 'DECLINED'::text, 'TERMINATED'::text])) THEN status_since
    ELSE NULL::timestamp with time zone
END, deleted_at, missing_since) IS NOT NULL));
CREATE INDEX cases_erased_idx ON cdd.cases USING btree (account_id, id) WHERE (erased_at IS NOT NULL);
CREATE INDEX cases_gone_idx ON cdd.cases USING btree (account_id, LEAST(deleted_at, missing_since)) WHERE ((deleted_at IS NOT NULL) OR (missing_since IS NOT NULL));
CREATE INDEX cases_id_idx ON cdd.cases USING btree (id);
CREATE INDEX cases_key_idx ON cdd.cases USING btree ((((account_id || '/'::text) || (id)::text)));
CREATE INDEX cases_last_reviewed_idx ON cdd.cases USING btree (last_reviewed_at) WHERE (approved_at IS NOT NULL);
CREATE INDEX cases_odd_state_idx ON cdd.cases USING btree (account_id, id) WHERE COALESCE(((LEAST(opened_at, created_at, deleted_at) < '2000-01-01 00:00:00+00'::timestamp with time zone) OR (GREATEST(opened_at, status_since, created_at, deleted_at) > state_recorded_at)), false);
CREATE INDEX cases_odd_times_idx ON cdd.cases USING btree (account_id, id) WHERE has_odd_times;
CREATE INDEX cases_open_status_idx ON cdd.cases USING btree (status, account_id) WHERE (status <> ALL (ARRAY['ACTIVE'::text, 'ARCHIVED'::text, 'DECLINED'::text, 'TERMINATED'::text]));
CREATE INDEX cases_organization_idx ON cdd.cases USING btree (organization_number) WHERE ((account_id ~~ 'P%'::text) AND (organization_number ~ '[0-9]'::text));
CREATE INDEX cases_recorded_idx ON cdd.cases USING brin (updated_at, changed_at, missing_since) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX cases_without_status_idx ON cdd.cases USING btree (account_id, opened_at) WHERE (status_since IS NULL);
CREATE TRIGGER expect_changed BEFORE UPDATE OF opened_at, first_decided_at, decision_route, first_approved_at, first_declined_at, furthest_rank, status, status_since, deleted_at, missing_since, created_at, has_odd_times ON cdd.cases FOR EACH STATEMENT EXECUTE FUNCTION cdd.expect_changed_cases();
CREATE TRIGGER judge_times BEFORE INSERT OR UPDATE OF opened_at, status_since, created_at, deleted_at, has_odd_times ON cdd.cases FOR EACH ROW WHEN ((new.has_odd_times <> cdd.has_odd_times(new.opened_at, new.status_since, new.created_at, new.deleted_at))) EXECUTE FUNCTION cdd.judge_times();
CREATE TRIGGER keep_case_state BEFORE UPDATE OF status, status_since, created_at, deleted_at, missing_since, opened_at, first_decided_at, first_decision, decision_route, first_approved_at, first_declined_at, furthest_rank ON cdd.cases FOR EACH ROW WHEN (((((((((((((old.status IS DISTINCT FROM new.status) OR (old.status_since IS DISTINCT FROM new.status_since)) OR (old.created_at IS DISTINCT FROM new.created_at)) OR (old.deleted_at IS DISTINCT FROM new.deleted_at)) OR (old.missing_since IS DISTINCT FROM new.missing_since)) OR (old.opened_at IS DISTINCT FROM new.opened_at)) OR (old.first_decided_at IS DISTINCT FROM new.first_decided_at)) OR (old.first_decision IS DISTINCT FROM new.first_decision)) OR (old.decision_route IS DISTINCT FROM new.decision_route)) OR (old.first_approved_at IS DISTINCT FROM new.first_approved_at)) OR (old.first_declined_at IS DISTINCT FROM new.first_declined_at)) OR (old.furthest_rank IS DISTINCT FROM new.furthest_rank))) EXECUTE FUNCTION cdd.keep_case_state();
CREATE TRIGGER note_added AFTER INSERT ON cdd.cases REFERENCING NEW TABLE AS new_cases FOR EACH STATEMENT EXECUTE FUNCTION cdd.note_new_cases();
CREATE TRIGGER note_changed AFTER UPDATE ON cdd.cases REFERENCING OLD TABLE AS old_cases NEW TABLE AS new_cases FOR EACH STATEMENT WHEN ((current_setting('cdd.cases_may_change'::text, true) = 'on'::text)) EXECUTE FUNCTION cdd.note_changed_cases();
CREATE TRIGGER note_ids AFTER INSERT ON cdd.cases REFERENCING NEW TABLE AS new_cases FOR EACH STATEMENT EXECUTE FUNCTION cdd.note_case_ids();
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
comment on column cdd.cases.changed_at is 'When a run last changed the row: its content, its transitions, or its absence.';
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
comment on column cdd.cases.has_odd_times is 'Whether opened_at, status_since, created_at or deleted_at was before 2000 or in the future when it was last judged: on every change of them, and in cdd.roll_up.';
comment on column cdd.cases.first_decision_status is 'The status it reached at first_decided_at.';
comment on column cdd.cases.first_decision_left_at is 'When it left the stage of its first decision; null = it has not.';
comment on column cdd.cases.approved_at is 'When it reached stage approved, if its last transition has not left that stage.';
comment on column cdd.cases.last_reviewed_at is 'If it has approved_at: end of its last stay in stage review before that and after any earlier decision; without one approved_at.';
comment on column cdd.cases.state_recorded_at is 'When we learned the present values of the columns that are also in cdd.superseded_case_states. Set by trigger keep_case_state.';
comment on column cdd.cases.facts is 'Values of the facts of reports.facts in the configuration that could be read from the newest document, by name, as in the current rows of cdd.case_facts; null = none.';
comment on column cdd.cases.currencies is 'The currencies of all payment_options, each once, by code point.';
comment on column cdd.cases.erased_at is 'When the case was erased (its receipt is in cdd.erasures): later documents are stored without what is a person''s. Null = it was not.';

create table cdd.configured_facts (
  fact text not null,
  path jsonpath not null,
  constraint configured_facts_pkey PRIMARY KEY (fact)
);
comment on table cdd.configured_facts is 'reports.facts of the configuration, written when a worker starts. A batch shares a lock of this table from its beginning, so a change waits for batches that read the facts of before.';
comment on column cdd.configured_facts.fact is 'The name.';
comment on column cdd.configured_facts.path is 'Where in a case''s document its value is.';

create table cdd.decision_months (
  account_id text not null,
  month date not null,
  route text not null,
  decided integer not null,
  p50_hours double precision not null,
  p90_hours double precision not null,
  p95_hours double precision not null,
  mean_hours double precision not null,
  constraint decision_months_pkey PRIMARY KEY (account_id, month, route)
);
comment on table cdd.decision_months is 'Roll-up: how long the first decisions of a month took.';

create table cdd.digest_links (
  account_id text not null,
  number integer not null,
  kind text not null,
  linked_at timestamp(6) with time zone not null,
  run_id uuid,
  content bytea not null,
  previous bytea,
  digest bytea not null,
  constraint digest_links_pkey PRIMARY KEY (account_id, number),
  constraint digest_links_content_check CHECK ((octet_length(content) = 32)),
  constraint digest_links_digest_check CHECK ((octet_length(digest) = 32)),
  constraint digest_links_kind_check CHECK ((kind = ANY (ARRAY['begin'::text, 'run'::text, 'receipts'::text, 'hold'::text]))),
  constraint digest_links_number_check CHECK ((number >= 1)),
  constraint digest_links_previous_check CHECK (((number = 1) = (previous IS NULL))),
  constraint digest_links_run_check CHECK (((kind = 'run'::text) = (run_id IS NOT NULL)))
);
CREATE UNIQUE INDEX digest_links_run_key ON cdd.digest_links USING btree (account_id, run_id) WHERE (run_id IS NOT NULL);
comment on table cdd.digest_links is 'The digest chain of each account: one link per run that added or closed rows, per group of receipts, and per legal hold or release. Each link contains the digest of the one before. Rows are only added, and outlive the runs.';
comment on column cdd.digest_links.account_id is 'Dintero''s account id (aid).';
comment on column cdd.digest_links.number is 'Counts from 1 per account, without gaps.';
comment on column cdd.digest_links.kind is 'begin: the rows that were there before the account had a chain; run: a run; receipts: rows of cdd.erasures; hold: a row of cdd.legal_holds that was added or closed.';
comment on column cdd.digest_links.linked_at is 'When the link was made. For begin: rows recorded up to then are older than the chain.';
comment on column cdd.digest_links.run_id is 'The run; null = the link is of another kind.';
comment on column cdd.digest_links.content is 'SHA-256 of what the link is about; docs/verifying.md has the definition.';
comment on column cdd.digest_links.previous is 'digest of the account''s link before; null = this is the first.';
comment on column cdd.digest_links.digest is 'SHA-256 of the other columns of this row. That of the newest link vouches for all rows of the account.';

create table cdd.erasures (
  account_id text not null,
  case_id uuid not null,
  erased_at timestamp(6) with time zone not null,
  kind text not null,
  reason text,
  is_before_time boolean default false not null,
  kept_until timestamp(6) with time zone,
  kinds jsonb not null,
  erased_by text,
  erased_role text not null,
  digest bytea not null,
  link_number integer not null,
  constraint erasures_pkey PRIMARY KEY (account_id, case_id, erased_at),
  constraint erasures_account_id_case_id_fkey FOREIGN KEY (account_id, case_id) REFERENCES cdd.cases(account_id, id),
  constraint erasures_account_id_link_number_fkey FOREIGN KEY (account_id, link_number) REFERENCES cdd.digest_links(account_id, number),
  constraint erasures_digest_check CHECK ((octet_length(digest) = 32)),
  constraint erasures_kind_check CHECK ((kind = ANY (ARRAY['erased'::text, 'reduced'::text]))),
  constraint erasures_reason_check CHECK (((NOT is_before_time) OR (reason IS NOT NULL)))
);
CREATE INDEX erasures_link_idx ON cdd.erasures USING btree (account_id, link_number);
comment on table cdd.erasures is 'Receipts: when, why and by whom personal data of a case was removed from all tables. Rows are only added.';
comment on column cdd.erasures.account_id is 'The account that has the case in its list.';
comment on column cdd.erasures.case_id is 'The case''s id at Dintero.';
comment on column cdd.erasures.erased_at is 'When it was removed, on the axis of recorded_at: all rows recorded up to then are without it.';
comment on column cdd.erasures.kind is 'erased: everything that is a person''s; reduced: what personalData of the configuration does not keep.';
comment on column cdd.erasures.reason is 'The reason that was given; null = the time was over, or stored data was brought to today''s setting.';
comment on column cdd.erasures.is_before_time is 'Whether the case had to be kept longer, or for ever; then there is a reason.';
comment on column cdd.erasures.kept_until is 'Until when it had to be kept; null = for ever, or the receipt is of kind reduced.';
comment on column cdd.erasures.kinds is 'How many values of each kind were removed, by kind; no value itself.';
comment on column cdd.erasures.erased_by is 'Login name, on the machine of the command or worker, of its user; null = the machine has no name for the user.';
comment on column cdd.erasures.erased_role is 'The database user of the command or worker.';
comment on column cdd.erasures.digest is 'SHA-256 of all rows of the case''s history as they were at erased_at, without what was removed; docs/verifying.md has the definition.';
comment on column cdd.erasures.link_number is 'The link of the digest chain that vouches for this receipt.';

create table cdd.event_bodies (
  account_id text not null,
  case_id uuid not null,
  revision integer not null,
  bodies jsonb not null,
  constraint event_bodies_pkey PRIMARY KEY (account_id, case_id, revision),
  constraint event_bodies_revision_check CHECK ((revision >= 1))
);
alter table cdd.event_bodies alter column bodies set statistics 0;
comment on table cdd.event_bodies is 'Bodies of events of one case that were recorded together, at most sixteen per row.';
comment on column cdd.event_bodies.revision is 'Counts from 1 per case; not the revision of an event.';
comment on column cdd.event_bodies.bodies is 'An array. Includes personal data of the provider''s case object, unless it was recorded with personalData: drop.';

create table cdd.event_revisions (
  account_id text not null,
  case_id uuid not null,
  id bigint not null,
  revision integer not null,
  event text,
  status text,
  occurred_at timestamp(6) with time zone,
  request_id text,
  error text,
  provider_case_id text,
  contract_url text,
  recorded_at timestamp(6) with time zone not null,
  superseded_at timestamp(6) with time zone,
  run_id uuid not null,
  bodies_revision integer not null,
  place integer not null,
  constraint event_revisions_pkey PRIMARY KEY (account_id, case_id, id, revision),
  constraint event_revisions_revision_check CHECK ((revision >= 1)),
  constraint event_revisions_superseded_check CHECK ((superseded_at >= recorded_at))
);
alter table cdd.event_revisions alter column contract_url set statistics 0;
CREATE INDEX event_revisions_error_idx ON cdd.event_revisions USING btree (account_id, occurred_at) WHERE ((superseded_at IS NULL) AND (error IS NOT NULL));
CREATE INDEX event_revisions_superseded_idx ON cdd.event_revisions USING btree (account_id, case_id, id, revision) WHERE (superseded_at IS NOT NULL);
CREATE INDEX event_revisions_time_idx ON cdd.event_revisions USING brin (occurred_at) WITH (pages_per_range='32', autosummarize='on');
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

create table cdd.fact_reading (
  is_only_row boolean default true not null,
  is_done boolean default true not null,
  account_id text,
  case_id uuid,
  constraint fact_reading_pkey PRIMARY KEY (is_only_row),
  constraint fact_reading_one_row_check CHECK (is_only_row)
);
comment on table cdd.fact_reading is 'How far the cases were read again after reports.facts changed; one row, which is also the lock of this work.';
comment on column cdd.fact_reading.is_done is 'Whether all cases were read with the present facts.';
comment on column cdd.fact_reading.account_id is 'Account of the last case that was read again; null = none yet.';
comment on column cdd.fact_reading.case_id is 'That case.';

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
  constraint flow_days_pkey PRIMARY KEY (account_id, day)
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
  is_settled boolean default true not null,
  constraint funnel_months_pkey PRIMARY KEY (account_id, month, is_settled)
);
comment on table cdd.funnel_months is 'Roll-up: how far the cases opened in a month have come.';
comment on column cdd.funnel_months.is_settled is 'false: the part of cases with times in the future, as of the last roll-up.';

create table cdd.later_decisions (
  account_id text not null,
  case_id uuid not null,
  number integer not null,
  status text not null,
  decision text not null,
  route text not null,
  opened_at timestamp(6) with time zone not null,
  decided_at timestamp(6) with time zone not null,
  left_at timestamp(6) with time zone,
  constraint later_decisions_pkey PRIMARY KEY (account_id, case_id, number),
  constraint later_decisions_decision_check CHECK ((decision = ANY (ARRAY['approved'::text, 'declined'::text]))),
  constraint later_decisions_number_check CHECK ((number >= 2)),
  constraint later_decisions_route_check CHECK ((route = ANY (ARRAY['manual'::text, 'automatic'::text])))
);
comment on table cdd.later_decisions is 'Decisions of a case after its first, which is in cdd.cases. Derived from the current transitions when a case is saved.';
comment on column cdd.later_decisions.number is 'Counts the decisions of a case, from 2.';
comment on column cdd.later_decisions.status is 'To-status of the transition.';
comment on column cdd.later_decisions.decision is 'Its stage: approved or declined.';
comment on column cdd.later_decisions.route is 'manual: the case was UNDER_MANUAL_REVIEW between opened_at and decided_at; automatic: it was not.';
comment on column cdd.later_decisions.opened_at is 'When the case left the stage of the decision before.';
comment on column cdd.later_decisions.decided_at is 'When the transition happened.';
comment on column cdd.later_decisions.left_at is 'When the case left the stage again; null = it has not.';

create table cdd.legal_holds (
  account_id text not null,
  case_id uuid not null,
  held_at timestamp(6) with time zone not null,
  reason text not null,
  held_by text,
  held_role text not null,
  released_at timestamp(6) with time zone,
  release_reason text,
  released_by text,
  released_role text,
  constraint legal_holds_pkey PRIMARY KEY (account_id, case_id, held_at),
  constraint legal_holds_account_id_case_id_fkey FOREIGN KEY (account_id, case_id) REFERENCES cdd.cases(account_id, id),
  constraint legal_holds_released_check CHECK ((((released_at IS NULL) = (released_role IS NULL)) AND ((released_at IS NULL) = (release_reason IS NULL)))),
  constraint legal_holds_times_check CHECK ((released_at >= held_at))
);
CREATE UNIQUE INDEX legal_holds_open_key ON cdd.legal_holds USING btree (account_id, case_id) WHERE (released_at IS NULL);
comment on table cdd.legal_holds is 'When, why and by whom a case was put under legal hold and released (cdd-sync hold, cdd-sync release). While a hold is open, nothing of the case is erased. Rows are only added, or closed by released_at.';
comment on column cdd.legal_holds.account_id is 'The account that has the case in its list.';
comment on column cdd.legal_holds.case_id is 'The case''s id at Dintero.';
comment on column cdd.legal_holds.held_at is 'When the hold began.';
comment on column cdd.legal_holds.reason is 'The reason that was given.';
comment on column cdd.legal_holds.held_by is 'Login name, on the machine of the command, of the user who held it; null = the machine has no name for the user.';
comment on column cdd.legal_holds.held_role is 'The database user of the command.';
comment on column cdd.legal_holds.released_at is 'When the hold ended; null = it holds.';
comment on column cdd.legal_holds.release_reason is 'The reason that was given for the release; null = it holds.';
comment on column cdd.legal_holds.released_by is 'Login name of the user who released it; null = it holds, or the machine has no name for the user.';
comment on column cdd.legal_holds.released_role is 'The database user of that command; null = it holds.';

create table cdd.notice_cases (
  kind text not null,
  account_id text not null,
  case_id uuid not null,
  stage text not null,
  since_at timestamp(6) with time zone not null,
  noticed_at timestamp(6) with time zone not null,
  constraint notice_cases_pkey PRIMARY KEY (kind, account_id, case_id, stage)
);
comment on table cdd.notice_cases is 'Cases that are told now, and approvals lost in the last days: so that the next message has what is new.';
comment on column cdd.notice_cases.kind is 'target_breached, review_due or approval_lost.';
comment on column cdd.notice_cases.account_id is 'Dintero''s account id (aid).';
comment on column cdd.notice_cases.case_id is 'The case''s id at Dintero (uuid).';
comment on column cdd.notice_cases.stage is 'The status that is past its target; overdue or due_soon; the event of a lost approval.';
comment on column cdd.notice_cases.since_at is 'When the case entered the status, when its review is due, when its approval was lost.';
comment on column cdd.notice_cases.noticed_at is 'When it was noticed. A channel is told of those after its last message.';

create table cdd.notice_channels (
  channel text not null,
  last_sent_at timestamp(6) with time zone,
  next_try_at timestamp(6) with time zone,
  down_since timestamp(6) with time zone,
  failures integer default 0 not null,
  last_error text,
  constraint notice_channels_pkey PRIMARY KEY (channel)
);
comment on table cdd.notice_channels is 'Whether each channel takes messages.';
comment on column cdd.notice_channels.channel is 'Id of the channel in the configuration.';
comment on column cdd.notice_channels.last_sent_at is 'When it last took a message; null = never.';
comment on column cdd.notice_channels.next_try_at is 'No message before this; null = at any time.';
comment on column cdd.notice_channels.down_since is 'Since when messages fail; null = they do not.';
comment on column cdd.notice_channels.failures is 'Failures in a row.';
comment on column cdd.notice_channels.last_error is 'The last failure, without secrets; null = none since the last success.';

create table cdd.notice_deferrals (
  channel text not null,
  message_id uuid not null,
  recipients text[] not null,
  tries smallint default 0 not null,
  next_try_at timestamp(6) with time zone not null,
  constraint notice_deferrals_pkey PRIMARY KEY (channel, message_id)
);
comment on table cdd.notice_deferrals is 'E-mails that some of their recipients do not have yet: the mail server refused these for now.';
comment on column cdd.notice_deferrals.channel is 'Id of the channel in the configuration.';
comment on column cdd.notice_deferrals.message_id is 'Id of the message; its content stands in cdd.notice_items.';
comment on column cdd.notice_deferrals.recipients is 'Addresses of the recipients that do not have it.';
comment on column cdd.notice_deferrals.tries is 'How often it was sent to them again.';
comment on column cdd.notice_deferrals.next_try_at is 'When it is sent to them again.';

create table cdd.notice_items (
  id uuid default gen_random_uuid() not null,
  channel text not null,
  kind text not null,
  account_id text not null,
  phase text not null,
  began_at timestamp(6) with time zone not null,
  items integer not null,
  new_items integer not null,
  code text,
  case_ids uuid[] default '{}'::uuid[] not null,
  judged_at timestamp(6) with time zone not null,
  sent_at timestamp(6) with time zone,
  message_id uuid,
  ended_at timestamp(6) with time zone,
  constraint notice_items_pkey PRIMARY KEY (id),
  constraint notice_items_account_id_fkey FOREIGN KEY (account_id) REFERENCES cdd.accounts(id)
);
CREATE INDEX notice_items_account_idx ON cdd.notice_items USING btree (account_id, judged_at);
CREATE INDEX notice_items_unsent_idx ON cdd.notice_items USING btree (channel) WHERE (sent_at IS NULL);
comment on table cdd.notice_items is 'What channels are told: an outbox, and afterwards a record of it. Items that wait are merged into one message.';
comment on column cdd.notice_items.id is 'Id of the item.';
comment on column cdd.notice_items.channel is 'Id of the channel in the configuration.';
comment on column cdd.notice_items.kind is 'What is so, as in cdd.notices.';
comment on column cdd.notice_items.account_id is 'Dintero''s account id (aid).';
comment on column cdd.notice_items.phase is 'began, still (a day or weeks later), more (further cases), over, or unwatched (the account is not read).';
comment on column cdd.notice_items.began_at is 'Since when it is so, or was.';
comment on column cdd.notice_items.items is 'Cases or list items, at the time of the judgement; 0 where nothing is counted.';
comment on column cdd.notice_items.new_items is 'Of these, the ones since the last message.';
comment on column cdd.notice_items.code is 'Error code of the account''s last run, an unknown status, or why the account is not read; null = none.';
comment on column cdd.notice_items.case_ids is 'Some of the cases, for links.';
comment on column cdd.notice_items.judged_at is 'When it was decided to tell it.';
comment on column cdd.notice_items.sent_at is 'When the channel took the message; null = it waits.';
comment on column cdd.notice_items.message_id is 'Id of that message, which is also in the message itself.';
comment on column cdd.notice_items.ended_at is 'Of over and unwatched: since when it is so, as the first judgement saw it; null = it lasts, or the item is older than this column.';

create table cdd.notice_state (
  is_only_row boolean default true not null,
  cases_judged_at timestamp(6) with time zone,
  cases_judged_ms integer default 0 not null,
  approvals_until timestamp(6) with time zone,
  constraint notice_state_pkey PRIMARY KEY (is_only_row),
  constraint notice_state_is_only_row_check CHECK (is_only_row)
);
comment on table cdd.notice_state is 'One row. Its lock makes one replica judge at a time.';
comment on column cdd.notice_state.is_only_row is 'Always true.';
comment on column cdd.notice_state.cases_judged_at is 'When the kinds that count cases were last judged.';
comment on column cdd.notice_state.cases_judged_ms is 'How long that took, in milliseconds: the longer, the less often it is done.';
comment on column cdd.notice_state.approvals_until is 'Transitions recorded up to here were searched for lost approvals; null = no rule has asked for them.';

create table cdd.notices (
  channel text not null,
  kind text not null,
  account_id text not null,
  began_at timestamp(6) with time zone not null,
  told_at timestamp(6) with time zone not null,
  reminders smallint default 0 not null,
  times smallint default 1 not null,
  ending_since timestamp(6) with time zone,
  ended_at timestamp(6) with time zone,
  unjudged_since timestamp(6) with time zone,
  causes text[],
  constraint notices_pkey PRIMARY KEY (channel, kind, account_id),
  constraint notices_account_id_fkey FOREIGN KEY (account_id) REFERENCES cdd.accounts(id)
);
comment on table cdd.notices is 'One row per state that a channel was told of, until a day after its end: so that it is told once.';
comment on column cdd.notices.channel is 'Id of the channel in the configuration.';
comment on column cdd.notices.kind is 'What is so: account_stale, run_failing and so on.';
comment on column cdd.notices.account_id is 'Dintero''s account id (aid).';
comment on column cdd.notices.began_at is 'Since when it is so.';
comment on column cdd.notices.told_at is 'When the last message about it was decided on; of approval_lost also: when the rule was first seen.';
comment on column cdd.notices.reminders is 'Messages that it is still so.';
comment on column cdd.notices.times is 'How often it began again within a day of its end: the more often, the longer its end must last to be told.';
comment on column cdd.notices.ending_since is 'Since when it is not so, while that is too short to be told; null = it is so, or its end was told.';
comment on column cdd.notices.ended_at is 'When its end was told; null = it was not.';
comment on column cdd.notices.unjudged_since is 'Since when no rule asks for it; null = one does.';
comment on column cdd.notices.causes is 'Error codes that need another act of a person each, as far as they were told since it began; null = the row is older than this column.';

create table cdd.reader_grants (
  account_id text not null,
  role_name text not null,
  with_names boolean default true not null,
  constraint reader_grants_pkey PRIMARY KEY (account_id, role_name)
);
comment on table cdd.reader_grants is 'The accounts that each role sees in schema reporting; written by cdd-sync grant-reader.';
comment on column cdd.reader_grants.account_id is 'An account, or * for every account, later ones too.';
comment on column cdd.reader_grants.role_name is 'A role; roles that inherit from it see the same.';
comment on column cdd.reader_grants.with_names is 'False = a user with this grant sees no names and organization numbers in schema reporting, also not by other grants.';

create table cdd.reader_settings (
  role_name text not null,
  name text not null,
  value text not null,
  constraint reader_settings_pkey PRIMARY KEY (role_name, name)
);
comment on table cdd.reader_settings is 'Settings that cdd-sync grant-reader made for a role in this database. A setting whose value differs now was changed by an administrator, and stays.';
comment on column cdd.reader_settings.role_name is 'The role.';
comment on column cdd.reader_settings.name is 'Name of the setting, in small letters.';
comment on column cdd.reader_settings.value is 'The value, as alter role ... set got it.';

create table cdd.rejected_items (
  account_id text not null,
  fingerprint bytea not null,
  case_id uuid,
  path text not null,
  reason text not null,
  body text,
  first_seen_at timestamp(6) with time zone not null,
  last_seen_at timestamp(6) with time zone not null,
  times_seen integer default 1 not null,
  resolved_at timestamp(6) with time zone,
  constraint rejected_items_pkey PRIMARY KEY (account_id, fingerprint),
  constraint rejected_items_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
  constraint rejected_items_resolved_check CHECK ((resolved_at >= last_seen_at)),
  constraint rejected_items_seen_check CHECK (((last_seen_at >= first_seen_at) AND (times_seen >= 1)))
);
comment on table cdd.rejected_items is 'Items of a list that could not be read as a case, and why.';
comment on column cdd.rejected_items.fingerprint is 'SHA-256 over the settings that decide how a case is stored and over the item''s bytes.';
comment on column cdd.rejected_items.case_id is 'The item''s id, if it could be read.';
comment on column cdd.rejected_items.path is 'Where inside the item; empty = the item as a whole.';
comment on column cdd.rejected_items.body is 'The item as received; null when it was too large to keep, or with personalData: drop.';
comment on column cdd.rejected_items.times_seen is 'Number of runs that read the item.';
comment on column cdd.rejected_items.resolved_at is 'When a complete list was first without the item; null = it is still there.';

create table cdd.report_changes (
  account_id text not null,
  id bigint default nextval('cdd.report_changes_id_seq'::regclass) not null,
  month date,
  cohort date,
  from_status text,
  to_status text,
  noted_at timestamp(6) with time zone default now() not null,
  opened integer,
  reached_declaration integer,
  reached_signature integer,
  reached_review integer,
  decided integer,
  approved integer,
  declined integer,
  still_open integer,
  decided_within_24h integer,
  constraint report_changes_pkey PRIMARY KEY (account_id, id),
  constraint report_changes_cohort_check CHECK ((num_nonnulls(opened, reached_declaration, reached_signature, reached_review, decided, approved, declined, still_open, decided_within_24h) =
CASE
    WHEN (cohort IS NULL) THEN 0
    ELSE 9
END)),
  constraint report_changes_kind_check CHECK ((num_nonnulls(month, cohort, to_status) = 1))
);
comment on table cdd.report_changes is 'The parts of the roll-ups that are out of date. Triggers only add rows, so concurrent batches do not wait for each other; cdd.roll_up removes them.';
comment on column cdd.report_changes.month is 'First day of a month with outdated daily and monthly figures.';
comment on column cdd.report_changes.cohort is 'First day of a month in which cases were opened. The counting columns say by how much to change that month''s row of funnel_months; negative = fewer.';
comment on column cdd.report_changes.to_status is 'With from_status: a pair of statuses with an outdated row in transition_pairs; from_status is null for first transitions.';

create table cdd.report_settings (
  is_only_row boolean default true not null,
  timezone text default 'Europe/Oslo'::text not null,
  review_due_soon_days integer default 60 not null,
  business_country text default 'NO'::text not null,
  business_weekdays smallint[] default '{1,2,3,4,5}'::smallint[] not null,
  business_opens time(6) without time zone default '08:00:00'::time without time zone not null,
  business_closes time(6) without time zone default '16:00:00'::time without time zone not null,
  business_closed date[] default '{}'::date[] not null,
  business_days_made_from text,
  constraint report_settings_pkey PRIMARY KEY (is_only_row),
  constraint report_settings_only_row_check CHECK (is_only_row)
);
comment on table cdd.report_settings is 'Settings of the reports, from the configuration; one row.';
comment on column cdd.report_settings.timezone is 'Time zone of the days and months in the reports.';
comment on column cdd.report_settings.review_due_soon_days is 'reports.reviews.dueSoonDays of the configuration: a review is due soon for this number of days before it is due.';
comment on column cdd.report_settings.business_country is 'Country, or part of one, whose public holidays are no business days.';
comment on column cdd.report_settings.business_weekdays is 'Business days: 1 = Monday, 7 = Sunday.';
comment on column cdd.report_settings.business_opens is 'When a business day begins, by the clocks of timezone.';
comment on column cdd.report_settings.business_closes is 'When it ends.';
comment on column cdd.report_settings.business_closed is 'Further days without business hours.';
comment on column cdd.report_settings.business_days_made_from is 'What cdd.business_days was computed from; null = never. It is computed again when this differs.';

create table cdd.retention_rules (
  "position" integer not null,
  years integer,
  countries text[] default '{}'::text[] not null,
  packages text[] default '{}'::text[] not null,
  products text[] default '{}'::text[] not null,
  facts jsonpath,
  constraint retention_rules_pkey PRIMARY KEY ("position"),
  constraint retention_rules_position_check CHECK (("position" >= 0)),
  constraint retention_rules_years_check CHECK ((years >= 0))
);
comment on table cdd.retention_rules is 'How long a case is kept after it ended; from retention.cases of the configuration, written when a worker starts. The first rule that matches wins.';
comment on column cdd.retention_rules."position" is 'Position in the configuration, from 1; 0 = the general rule, which matches every case and comes last.';
comment on column cdd.retention_rules.years is 'Calendar years; null = for ever.';
comment on column cdd.retention_rules.countries is 'The case''s country is one of these, in capitals; empty = any.';
comment on column cdd.retention_rules.packages is 'Its package is one of these; empty = any.';
comment on column cdd.retention_rules.products is 'It has one of these products; empty = any.';
comment on column cdd.retention_rules.facts is 'A predicate on the facts of the case: each of the named facts has one of its values; null = any.';

create table cdd.review_rules (
  "position" integer not null,
  every_months integer not null,
  countries text[] default '{}'::text[] not null,
  packages text[] default '{}'::text[] not null,
  products text[] default '{}'::text[] not null,
  facts jsonpath,
  constraint review_rules_pkey PRIMARY KEY ("position"),
  constraint review_rules_months_check CHECK ((every_months >= 1)),
  constraint review_rules_position_check CHECK (("position" >= 0))
);
comment on table cdd.review_rules is 'How often an approved case must be reviewed; from reports.reviews of the configuration, written when a worker starts. The first rule that matches wins.';
comment on column cdd.review_rules."position" is 'Position in the configuration, from 1; 0 = the general interval, which matches every case and comes last.';
comment on column cdd.review_rules.every_months is 'Calendar months from one review to the next.';
comment on column cdd.review_rules.countries is 'The case''s country is one of these, in capitals; empty = any.';
comment on column cdd.review_rules.packages is 'Its package is one of these; empty = any.';
comment on column cdd.review_rules.products is 'It has one of these products; empty = any.';
comment on column cdd.review_rules.facts is 'A predicate on the facts of the case: each of the named facts has one of its values; null = any.';

create table cdd.roll_ups (
  account_id text not null,
  failing_since timestamp(6) with time zone,
  failures integer default 0 not null,
  error_code text,
  error_message text,
  told_at timestamp(6) with time zone,
  constraint roll_ups_pkey PRIMARY KEY (account_id),
  constraint roll_ups_failing_check CHECK (((num_nonnulls(failing_since, error_message, told_at) = ANY (ARRAY[0, 3])) AND ((error_code IS NULL) OR (error_message IS NOT NULL)))),
  constraint roll_ups_failures_check CHECK ((failures >= 0))
);
comment on table cdd.roll_ups is 'A row per account whose reports were ever rolled up. Locking it locks the roll-ups of the account: unlike an advisory lock, only the owner of this schema can take it.';
comment on column cdd.roll_ups.failing_since is 'When the first of the roll-ups failed that have failed since the last one that succeeded; null = the last one succeeded.';
comment on column cdd.roll_ups.failures is 'Number of roll-ups that ever failed.';
comment on column cdd.roll_ups.error_code is 'SQLSTATE or network error of the last failure; null = none, or nothing is failing.';
comment on column cdd.roll_ups.error_message is 'The last failure in words, with advice; null = nothing is failing.';
comment on column cdd.roll_ups.told_at is 'When a log last had the failure; null = nothing is failing.';

create table cdd.schema_versions (
  number integer not null,
  checksum text not null,
  applied_at timestamp(6) with time zone default now() not null,
  constraint schema_versions_pkey PRIMARY KEY (number),
  constraint schema_versions_checksum_key UNIQUE (checksum)
);
comment on table cdd.schema_versions is 'The schemas that programs brought this database to, in order. A program whose schema is not the last one is older, and does not migrate.';
comment on column cdd.schema_versions.number is 'Order of the schemas.';
comment on column cdd.schema_versions.checksum is 'SHA-256 of the names of all migrations, and of the names and checksums of all definitions.';
comment on column cdd.schema_versions.applied_at is 'When the database was brought to this schema.';

create table cdd.status_targets (
  status text not null,
  target_hours numeric,
  target_business_hours numeric,
  constraint status_targets_pkey PRIMARY KEY (status),
  constraint status_targets_business_hours_check CHECK ((target_business_hours > (0)::numeric)),
  constraint status_targets_hours_check CHECK ((target_hours > (0)::numeric)),
  constraint status_targets_one_unit_check CHECK ((num_nonnulls(target_hours, target_business_hours) = 1))
);
comment on table cdd.status_targets is 'How long a case may stay in a status, from the configuration (statusTargets).';
comment on column cdd.status_targets.target_hours is 'Hours by the clock; null = the target is in business hours.';
comment on column cdd.status_targets.target_business_hours is 'Hours of cdd.business_days.';

create table cdd.status_transitions (
  account_id text not null,
  case_id uuid not null,
  sequence integer not null,
  from_status text,
  to_status text not null,
  occurred_at timestamp(6) with time zone not null,
  occurred_at_source text not null,
  event_id bigint not null,
  recorded_at timestamp(6) with time zone not null,
  superseded_at timestamp(6) with time zone,
  run_id uuid not null,
  from_since timestamp(6) with time zone,
  constraint status_transitions_pkey PRIMARY KEY (account_id, case_id, sequence, recorded_at),
  constraint status_transitions_change_check CHECK ((from_status IS DISTINCT FROM to_status)),
  constraint status_transitions_first_check CHECK (((sequence >= 1) AND ((sequence = 1) = (from_status IS NULL)))),
  constraint status_transitions_from_since_check CHECK (((from_since IS NULL) OR (sequence > 1))),
  constraint status_transitions_source_check CHECK ((occurred_at_source = ANY (ARRAY['event'::text, 'inferred'::text]))),
  constraint status_transitions_superseded_check CHECK ((superseded_at >= recorded_at))
);
CREATE INDEX status_transitions_inferred_idx ON cdd.status_transitions USING btree (account_id) WHERE ((superseded_at IS NULL) AND (occurred_at_source = 'inferred'::text));
CREATE INDEX status_transitions_left_idx ON cdd.status_transitions USING btree (account_id, occurred_at) INCLUDE (case_id, from_status, to_status, recorded_at, superseded_at) WHERE (from_status = ANY (ARRAY['ACTIVE'::text, 'ARCHIVED'::text, 'DECLINED'::text, 'TERMINATED'::text]));
CREATE INDEX status_transitions_recorded_idx ON cdd.status_transitions USING brin (recorded_at) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX status_transitions_time_idx ON cdd.status_transitions USING brin (occurred_at, from_since) WITH (pages_per_range='32', autosummarize='on');
CREATE TRIGGER note_added AFTER INSERT ON cdd.status_transitions REFERENCING NEW TABLE AS changed_transitions FOR EACH STATEMENT EXECUTE FUNCTION cdd.note_transitions();
CREATE TRIGGER note_superseded AFTER UPDATE ON cdd.status_transitions REFERENCING NEW TABLE AS changed_transitions FOR EACH STATEMENT EXECUTE FUNCTION cdd.note_transitions();
comment on table cdd.status_transitions is 'Every change of status, derived from the events. A row that a late event proved wrong is closed, not changed.';
comment on column cdd.status_transitions.sequence is 'Counts from 1 per case, in order of (occurred_at, event_id).';
comment on column cdd.status_transitions.from_status is 'Null for a case''s first status.';
comment on column cdd.status_transitions.occurred_at_source is 'event: the event''s created_at; inferred: the event has no time, so it is the greatest time among events of smaller id, else the case''s created_at, else the time of recording.';
comment on column cdd.status_transitions.event_id is 'The event that brought the status.';
comment on column cdd.status_transitions.recorded_at is 'When we learned it.';
comment on column cdd.status_transitions.superseded_at is 'When we learned a newer version; null = current.';
comment on column cdd.status_transitions.run_id is 'The run that recorded it; runs are kept for a limited time.';
comment on column cdd.status_transitions.from_since is 'When from_status began: the stay that this transition ends lasted from then to occurred_at. Null for the first.';

create table cdd.superseded_case_states (
  recorded_at timestamp(6) with time zone not null,
  superseded_at timestamp(6) with time zone not null,
  case_id uuid not null,
  account_id text not null,
  status text,
  status_since timestamp(6) with time zone,
  created_at timestamp(6) with time zone,
  deleted_at timestamp(6) with time zone,
  missing_since timestamp(6) with time zone,
  opened_at timestamp(6) with time zone,
  first_decided_at timestamp(6) with time zone,
  first_decision text,
  decision_route text,
  first_approved_at timestamp(6) with time zone,
  first_declined_at timestamp(6) with time zone,
  furthest_rank integer,
  constraint superseded_case_states_pkey PRIMARY KEY (account_id, superseded_at, case_id),
  constraint superseded_case_states_superseded_check CHECK ((superseded_at >= recorded_at))
);
CREATE INDEX superseded_case_states_odd_idx ON cdd.superseded_case_states USING btree (account_id, case_id) WHERE COALESCE(((LEAST(opened_at, created_at, deleted_at) < '2000-01-01 00:00:00+00'::timestamp with time zone) OR (GREATEST(opened_at, status_since, created_at, deleted_at) > recorded_at)), false);
CREATE INDEX superseded_case_states_time_idx ON cdd.superseded_case_states USING brin (superseded_at) WITH (pages_per_range='32', autosummarize='on');
comment on table cdd.superseded_case_states is 'One row per earlier version of what was known of a case, added when a newer version replaces it. View cdd.case_states adds the newest versions, from cdd.cases. Rows are never changed.';
comment on column cdd.superseded_case_states.recorded_at is 'When we learned it.';
comment on column cdd.superseded_case_states.superseded_at is 'When we learned a newer version.';
comment on column cdd.superseded_case_states.status is 'This and all other columns are as in cdd.cases, as they were known then.';

create table cdd.sync_runs (
  account_id text not null,
  id uuid not null,
  trigger text not null,
  state text default 'running'::text not null,
  started_at timestamp(6) with time zone default now() not null,
  heartbeat_at timestamp(6) with time zone default now() not null,
  finished_at timestamp(6) with time zone,
  complete boolean default false not null,
  not_modified boolean default false not null,
  cases_seen integer default 0 not null,
  cases_created integer default 0 not null,
  cases_updated integer default 0 not null,
  cases_unchanged integer default 0 not null,
  cases_missing integer default 0 not null,
  cases_returned integer default 0 not null,
  missing_held_back integer default 0 not null,
  events_recorded integer default 0 not null,
  transitions_recorded integer default 0 not null,
  items_rejected integer default 0 not null,
  bytes_read bigint default 0 not null,
  requests integer default 0 not null,
  retries integer default 0 not null,
  error_code text,
  error_message text,
  constraint sync_runs_pkey PRIMARY KEY (account_id, id),
  constraint sync_runs_account_id_fkey FOREIGN KEY (account_id) REFERENCES cdd.accounts(id),
  constraint sync_runs_counters_check CHECK (((LEAST((cases_created)::bigint, (cases_updated)::bigint, (cases_unchanged)::bigint, (cases_missing)::bigint, (cases_returned)::bigint, (missing_held_back)::bigint, (events_recorded)::bigint, (transitions_recorded)::bigint, (items_rejected)::bigint, bytes_read, (requests)::bigint, (retries)::bigint) >= 0) AND (cases_returned <= cases_seen))),
  constraint sync_runs_error_check CHECK ((
CASE state
    WHEN 'failed'::text THEN ((error_code IS NOT NULL) AND (error_code <> ALL (ARRAY['MASS_DISAPPEARANCE'::text, 'UNREADABLE_ITEM'::text, 'ABANDONED'::text])))
    WHEN 'abandoned'::text THEN ((error_code IS NOT NULL) AND (error_code = 'ABANDONED'::text))
    WHEN 'partial'::text THEN ((error_code IS NULL) OR (error_code = ANY (ARRAY['MASS_DISAPPEARANCE'::text, 'UNREADABLE_ITEM'::text])))
    ELSE (error_code IS NULL)
END AND ((error_code IS NULL) = (error_message IS NULL)))),
  constraint sync_runs_error_code_check CHECK ((error_code = ANY (ARRAY['AUTH'::text, 'FORBIDDEN'::text, 'NOT_FOUND'::text, 'RATE_LIMITED'::text, 'HTTP'::text, 'NETWORK'::text, 'TIMEOUT'::text, 'TRUNCATED'::text, 'NOT_JSON'::text, 'DATABASE'::text, 'MASS_DISAPPEARANCE'::text, 'UNREADABLE_ITEM'::text, 'ABANDONED'::text, 'CANCELLED'::text]))),
  constraint sync_runs_finished_check CHECK (((state = 'running'::text) = (finished_at IS NULL))),
  constraint sync_runs_missing_check CHECK (((cases_missing = 0) OR complete)),
  constraint sync_runs_not_modified_check CHECK (((NOT not_modified) OR ((state = ANY (ARRAY['succeeded'::text, 'partial'::text])) AND (cases_seen = 0) AND (cases_missing = 0) AND (NOT complete)))),
  constraint sync_runs_seen_check CHECK ((cases_seen = ((cases_created + cases_updated) + cases_unchanged))),
  constraint sync_runs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'succeeded'::text, 'partial'::text, 'failed'::text, 'abandoned'::text]))),
  constraint sync_runs_times_check CHECK (((heartbeat_at >= started_at) AND (finished_at >= started_at))),
  constraint sync_runs_trigger_check CHECK ((trigger = ANY (ARRAY['schedule'::text, 'manual'::text, 'webhook'::text]))),
  constraint sync_runs_whole_list_check CHECK (((state <> ALL (ARRAY['succeeded'::text, 'partial'::text])) OR complete OR not_modified))
);
CREATE INDEX sync_runs_account_id_started_at_idx ON cdd.sync_runs USING btree (account_id, started_at DESC);
CREATE UNIQUE INDEX sync_runs_account_id_id_state_key ON cdd.sync_runs USING btree (account_id, id, state);
CREATE UNIQUE INDEX sync_runs_one_running_key ON cdd.sync_runs USING btree (account_id) WHERE (state = 'running'::text);
comment on table cdd.sync_runs is 'One row per run: one pass over one account. A row with state running is the account''s lock.';
comment on column cdd.sync_runs.trigger is 'Cause of the run: schedule, manual (the command line) or webhook.';
comment on column cdd.sync_runs.state is 'running; succeeded; partial: the whole list was read, but items were rejected or missing cases held back; failed; abandoned: the heartbeat of the worker stopped.';
comment on column cdd.sync_runs.heartbeat_at is 'Moves while the run lives. When it is older than the lease, the next worker that wants the account declares the run abandoned.';
comment on column cdd.sync_runs.complete is 'Whether the list was read to its closing bracket. A filtered list can be complete too, but never marks a case missing.';
comment on column cdd.sync_runs.not_modified is 'The API answered 304: nothing was read, nothing has changed. State, items_rejected, missing_held_back and error are those of the list as it was read.';
comment on column cdd.sync_runs.cases_seen is 'Different cases read: created + updated + unchanged.';
comment on column cdd.sync_runs.cases_updated is 'Cases with other content than stored.';
comment on column cdd.sync_runs.cases_unchanged is 'Cases with the same content as before, even if their keys came in another order.';
comment on column cdd.sync_runs.cases_missing is 'Cases that this run marked missing.';
comment on column cdd.sync_runs.cases_returned is 'Cases seen that were missing before the run.';
comment on column cdd.sync_runs.missing_held_back is 'Cases that were not in the list but were not marked missing: too many at once, or an item with an unreadable id may have been one of them.';
comment on column cdd.sync_runs.events_recorded is 'Rows added to event_revisions: new events and new content of known ones.';
comment on column cdd.sync_runs.transitions_recorded is 'Rows added to status_transitions.';
comment on column cdd.sync_runs.items_rejected is 'Items of the list that cannot be read; see rejected_items.';
comment on column cdd.sync_runs.bytes_read is 'Bytes of the list, after decompression, retries included.';
comment on column cdd.sync_runs.requests is 'HTTP requests sent, token requests included.';
comment on column cdd.sync_runs.retries is 'Requests that were tried again.';
comment on column cdd.sync_runs.error_code is 'Why the run did not succeed; null on success, and on a run that is partial only because of rejected items whose ids can be read.';
comment on column cdd.sync_runs.error_message is 'The error in words, and its remedy.';

create table cdd.transition_pairs (
  account_id text not null,
  is_first boolean not null,
  from_status text not null,
  to_status text not null,
  transitions integer not null,
  median_hours double precision,
  p90_hours double precision,
  made_at timestamp(6) with time zone default now() not null,
  pair_id uuid not null,
  constraint transition_pairs_pkey PRIMARY KEY (account_id, pair_id)
);
comment on table cdd.transition_pairs is 'Roll-up: transitions from one status to another.';
comment on column cdd.transition_pairs.is_first is 'Whether the row counts first transitions of cases. from_status is empty then; a flag is needed because a status may be empty too.';
comment on column cdd.transition_pairs.pair_id is 'Hash of is_first and both statuses.';

create table cdd.webhook_deliveries (
  account_id text not null,
  delivery_id text not null,
  received_at timestamp(6) with time zone default now() not null,
  body_hash bytea,
  constraint webhook_deliveries_pkey PRIMARY KEY (account_id, delivery_id)
);
CREATE INDEX webhook_deliveries_body_hash_idx ON cdd.webhook_deliveries USING btree (account_id, body_hash);
CREATE INDEX webhook_deliveries_received_at_idx ON cdd.webhook_deliveries USING btree (received_at);
comment on table cdd.webhook_deliveries is 'Webhook deliveries of the last days, so that a repeated delivery starts no second run. Their content is not kept.';
comment on column cdd.webhook_deliveries.delivery_id is 'Value of the header event-delivery, which is not signed.';
comment on column cdd.webhook_deliveries.body_hash is 'SHA-256 of the body, which is signed; null in rows of older versions.';

create view cdd.account_failures (
  account_id text,
  failures integer,
  since timestamp with time zone,
  error_code text
);
comment on view cdd.account_failures is 'One row per account whose newest runs failed: how many since the last one that read the list, since when, and the error of the newest.';

create view cdd.account_lateness (
  account_id text,
  next_due_at timestamp(6) with time zone,
  late_by_minutes numeric,
  is_stale boolean
);
comment on view cdd.account_lateness is 'One row per synced account: whether it is late by its own schedule, now. Nothing is due of a paused account.';

create view cdd.case_changes (
  account_id text,
  case_id uuid,
  revision integer,
  field text,
  old_value text,
  new_value text,
  recorded_at timestamp(6) with time zone,
  run_id uuid
);
comment on view cdd.case_changes is 'One row per published field of a case that differs between two of its documents, for the views reporting.case_changes and case_timeline. Names and organization numbers are null for users who may not see them.';

create view cdd.case_ends (
  account_id text,
  case_id uuid,
  has_ended boolean,
  ended_at timestamp with time zone
);
comment on view cdd.case_ends is 'One row per case in an account''s list: whether it has ended by now, and when; ended_at null = it has not, or only times before 2000 say when. Says nothing of the same case in other accounts.';

create view cdd.case_events (
  account_id text,
  case_id uuid,
  id bigint,
  revision integer,
  event text,
  status text,
  occurred_at timestamp(6) with time zone,
  request_id text,
  error text,
  provider_case_id text,
  contract_url text,
  body jsonb,
  recorded_at timestamp(6) with time zone,
  superseded_at timestamp(6) with time zone,
  run_id uuid
);
comment on view cdd.case_events is 'Every event of every case, with every content it has had. An event that is no longer in its case''s document is closed.';
comment on column cdd.case_events.account_id is 'The account that has the case in its list.';
comment on column cdd.case_events.case_id is 'The case''s id at Dintero.';
comment on column cdd.case_events.id is 'events[].id; unique within its case.';
comment on column cdd.case_events.revision is 'Counts from 1 per event.';
comment on column cdd.case_events.event is 'events[].event: Dintero''s name for the event.';
comment on column cdd.case_events.status is 'events[].case_status';
comment on column cdd.case_events.occurred_at is 'events[].created_at; null = the API gave none.';
comment on column cdd.case_events.request_id is 'events[].request_id';
comment on column cdd.case_events.error is 'events[].error';
comment on column cdd.case_events.provider_case_id is 'events[].created.case_id: the KYC provider''s id.';
comment on column cdd.case_events.contract_url is 'events[].created.contract_url: a signing link, treat it as a secret. Null when it was recorded with personalData: drop or minimal.';
comment on column cdd.case_events.body is 'The event as received; includes personal data of the provider''s case object, unless it was recorded with personalData: drop or minimal.';
comment on column cdd.case_events.recorded_at is 'When we learned it.';
comment on column cdd.case_events.superseded_at is 'When we learned newer content, or the event was no longer in the document; null = current.';
comment on column cdd.case_events.run_id is 'The run that recorded it; runs are kept for a limited time.';

create view cdd.case_retention (
  account_id text,
  case_id uuid,
  ended_at timestamp with time zone,
  keep_until timestamp with time zone,
  held_at timestamp with time zone,
  hold_reason text,
  state text,
  erased_at timestamp with time zone,
  years integer,
  rule integer
);
comment on view cdd.case_retention is 'The rows of reporting.retention, of all accounts, with the reasons of holds.';

create view cdd.case_states (
  account_id text,
  case_id uuid,
  recorded_at timestamp(6) with time zone,
  superseded_at timestamp with time zone,
  status text,
  status_since timestamp(6) with time zone,
  created_at timestamp(6) with time zone,
  deleted_at timestamp(6) with time zone,
  missing_since timestamp(6) with time zone,
  gone_at timestamp(6) with time zone,
  opened_at timestamp(6) with time zone,
  first_decided_at timestamp(6) with time zone,
  first_decision text,
  decision_route text,
  first_approved_at timestamp(6) with time zone,
  first_declined_at timestamp(6) with time zone,
  furthest_rank integer,
  has_odd_times boolean
);
comment on view cdd.case_states is 'One row per version of what was known of a case, on the axis of knowledge: a new version begins whenever one of these columns changes. The versions known at a time T have recorded_at <= T, and superseded_at null or > T. has_odd_times: one of its times was before 2000, or in the future at recorded_at.';

create view cdd.current_reader (
  sees_all boolean,
  sees_names boolean
);
comment on view cdd.current_reader is 'What the current user sees. sees_all: every account, because it owns schema cdd, may read its tables and has no grants, was granted *, or was granted every single account. sees_names: names and organization numbers, because it owns schema cdd, or has no grant without them.';

create view cdd.event_timeline (
  account_id text,
  case_id uuid,
  at timestamp with time zone,
  recorded_at timestamp(6) with time zone,
  kind text,
  title text,
  from_value text,
  to_value text,
  event_id bigint,
  run_id uuid,
  superseded_at timestamp with time zone
);
comment on view cdd.event_timeline is 'The rows of reporting.case_timeline that are about events, of every account. Ask for one case.';

create view cdd.failed_reports (
  account_id text,
  since timestamp with time zone,
  error_code text,
  error_message text
);
comment on view cdd.failed_reports is 'Accounts whose reports stand still: their last roll-up failed, or changes have waited for one for two minutes without a run.';

create view cdd.granted_accounts (
  account_id text
);
comment on view cdd.granted_accounts is 'The accounts that were granted to the current user one by one.';

create view cdd.granted_cases (
  account_id text,
  id uuid,
  first_seen_at timestamp(6) with time zone
);
comment on view cdd.granted_cases is 'The cases that the current user sees, by id.';

create view cdd.plain_ends (
  account_id text,
  case_id uuid,
  country_code text,
  package text,
  products text[],
  facts jsonb,
  erased_at timestamp(6) with time zone,
  ended_at timestamp with time zone
);
comment on view cdd.plain_ends is 'The cases of stored_ends whose row tells everything: no odd times, no legal hold, in the list of one account only.';

create view cdd.present_approvals (
  account_id text,
  case_id uuid,
  approved_at timestamp with time zone,
  last_reviewed_at timestamp with time zone
);
comment on view cdd.present_approvals is 'One row per case whose last transition lies in the future: approved_at and last_reviewed_at as of now; null = it is not approved now.';

create view cdd.present_statuses (
  account_id text,
  case_id uuid,
  status text,
  since timestamp with time zone,
  applicant_seconds double precision,
  review_seconds double precision
);
comment on view cdd.present_statuses is 'One row per case whose last transition lies in the future: the status that it still has, since when, and the seconds in stages that it has left; status null = none yet.';

create view cdd.retained_cases (
  account_id text,
  case_id uuid,
  country_code text,
  package text,
  products text[],
  facts jsonb,
  erased_at timestamp with time zone,
  has_ended boolean,
  ended_at timestamp with time zone,
  hold_reason text,
  held_at timestamp with time zone,
  state text
);
comment on view cdd.retained_cases is 'One row per case: whether it has ended in the lists of all accounts that have it, when the last of them ended, its legal hold, and its state in reporting.retention; state null = to be computed from the other columns.';

create view cdd.retention_limit (
  ended_until timestamp with time zone,
  is_undecided boolean
);
comment on view cdd.retention_limit is 'ended_until: a case that ended later is not due, whatever rule applies to it; null = no rule has years. is_undecided: a rule depends on facts, and facts are being read again, so no rule is known of any case.';

create view cdd.retention_periods (
  account_id text,
  case_id uuid,
  has_ended boolean,
  ended_at timestamp with time zone,
  erased_at timestamp with time zone,
  held_at timestamp with time zone,
  hold_reason text,
  state text,
  years integer,
  rule integer,
  keep_until timestamp with time zone
);
comment on view cdd.retention_periods is 'The rows of retained_cases with the rule of retention.cases that applies, and until when the case is kept.';

create view cdd.reviewed_cases (
  account_id text,
  case_id uuid,
  approved_at timestamp with time zone,
  last_reviewed_at timestamp with time zone,
  every_months integer,
  rule integer,
  due_at timestamp with time zone
);
comment on view cdd.reviewed_cases is 'One row per case that is approved now and not gone, with the rule that applies to it and the time of its next review. Only accounts that the reader may see.';

create view cdd.row_digests (
  account_id text,
  case_id uuid,
  at timestamp with time zone,
  table_name text,
  is_added boolean,
  digest bytea
);
comment on view cdd.row_digests is 'Digests of all rows of the history: one when a row was added, and one when it was closed. docs/verifying.md has the definition.';
comment on column cdd.row_digests.account_id is 'The account that has the case in its list.';
comment on column cdd.row_digests.case_id is 'The case''s id at Dintero.';
comment on column cdd.row_digests.at is 'When the row was added or closed. Of event_bodies: recorded_at of the events in it.';
comment on column cdd.row_digests.table_name is 'The table of schema cdd.';
comment on column cdd.row_digests.is_added is 'Whether the digest is of the row as it was added, else of its key and superseded_at.';
comment on column cdd.row_digests.digest is 'SHA-256; null = the array of bodies that an event names is not there.';

create view cdd.run_contents (
  account_id text,
  run_id uuid,
  recorded_at timestamp with time zone,
  content bytea
);
comment on view cdd.run_contents is 'SHA-256 of the digests of a run''s batches, the content of its link; a run that recorded nothing has no row. docs/verifying.md has the definition.';
comment on column cdd.run_contents.account_id is 'Dintero''s account id (aid).';
comment on column cdd.run_contents.run_id is 'The run; its row in cdd.sync_runs is kept for a limited time.';
comment on column cdd.run_contents.recorded_at is 'When the first of its batches was recorded.';
comment on column cdd.run_contents.content is 'The digest.';

create view cdd.stored_ends (
  account_id text,
  case_id uuid,
  country_code text,
  package text,
  products text[],
  facts jsonb,
  has_odd_times boolean,
  erased_at timestamp(6) with time zone,
  ended_at timestamp with time zone
);
comment on view cdd.stored_ends is 'One row per case with the time of its end as stored, which is right unless has_odd_times: the earliest of its entry into a status of stage declined or closed, its deletion and its going missing; null = it has not ended. Says nothing of the same case in other accounts.';

create function cdd.add_link(account text, kind text, run uuid, content bytea)
returns integer
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.add_link is 'Adds a link to the digest chain of an account and returns its number. Locks the account''s row until the transaction ends.';

create function cdd.begin_chain(account text)
returns void
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.begin_chain is 'Adds the first link of the digest chain of an account that has rows from before it had a chain; else does nothing.';

create function cdd.begin_content(account text, until timestamp with time zone)
returns bytea
language sql stable parallel safe;
comment on function cdd.begin_content is 'SHA-256 of the numbers of rows per table that an account had at a time, the content of its first link if it is older than its chain; null = it had none. docs/verifying.md has the definition.';

create function cdd.bodies_digest(stored cdd.event_bodies)
returns bytea
language sql stable parallel safe;
comment on function cdd.bodies_digest is 'SHA-256 of a row of cdd.event_bodies; docs/verifying.md has the definition.';

create function cdd.business_hours(from_at timestamp with time zone, from_slot cdd.business_slots, to_at timestamp with time zone, to_slot cdd.business_slots)
returns numeric
language sql stable parallel safe;
comment on function cdd.business_hours is 'Business hours from one instant to another, to six decimals; 0 if the second is not later. The slots are their rows of cdd.business_slots. Null = one of them lies outside of cdd.business_days.';

create function cdd.business_micros(at timestamp with time zone, slot cdd.business_slots)
returns bigint
language sql stable parallel safe;
comment on function cdd.business_micros is 'Business hours from the first day of cdd.business_days to an instant, in microseconds; slot is the instant''s row of cdd.business_slots.';

create function cdd.business_slot(at timestamp with time zone)
returns integer
language sql stable parallel safe;
comment on function cdd.business_slot is 'The key of cdd.business_slots: half days of UTC since 1970.';

create function cdd.calendar_begins(step interval, latest timestamp with time zone, zone text)
returns timestamp with time zone[]
language sql stable parallel safe;
comment on function cdd.calendar_begins is 'The first instants of all days or months in a time zone, from 2000 to the latest time. Functions cdd.day_of and cdd.month_of find times in them.';

create function cdd.case_document(account_id text, case_id uuid, known_at timestamp with time zone DEFAULT reporting.known_until())
returns jsonb
language sql stable parallel safe;
comment on function cdd.case_document is 'A case''s document as the API gave it, as known at known_at; null = the case was unknown then, or missing from the list. Of an erased case, at any known_at, the part that stays (cdd.erased_document) and erased_at.';

create function cdd.case_snapshot_digest(account_id text, case_id uuid, at timestamp with time zone)
returns bytea
language sql stable parallel safe;
comment on function cdd.case_snapshot_digest is 'SHA-256 of all rows of a case''s history as they are now, without what was recorded or closed after the given time; null = it has none. A receipt has it. docs/verifying.md has the definition.';

create function cdd.changed_fields(earlier_document jsonb, earlier_fields jsonb, later_document jsonb, later_fields jsonb)
returns TABLE(field text, old_value text, new_value text)
language sql stable parallel safe;
comment on function cdd.changed_fields is 'The published columns of a case that differ between two of its documents, each with both values as text. fields: the document without values that are not as documented.';

create function cdd.closed_event_digest(closed cdd.event_revisions)
returns bytea
language sql stable parallel safe;
comment on function cdd.closed_event_digest is 'SHA-256 of the key of a row of cdd.event_revisions and of its superseded_at; docs/verifying.md has the definition.';

create function cdd.closed_problem_digest(closed cdd.case_problems)
returns bytea
language sql stable parallel safe;
comment on function cdd.closed_problem_digest is 'SHA-256 of the key of a row of cdd.case_problems and of its superseded_at; docs/verifying.md has the definition.';

create function cdd.closed_revision_digest(closed cdd.case_revisions)
returns bytea
language sql stable parallel safe;
comment on function cdd.closed_revision_digest is 'SHA-256 of the key of a row of cdd.case_revisions and of its superseded_at; docs/verifying.md has the definition.';

create function cdd.closed_transition_digest(closed cdd.status_transitions)
returns bytea
language sql stable parallel safe;
comment on function cdd.closed_transition_digest is 'SHA-256 of the key of a row of cdd.status_transitions and of its superseded_at; docs/verifying.md has the definition.';

create function cdd.comparable_text(text text)
returns text
language sql immutable parallel safe;
comment on function cdd.comparable_text is 'A text, or a piece of JSON, without accents, capitals, spaces and the usual separators, to find a value in a text that writes it in another way.';

create function cdd.day_begins(day date, zone text)
returns timestamp with time zone
language sql stable parallel unsafe;
comment on function cdd.day_begins is 'The first instant of a day in a time zone.';

create function cdd.day_of(at timestamp with time zone, begins_at timestamp with time zone[])
returns date
language sql immutable parallel safe;
comment on function cdd.day_of is 'The day of a time, by the first instants of all days since 2000 (cdd.calendar_begins).';

create function cdd.documented_fields(document jsonb)
returns jsonb
language sql immutable parallel safe;
comment on function cdd.documented_fields is 'A case''s document as it is stored with personalData: minimal: the documented fields with a value of the documented type, errors as cdd.scrubbed_text leaves them. Objects without documented fields (events[].case, case_request.details) and the signing link are left out.';

create function cdd.epoch_micros(at timestamp with time zone)
returns bigint
language sql stable parallel safe;
comment on function cdd.epoch_micros is 'Microseconds since 1970.';

create function cdd.erased_document(document jsonb)
returns jsonb
language sql immutable parallel safe;
comment on function cdd.erased_document is 'The part of a case''s document that stays when the case is erased: ids, statuses, times, and words of enumerations such as products and the country. Null = null was given.';

create function cdd.erased_event(event jsonb)
returns jsonb
language sql immutable parallel safe;
comment on function cdd.erased_event is 'The part of an event that stays when its case is erased.';

create function cdd.event_digest(stored cdd.event_revisions)
returns bytea
language sql stable parallel safe;
comment on function cdd.event_digest is 'SHA-256 of a row of cdd.event_revisions as it was added; docs/verifying.md has the definition.';

create function cdd.expect_changed_cases()
returns trigger
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.expect_changed_cases is 'Sets the flag that makes cdd.note_changed_cases run: the statement sets columns that the roll-ups count.';

create function cdd.has_implausible_times(opened_at timestamp with time zone, status_since timestamp with time zone, created_at timestamp with time zone, deleted_at timestamp with time zone)
returns boolean
language sql stable parallel safe;
comment on function cdd.has_implausible_times is 'Whether one of the times of a case is before 2000 or more than a day ahead: the reports leave such a case out.';

create function cdd.has_odd_times(opened_at timestamp with time zone, status_since timestamp with time zone, created_at timestamp with time zone, deleted_at timestamp with time zone)
returns boolean
language sql stable parallel safe;
comment on function cdd.has_odd_times is 'Whether one of the times of a case is before 2000 or in the future.';

create function cdd.has_time_outside(latest timestamp with time zone, opened_at timestamp with time zone, status_since timestamp with time zone, created_at timestamp with time zone, deleted_at timestamp with time zone)
returns boolean
language sql stable parallel safe;
comment on function cdd.has_time_outside is 'Whether one of the times of a case is before 2000 or after the latest. opened_at and status_since are its first and last transition.';

create function cdd.hold_bytes(hold cdd.legal_holds)
returns bytea
language sql stable parallel safe;
comment on function cdd.hold_bytes is 'A row of cdd.legal_holds, without its account, as bytes for the digest chain; docs/verifying.md has the definition.';

create function cdd.insert_link(account text, kind text, run uuid, content bytea, earliest timestamp with time zone)
returns integer
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.insert_link is 'For cdd.add_link and cdd.begin_chain: adds a link to the digest chain of an account and returns its number.';

create function cdd.is_open_stage(stage text)
returns boolean
language sql immutable parallel safe;
comment on function cdd.is_open_stage is 'Whether somebody must still act on cases in a stage. Null is true: the stage of a case without a status.';

create function cdd.is_plausible_time(at timestamp with time zone)
returns boolean
language sql stable parallel safe;
comment on function cdd.is_plausible_time is 'Whether a time is from 2000 on and at most a day ahead: only such a time makes a day or month of the reports.';

create function cdd.judge_times()
returns trigger
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.judge_times is 'Keeps cdd.cases.has_odd_times right when the times of a case change.';

create function cdd.keep_case_state()
returns trigger
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.keep_case_state is 'Adds the earlier version of a changed case to cdd.superseded_case_states, and notes since when the new one is known.';

create function cdd.kept_account_id(value jsonb)
returns jsonb
language sql immutable parallel safe;
comment on function cdd.kept_account_id is 'A value that stays when its case is erased because it is an account id of Dintero; null for any other value.';

create function cdd.kept_document(document jsonb, personal_data text)
returns jsonb
language sql immutable parallel safe;
comment on function cdd.kept_document is 'The part of a case''s document that is stored with a setting of personalData: keep, drop or minimal.';

create function cdd.kept_time(value jsonb)
returns jsonb
language sql immutable parallel safe;
comment on function cdd.kept_time is 'A value that stays when its case is erased because it is a time; null for any other value.';

create function cdd.kept_word(value jsonb)
returns jsonb
language sql immutable parallel safe;
comment on function cdd.kept_word is 'A value that stays when its case is erased because it looks like a word of an enumeration; null for any other value.';

create function cdd.kept_words(list jsonb)
returns jsonb
language sql immutable parallel safe;
comment on function cdd.kept_words is 'The elements of a list that cdd.kept_word keeps; null for a value that is no list.';

create function cdd.link_digest(link cdd.digest_links)
returns bytea
language sql stable parallel safe;
comment on function cdd.link_digest is 'SHA-256 of a link of the digest chain without its own digest; docs/verifying.md has the definition.';

create function cdd.link_run(account text, run uuid)
returns integer
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.link_run is 'Adds the link of a run to the digest chain of its account, in the transaction that ends the run, and returns its number; null = the run recorded nothing.';

create function cdd.local_instant(local_time timestamp without time zone, zone text)
returns timestamp with time zone
language sql stable parallel safe;
comment on function cdd.local_instant is 'The first instant at which the clocks of a time zone show this time; in a gap, as much later as the clocks jump.';

create function cdd.lock_roll_up(account text)
returns void
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.lock_roll_up is 'Locks the roll-ups of an account until the transaction ends. Waits for a roll-up that is under way.';

create function cdd.make_business_days(holidays date[], holiday_names text[], first_day date, last_day date)
returns void
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.make_business_days is 'Computes cdd.business_days and cdd.business_slots from cdd.report_settings and the public holidays given.';

create function cdd.matches_rule(country_code text, package text, products text[], facts jsonb, rule_countries text[], rule_packages text[], rule_products text[], rule_facts jsonpath)
returns boolean
language sql immutable parallel safe;
comment on function cdd.matches_rule is 'Whether a case meets all conditions of a rule of reports.reviews or retention.cases. Null is no.';

create function cdd.month_of(at timestamp with time zone, begins_at timestamp with time zone[])
returns date
language sql immutable parallel safe;
comment on function cdd.month_of is 'The first day of the month of a time, by the first instants of all months since 2000 (cdd.calendar_begins).';

create function cdd.note_case_ids()
returns trigger
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.note_case_ids is 'Adds new cases to cdd.case_ids, and marks the ids that more than one account has.';

create function cdd.note_changed_cases()
returns trigger
language plpgsql volatile parallel unsafe
set enable_nestloop=off
set search_path=pg_catalog, pg_temp;
comment on function cdd.note_changed_cases is 'Adds to cdd.report_changes the effects of changed cases on the roll-ups; those of their transitions are in cdd.note_transitions.';

create function cdd.note_new_cases()
returns trigger
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.note_new_cases is 'Adds to cdd.report_changes the effects of new cases on the roll-ups; those of their transitions are in cdd.note_transitions.';

create function cdd.note_stage()
returns trigger
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.note_stage is 'Sets cdd.case_statuses.changed_at, because a new stage changes the reports of all cases in the status.';

create function cdd.note_transitions()
returns trigger
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.note_transitions is 'Adds to cdd.report_changes the months and pairs of statuses of transitions that were added or superseded.';

create function cdd.problem_digest(stored cdd.case_problems)
returns bytea
language sql stable parallel safe;
comment on function cdd.problem_digest is 'SHA-256 of a row of cdd.case_problems as it was added; docs/verifying.md has the definition.';

create function cdd.read_fact(document jsonb, path jsonpath, OUT value text, OUT problem text)
returns record
language plpgsql immutable parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.read_fact is 'The text, number or boolean that a path finds in a document, as text; or why there is none. Never fails.';

create function cdd.rebuild_roll_ups(account text)
returns void
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.rebuild_roll_ups is 'Computes all roll-ups of an account from its tables: after the time zone changed, or the tables were edited by hand.';

create function cdd.receipt_bytes(receipt cdd.erasures)
returns bytea
language sql stable parallel safe;
comment on function cdd.receipt_bytes is 'A row of cdd.erasures, without its account and link, as bytes for the digest chain; docs/verifying.md has the definition.';

create function cdd.revision_digest(stored cdd.case_revisions)
returns bytea
language sql stable parallel safe;
comment on function cdd.revision_digest is 'SHA-256 of a row of cdd.case_revisions as it was added; docs/verifying.md has the definition.';

create function cdd.roll_up(account text)
returns void
language plpgsql volatile parallel unsafe
set enable_mergejoin=on
set enable_nestloop=on
set enable_seqscan=on
set jit=off
set plan_cache_mode=force_custom_plan
set random_page_cost=1.1
set search_path=pg_catalog, pg_temp
set work_mem=64MB;
comment on function cdd.roll_up is 'Applies the changes in cdd.report_changes to the roll-ups of an account. Called at the end of each run.';

create function cdd.roll_up_days(account text, days date[], begins_at timestamp with time zone[])
returns void
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.roll_up_days is 'Part of cdd.roll_up: computes the daily and monthly roll-ups of an account for whole months. days lists every day and the one after the last; begins_at their first instants.';

create function cdd.roll_up_odd_cases(account text)
returns void
language plpgsql volatile parallel unsafe
set search_path=pg_catalog, pg_temp;
comment on function cdd.roll_up_odd_cases is 'Part of cdd.roll_up: judges again the cases whose times are before 2000 or in the future, and notes the changes.';

create function cdd.scrubbed_text(text text)
returns text
language plpgsql immutable parallel safe
set search_path=pg_catalog, pg_temp;
comment on function cdd.scrubbed_text is 'An error''s text without anything that looks like a name, a number, an address or a link; each is replaced by …. Ids, error codes, status words, amounts and words in small letters stay.';

create function cdd.transition_digest(stored cdd.status_transitions)
returns bytea
language sql stable parallel safe;
comment on function cdd.transition_digest is 'SHA-256 of a row of cdd.status_transitions as it was added; docs/verifying.md has the definition.';

create function cdd.without_personal_data(document jsonb)
returns jsonb
language sql immutable parallel safe;
comment on function cdd.without_personal_data is 'A case''s document as it is stored with personalData: drop.';

create schema reporting;
comment on schema reporting is 'Dintero''s customer due diligence cases for analysts and dashboards. Stable. Has names and organization numbers, also of sole traders, and no other personal data.';
grant usage on schema reporting to cdd_reader;

create view reporting.account_pauses (
  account_id text,
  paused_at timestamp(6) with time zone,
  reason text,
  paused_by text,
  resumed_at timestamp(6) with time zone,
  resumed_by text
) with (security_barrier=true);
grant select on reporting.account_pauses to cdd_reader;
comment on view reporting.account_pauses is 'One row per time that an account''s runs were paused. Meanwhile its cases stay as they were. Fresh: now.';
comment on column reporting.account_pauses.account_id is 'Dintero''s account id (aid).';
comment on column reporting.account_pauses.paused_at is 'When the runs were paused; a run that was under way went on to its end.';
comment on column reporting.account_pauses.reason is 'The reason that was given.';
comment on column reporting.account_pauses.paused_by is 'Login name of the user who paused it, else the database user.';
comment on column reporting.account_pauses.resumed_at is 'When the runs were continued; null = they are still paused.';
comment on column reporting.account_pauses.resumed_by is 'Login name of the user who continued them, else the database user; null = they are still paused.';

create view reporting.accounts (
  account_id text,
  account_label text,
  environment text,
  partner_id text,
  enabled boolean,
  paused_since timestamp(6) with time zone,
  pause_reason text,
  first_read_at timestamp(6) with time zone,
  last_success_at timestamp(6) with time zone,
  next_due_at timestamp with time zone,
  cases integer,
  open_cases integer,
  paused_by text
) with (security_barrier=true);
grant select on reporting.accounts to cdd_reader;
comment on view reporting.accounts is 'One row per account that was ever synced, disabled ones included. Fresh: now; the numbers of cases as saved by the account''s last run.';
comment on column reporting.accounts.account_id is 'Dintero''s account id (aid).';
comment on column reporting.accounts.account_label is 'The account''s name in the configuration; null = none was given, or it is the account of a partner''s merchant and you may not see names.';
comment on column reporting.accounts.environment is 'test for account ids that begin with T, production for P.';
comment on column reporting.accounts.partner_id is 'The partner whose credentials read the account; null = it has its own.';
comment on column reporting.accounts.enabled is 'Whether the account is synced: it is in the configuration, or a merchant of a partner in it.';
comment on column reporting.accounts.paused_since is 'Since when its runs are paused (cdd-sync pause); null = they are not.';
comment on column reporting.accounts.pause_reason is 'Why its runs are paused; null = they are not.';
comment on column reporting.accounts.first_read_at is 'When the first run finished that read the whole list; null = there was none. For accounts older than this column: as far as it is still known.';
comment on column reporting.accounts.last_success_at is 'When the last such run finished; null = there was none.';
comment on column reporting.accounts.next_due_at is 'When the next run is due; in the past if it is late. Null = the account is disabled or paused.';
comment on column reporting.accounts.cases is 'Rows of the account in cases, gone ones included.';
comment on column reporting.accounts.open_cases is 'Of these, the open ones (is_open).';
comment on column reporting.accounts.paused_by is 'Login name of the user who paused it, else the database user; null = it is not paused.';

create view reporting.backlog_daily (
  day date,
  account_id text,
  status text,
  stage text,
  cases integer,
  entered integer,
  exited integer,
  is_open boolean
) with (security_barrier=true);
grant select on reporting.backlog_daily to cdd_reader;
comment on view reporting.backlog_daily is 'One row per day, account and status, from the first day on which a case was in the status to today. Days are of the configured time zone. A case leaves its status when it is deleted or missing, and nothing after that counts: cases = cases of the day before + entered - exited. Cases without a status are not counted, nor are cases with implausible times (see data_quality). Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.backlog_daily.day is 'The day, in the configured time zone.';
comment on column reporting.backlog_daily.account_id is 'Dintero''s account id (aid).';
comment on column reporting.backlog_daily.status is 'The status.';
comment on column reporting.backlog_daily.stage is 'Its stage.';
comment on column reporting.backlog_daily.cases is 'Cases in the status at the end of the day; for today, now.';
comment on column reporting.backlog_daily.entered is 'How often a case entered the status on the day.';
comment on column reporting.backlog_daily.exited is 'How often a case left the status on the day, also by being deleted or missing.';
comment on column reporting.backlog_daily.is_open is 'Whether somebody must still act on cases in the status: its stage is applicant, review, error or unknown.';

create view reporting.backlog_spans (
  first_day date,
  last_day date,
  account_id text,
  status text,
  stage text,
  cases integer,
  is_open boolean
) with (security_barrier=true);
grant select on reporting.backlog_spans to cdd_reader;
comment on view reporting.backlog_spans is 'The days of backlog_daily, in spans: one row per account, status and span of days at whose ends the same number of cases was in the status. A span ends before the day on which a case next entered or left the status. Faster than backlog_daily if a question is about some days only, such as the ends of months. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.backlog_spans.first_day is 'The first day of the span, in the configured time zone.';
comment on column reporting.backlog_spans.last_day is 'The last day of the span; of the newest span of a status, today.';
comment on column reporting.backlog_spans.account_id is 'Dintero''s account id (aid).';
comment on column reporting.backlog_spans.status is 'The status.';
comment on column reporting.backlog_spans.stage is 'Its stage.';
comment on column reporting.backlog_spans.cases is 'Cases in the status at the end of each day of the span; for today, now.';
comment on column reporting.backlog_spans.is_open is 'Whether somebody must still act on cases in the status: its stage is applicant, review, error or unknown.';

create view reporting.business_days (
  day date,
  opens_at timestamp(6) with time zone,
  closes_at timestamp(6) with time zone,
  hours numeric,
  hours_before numeric,
  closed_because text,
  holiday text
) with (security_barrier=true);
grant select on reporting.business_days to cdd_reader;
comment on view reporting.business_days is 'Every day of the configured time zone from 2000 to the end of the tenth year from now, with its business hours (reports.calendar in the configuration). Fresh: as of the last start of a worker, or sync.';
comment on column reporting.business_days.day is 'The day, in the configured time zone.';
comment on column reporting.business_days.opens_at is 'When its business hours begin; null = it has none.';
comment on column reporting.business_days.closes_at is 'When they end.';
comment on column reporting.business_days.hours is 'Business hours of the day; 0 = it has none.';
comment on column reporting.business_days.hours_before is 'Business hours of all days before it. The difference of two days is what lies between them.';
comment on column reporting.business_days.closed_because is 'Why it has none. weekday: no business day; public_holiday; closed_day: closed in the configuration; clocks: clocks are set forward over all of them.';
comment on column reporting.business_days.holiday is 'Name of the public holiday, also if the weekday alone would close the day.';

create view reporting.case_changes (
  case_key text,
  account_id text,
  case_id uuid,
  revision integer,
  field text,
  old_value text,
  new_value text,
  recorded_at timestamp(6) with time zone,
  run_id uuid
) with (security_barrier=true);
grant select on reporting.case_changes to cdd_reader;
comment on view reporting.case_changes is 'One row per field of a case that differs between one recorded version of its document and the one before. Fields are columns of reporting.cases. The first version, an absence and a return are no changes. The rows known at a time T have recorded_at <= T. Fresh: as saved by the account''s last run.';
comment on column reporting.case_changes.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.case_changes.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_changes.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_changes.revision is 'The version that has the new value, as in case_history.';
comment on column reporting.case_changes.field is 'A column of reporting.cases that comes from the case''s document.';
comment on column reporting.case_changes.old_value is 'The value before: a list separated by commas, a time in UTC (2025-11-19T10:15:00Z). Null = not given, not as documented, or a name or organization number that you may not see.';
comment on column reporting.case_changes.new_value is 'The value after, written alike. Null = no longer given, not as documented, or one that you may not see.';
comment on column reporting.case_changes.recorded_at is 'When cdd-sync learned the new value. The API tells no time of a change; the case''s updated_at is the nearest.';
comment on column reporting.case_changes.run_id is 'The run that recorded it, id in sync_runs; runs are kept for a limited time.';

create view reporting.case_events (
  account_id text,
  case_id uuid,
  event_id bigint,
  event text,
  status text,
  occurred_at timestamp(6) with time zone,
  request_id text,
  error text,
  provider_case_id text,
  recorded_at timestamp(6) with time zone,
  case_key text
) with (security_barrier=true);
grant select on reporting.case_events to cdd_reader;
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

create view reporting.case_facts (
  case_key text,
  account_id text,
  case_id uuid,
  fact text,
  value text,
  recorded_at timestamp(6) with time zone,
  superseded_at timestamp(6) with time zone,
  is_current boolean,
  problem text
) with (security_barrier=true);
grant select on reporting.case_facts to cdd_reader;
comment on view reporting.case_facts is 'One row per case, fact of reports.facts in the configuration, and value that it has had. A fact that was never found, or is no longer, has a row without a value. Fresh: as saved by the account''s last run; after a change of reports.facts, runs read all cases again, some 50,000 after each run.';
comment on column reporting.case_facts.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.case_facts.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_facts.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_facts.fact is 'The fact''s name in reports.facts.';
comment on column reporting.case_facts.value is 'The text, number or boolean that its path found, as text; null = see problem, or you may not see names: a fact may be one.';
comment on column reporting.case_facts.recorded_at is 'When cdd-sync read it.';
comment on column reporting.case_facts.superseded_at is 'When cdd-sync read another value, or the fact was no longer configured; null = current.';
comment on column reporting.case_facts.is_current is 'Whether it is the case''s present value.';
comment on column reporting.case_facts.problem is 'Why there is no value: the path finds nothing, null, several values, an array or an object, or fails; null = there is one, although you may not see it.';

create view reporting.case_history (
  account_id text,
  case_id uuid,
  revision integer,
  deleted_at timestamp(6) with time zone,
  missing_since timestamp with time zone,
  gone_at timestamp(6) with time zone,
  recorded_at timestamp(6) with time zone,
  superseded_at timestamp(6) with time zone,
  case_key text
) with (security_barrier=true);
grant select on reporting.case_history to cdd_reader;
comment on view reporting.case_history is 'One row per recorded version of a case''s document, with when the case was deleted or missing according to it. The rows known at a time T have recorded_at <= T, and superseded_at null or > T. Fresh: as saved by the account''s last run.';
comment on column reporting.case_history.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_history.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_history.revision is 'Counts from 1 per case.';
comment on column reporting.case_history.deleted_at is 'Dintero''s deleted_at; null = not deleted.';
comment on column reporting.case_history.missing_since is 'When a complete list was first without the case; null = it was in the list.';
comment on column reporting.case_history.gone_at is 'The earlier of deleted_at and missing_since; null = not gone.';
comment on column reporting.case_history.recorded_at is 'When cdd-sync learned this version. The earliest row with a gone_at tells when the case was first known to be gone.';
comment on column reporting.case_history.superseded_at is 'When cdd-sync learned a newer version; null = current.';
comment on column reporting.case_history.case_key is 'account_id/case_id: the case''s key in one column.';

create view reporting.case_problems (
  case_key text,
  account_id text,
  case_id uuid,
  path text,
  reason text,
  recorded_at timestamp(6) with time zone
) with (security_barrier=true);
grant select on reporting.case_problems to cdd_reader;
comment on view reporting.case_problems is 'One row per value in a case''s current document that is not as the API documents it. Its column is null in all reports; the case is saved whole. Fresh: as saved by the account''s last run.';
comment on column reporting.case_problems.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.case_problems.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_problems.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_problems.path is 'Place in the document, an event by its id: events[id=7].created_at. Empty = the rest of a case with more than 100 problems; reason has their number.';
comment on column reporting.case_problems.reason is 'The type that is documented and the one that was found, never the value.';
comment on column reporting.case_problems.recorded_at is 'When cdd-sync learned it.';

create view reporting.case_states (
  case_key text,
  account_id text,
  case_id uuid,
  recorded_at timestamp(6) with time zone,
  superseded_at timestamp with time zone,
  status text,
  status_since timestamp(6) with time zone,
  created_at timestamp(6) with time zone,
  deleted_at timestamp(6) with time zone,
  missing_since timestamp(6) with time zone,
  gone_at timestamp(6) with time zone,
  opened_at timestamp(6) with time zone,
  first_decided_at timestamp(6) with time zone,
  first_decision text,
  decision_route text,
  first_approved_at timestamp(6) with time zone,
  first_declined_at timestamp(6) with time zone,
  furthest_rank integer,
  has_odd_times boolean
) with (security_barrier=true);
grant select on reporting.case_states to cdd_reader;
comment on view reporting.case_states is 'One row per version of what was known of a case; a new one begins whenever one of these columns changes. The versions known at a time T have recorded_at <= T, and superseded_at null or > T. Functions cases_as_of, flow_as_known and others read it. Fresh: as saved by the account''s last run.';
comment on column reporting.case_states.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.case_states.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_states.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_states.recorded_at is 'When cdd-sync learned this version.';
comment on column reporting.case_states.superseded_at is 'When cdd-sync learned a newer version; null = current.';
comment on column reporting.case_states.status is 'Status of the last transition, also of one in the future; null = no event had a status.';
comment on column reporting.case_states.status_since is 'When that transition happened; null = no status.';
comment on column reporting.case_states.created_at is 'Dintero''s created_at; null = not given.';
comment on column reporting.case_states.deleted_at is 'Dintero''s deleted_at; null = not deleted.';
comment on column reporting.case_states.missing_since is 'When a complete list was first without the case; null = it was in the list.';
comment on column reporting.case_states.gone_at is 'The earlier of deleted_at and missing_since; null = not gone.';
comment on column reporting.case_states.opened_at is 'When the first transition happened; without one, created_at. Null = neither was known.';
comment on column reporting.case_states.first_decided_at is 'When it first reached stage approved or declined; null = never.';
comment on column reporting.case_states.first_decision is 'The stage it reached then: approved or declined; null = not decided.';
comment on column reporting.case_states.decision_route is 'manual: it had been UNDER_MANUAL_REVIEW before its first decision; automatic: it had not; null = not decided.';
comment on column reporting.case_states.first_approved_at is 'When it first reached stage approved; null = never.';
comment on column reporting.case_states.first_declined_at is 'When it first reached stage declined; null = never.';
comment on column reporting.case_states.furthest_rank is 'Highest rank among the statuses it had had, except those of stage closed; null = none has a rank.';
comment on column reporting.case_states.has_odd_times is 'Whether one of its times was before 2000, or in the future at recorded_at.';

create view reporting.case_timeline (
  case_key text,
  account_id text,
  case_id uuid,
  at timestamp with time zone,
  recorded_at timestamp(6) with time zone,
  kind text,
  title text,
  from_value text,
  to_value text,
  event_id bigint,
  run_id uuid,
  superseded_at timestamp with time zone
) with (security_barrier=true);
grant select on reporting.case_timeline to cdd_reader;
comment on view reporting.case_timeline is 'One row per thing that happened to a case, or was learned of it, corrections included. No row changes later, except for superseded_at. Ask for one case, in the order at, recorded_at, event_id nulls first, kind, title. Fresh: as saved by the account''s last run.';
comment on column reporting.case_timeline.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.case_timeline.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_timeline.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_timeline.at is 'When it happened, as known at recorded_at: the time of the event, of the case''s creation or of its deletion. Where the API tells none, recorded_at.';
comment on column reporting.case_timeline.recorded_at is 'When cdd-sync learned it.';
comment on column reporting.case_timeline.kind is 'created: the case''s first version; event: an event that changed no status; status: an event that changed the status; changed: another value in a field (all but updated_at); missing: no longer in a complete list; returned: in the list again; deleted: deleted_at was set; corrected: an event, or its change of status, is no longer as it was recorded; problem: a value that is not as documented, or no longer so; held: the case was put under legal hold; released: the hold ended; erased: personal data was removed from all tables, of rows of this time and before, see erasures.';
comment on column reporting.case_timeline.title is 'The row in a sentence, without names and numbers of persons or companies. An error text of an event is as Dintero gave it, its first 200 characters.';
comment on column reporting.case_timeline.from_value is 'status: the status before; changed: the old value, as in case_changes; corrected: the status that was recorded before, or the event''s name; problem: the problem that ended. Null = none, or a name or organization number that you may not see.';
comment on column reporting.case_timeline.to_value is 'status: the status after; event: its name; changed: the new value; corrected: the right status, or the event''s name; problem: the problem; held, released, erased: the reason. Null = none, or a name or organization number that you may not see.';
comment on column reporting.case_timeline.event_id is 'The event, as in case_events; null = the row is about no event.';
comment on column reporting.case_timeline.run_id is 'The run that learned it, id in sync_runs; runs are kept for a limited time. Null = not known (the end of a problem), or no run did (held, released, erased).';
comment on column reporting.case_timeline.superseded_at is 'When a later row of kind corrected or problem replaced what this row says; null = it still holds. The rows that held at a time T have recorded_at <= T, and superseded_at null or > T.';

create view reporting.cases (
  account_id text,
  account_label text,
  environment text,
  case_id uuid,
  payout_destination_id text,
  payout_destination_name text,
  organization_number text,
  country_code text,
  products text[],
  package text,
  status text,
  stage text,
  status_since timestamp(6) with time zone,
  hours_in_status numeric,
  is_open boolean,
  opened_at timestamp(6) with time zone,
  created_at timestamp(6) with time zone,
  updated_at timestamp(6) with time zone,
  deleted_at timestamp(6) with time zone,
  missing_since timestamp(6) with time zone,
  first_seen_at timestamp(6) with time zone,
  first_decided_at timestamp(6) with time zone,
  first_decision text,
  first_approved_at timestamp(6) with time zone,
  hours_to_decision numeric,
  hours_to_approval numeric,
  applicant_hours numeric,
  review_hours numeric,
  was_manual_review boolean,
  transitions integer,
  times_reopened integer,
  times_left_active integer,
  last_error text,
  last_error_at timestamp(6) with time zone,
  gone_at timestamp(6) with time zone,
  decision_route text,
  case_key text,
  reference_id text,
  case_for_account_id text,
  owner_account_id text,
  payout_reference text,
  checks text[],
  payment_options jsonb,
  currencies text[],
  actions_on_approval text[],
  requires_contract_signing boolean,
  products_text text,
  changed_at timestamp(6) with time zone,
  accounts_with_case integer,
  is_primary boolean
) with (security_barrier=true);
grant select on reporting.cases to cdd_reader;
comment on view reporting.cases is 'One row per case that was ever in an account''s list, deleted and missing ones included (see gone_at), with facts from its history. Fresh: as saved by the account''s last run; durations run to now, those of a gone case to gone_at. Statuses that lie in the future count as not reached yet.';
comment on column reporting.cases.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.cases.account_label is 'The account''s name in the configuration as of its last run; null = none was given, or it is the account of a partner''s merchant and you may not see names.';
comment on column reporting.cases.environment is 'test for account ids that begin with T, production for P. The other views have no such column: use account_id there.';
comment on column reporting.cases.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.cases.payout_destination_id is 'case_for.payout_destination_id; null = not given.';
comment on column reporting.cases.payout_destination_name is 'Name of the payout destination, a company or a sole trader; null = not given, or you may not see names.';
comment on column reporting.cases.organization_number is 'Organization number of a company or a sole trader; null = not given, or you may not see names.';
comment on column reporting.cases.country_code is 'Country as the API writes it; null = not given.';
comment on column reporting.cases.products is 'Products applied for (payout, checkout); null = not given.';
comment on column reporting.cases.package is 'Pricing package; null = not given.';
comment on column reporting.cases.status is 'Current status, Dintero''s word; null = no event has had a status yet, or only in the future.';
comment on column reporting.cases.stage is 'Stage of the current status; null = no status yet.';
comment on column reporting.cases.status_since is 'When the case entered its current status; null = no status yet.';
comment on column reporting.cases.hours_in_status is 'Hours from status_since to now, or to gone_at; null = no status yet.';
comment on column reporting.cases.is_open is 'Whether somebody must still act: stage applicant, review, error or unknown, or no status yet, and neither deleted nor missing by now.';
comment on column reporting.cases.opened_at is 'When the first transition happened; without one, created_at. Null = neither is known.';
comment on column reporting.cases.created_at is 'Dintero''s created_at; null = not given.';
comment on column reporting.cases.updated_at is 'Dintero''s updated_at; null = not given.';
comment on column reporting.cases.deleted_at is 'Dintero''s deleted_at; null = not deleted.';
comment on column reporting.cases.missing_since is 'When a complete list was first without the case; null = it is in the list.';
comment on column reporting.cases.first_seen_at is 'When a run first saved the case.';
comment on column reporting.cases.first_decided_at is 'When it first reached stage approved or declined; null = not decided yet.';
comment on column reporting.cases.first_decision is 'The stage it reached then: approved or declined; null = not decided yet.';
comment on column reporting.cases.first_approved_at is 'When it first reached stage approved; null = never.';
comment on column reporting.cases.hours_to_decision is 'Hours from opened_at to first_decided_at; null = not decided yet.';
comment on column reporting.cases.hours_to_approval is 'Hours from opened_at to first_approved_at; null = never approved.';
comment on column reporting.cases.applicant_hours is 'Total hours in statuses of stage applicant; a present stay counts to now, or to gone_at.';
comment on column reporting.cases.review_hours is 'Total hours in statuses of stage review; a present stay counts to now, or to gone_at.';
comment on column reporting.cases.was_manual_review is 'Whether it ever was UNDER_MANUAL_REVIEW.';
comment on column reporting.cases.transitions is 'Number of its changes of status, the first included.';
comment on column reporting.cases.times_reopened is 'How often it went from stage approved, declined or closed back to applicant or review.';
comment on column reporting.cases.times_left_active is 'How often it left ACTIVE.';
comment on column reporting.cases.last_error is 'Error text of the newest event that has one; null = none.';
comment on column reporting.cases.last_error_at is 'When that event happened; null = no error, or the event has no time.';
comment on column reporting.cases.gone_at is 'The earlier of deleted_at and missing_since: from then on the case is gone and in no backlog. Null = not gone.';
comment on column reporting.cases.decision_route is 'manual: it had been UNDER_MANUAL_REVIEW before its first decision; automatic: it had not. Null = not decided yet.';
comment on column reporting.cases.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.cases.reference_id is 'case_request.referenceId; null = not given.';
comment on column reporting.cases.case_for_account_id is 'case_for.account_id: the account that the case is about; null = not given.';
comment on column reporting.cases.owner_account_id is 'The case''s own account_id at Dintero, which may differ from the account that has it in its list; null = not given.';
comment on column reporting.cases.payout_reference is 'case_for.payout_reference; null = not given.';
comment on column reporting.cases.checks is 'case_request.checks, such as KYC; null = not given.';
comment on column reporting.cases.payment_options is 'Payment options applied for, as the API gave them: type and currencies of each. Null = not given.';
comment on column reporting.cases.currencies is 'Currencies of all payment options, each once, sorted, without those that cannot be read. Null = payment_options is null.';
comment on column reporting.cases.actions_on_approval is 'Actions that follow the approval, such as enable_payout_account; null = not given.';
comment on column reporting.cases.requires_contract_signing is 'case_request.requireContractSigning; null = not given.';
comment on column reporting.cases.products_text is 'products as one text, for tools that cannot filter by an array: each product once, sorted, such as "checkout, payout". Null = products is null.';
comment on column reporting.cases.changed_at is 'When anything that the row shows last changed, apart from durations that run to now: the cursor of an incremental model. Also moves when a status or deletion that lay in the future arrives, when another of your accounts gets the case, when the account''s label is changed, and when an upgrade changes the stage of the status. Does not move when you are granted another account.';
comment on column reporting.cases.accounts_with_case is 'How many of the accounts that you see have this case_id.';
comment on column reporting.cases.is_primary is 'True for exactly one of the rows with this case_id that you see: in a production account before a test account, then the one seen first, then by account_id. Totals over several accounts filter by it, lest such a case count twice.';

create view reporting.data_quality (
  account_id text,
  check_name text,
  severity text,
  items integer,
  example text
) with (security_barrier=true);
grant select on reporting.data_quality to cdd_reader;
comment on view reporting.data_quality is 'One row per account and check; 0 items = nothing found. Fresh: as saved by the account''s last run.';
comment on column reporting.data_quality.account_id is 'Dintero''s account id (aid).';
comment on column reporting.data_quality.check_name is 'unknown_statuses: cases now in a status that is not in the API''s documentation; rejected_items: items of the list that cannot be read; unreadable_fields: fields of cases that are not as the API documents them, at most 101 a case, see reporting.case_problems; vanished_events: events that were in a document once and no longer are; backward_moves: transitions to a status of lower rank; case_under_two_accounts: cases that are also in the list of another account; missing_times: transitions by an event without a time; long_detection_lag: transitions of the last 90 days that were learned more than 24 hours after they happened, except in first loads; implausible_times: cases with a time before 2000 or more than a day ahead, which count in no daily, monthly or percentile report if it is the time of a status, of creation or of deletion; reports_behind: changes that have not reached the daily and monthly reports for more than three hours; reports_failed: 1 if the daily and monthly reports stand still, because updating them failed or the worker died before it, with the reason; clock_ahead: times more than a minute in the future at which something was recorded (the account''s last batch, its last success, the last change of each case), because the database''s clock was ahead: until the time in example, everything is recorded after it, and known_until() is later than now; never_listed: 1 if the account has cases and none of them was ever ARCHIVED, TERMINATED or deleted: perhaps the list of the API leaves such cases out, so that they show as missing; unreadable_facts: facts of reports.facts without a value, of cases that may not have one yet, or because the path is wrong; see problem in case_facts.';
comment on column reporting.data_quality.severity is 'error: somebody has to act; warning: worth a look; info: good to know.';
comment on column reporting.data_quality.items is 'Number found.';
comment on column reporting.data_quality.example is 'One of them: a case id, a status, a pair of statuses, a day or a description; null = nothing found.';

create view reporting.decision_times_monthly (
  month date,
  account_id text,
  route text,
  decided integer,
  p50_hours numeric,
  p90_hours numeric,
  p95_hours numeric,
  mean_hours numeric
) with (security_barrier=true);
grant select on reporting.decision_times_monthly to cdd_reader;
comment on view reporting.decision_times_monthly is 'One row per account, month of the first decision, and route: how long decisions took from opened_at. Months are of the configured time zone. Do not average percentiles of several accounts or months: compute them from cases. Gone cases count; cases with implausible times (see data_quality) do not. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.decision_times_monthly.month is 'First day of the month of first_decided_at, in the configured time zone.';
comment on column reporting.decision_times_monthly.account_id is 'Dintero''s account id (aid).';
comment on column reporting.decision_times_monthly.route is 'manual: the case had been UNDER_MANUAL_REVIEW before; automatic: it had not.';
comment on column reporting.decision_times_monthly.decided is 'Cases first decided in the month.';
comment on column reporting.decision_times_monthly.p50_hours is 'Half of them took at most this many hours (percentile_cont).';
comment on column reporting.decision_times_monthly.p90_hours is '90 % of them took at most this many hours.';
comment on column reporting.decision_times_monthly.p95_hours is '95 % of them took at most this many hours.';
comment on column reporting.decision_times_monthly.mean_hours is 'Their mean, in hours.';

create view reporting.decisions (
  case_key text,
  account_id text,
  case_id uuid,
  number integer,
  decision text,
  status text,
  route text,
  opened_at timestamp(6) with time zone,
  decided_at timestamp(6) with time zone,
  hours numeric,
  is_first boolean,
  is_current boolean,
  business_hours numeric
) with (security_barrier=true);
grant select on reporting.decisions to cdd_reader;
comment on view reporting.decisions is 'One row per decision: a transition into stage approved or declined from another stage, or as the first. A decision that lies in the future has no row yet. Gone cases count. Fresh: as saved by the account''s last run.';
comment on column reporting.decisions.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.decisions.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.decisions.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.decisions.number is 'Counts the decisions of the case, from 1.';
comment on column reporting.decisions.decision is 'approved or declined.';
comment on column reporting.decisions.status is 'The status that the case reached.';
comment on column reporting.decisions.route is 'manual: the case was UNDER_MANUAL_REVIEW between opened_at and decided_at; automatic: it was not.';
comment on column reporting.decisions.opened_at is 'Number 1: the case''s opened_at. Later ones: when the case left the decision before.';
comment on column reporting.decisions.decided_at is 'When the case reached the status. A placeholder such as the year 1 is shown as it is; see implausible_times in data_quality.';
comment on column reporting.decisions.hours is 'Hours from opened_at to decided_at; 0 = the case went straight from one decision to the other.';
comment on column reporting.decisions.is_first is 'Whether it is the case''s first decision: the one in cases, flow_daily, funnel_monthly and decision_times_monthly.';
comment on column reporting.decisions.is_current is 'Whether the case has not left that stage by now. A gone case stays in its last stage.';
comment on column reporting.decisions.business_hours is 'Business hours from opened_at to decided_at, by reports.calendar; null = opened_at is before 2000.';

create view reporting.erasures (
  case_key text,
  account_id text,
  case_id uuid,
  erased_at timestamp(6) with time zone,
  kind text,
  reason text,
  is_before_time boolean,
  kept_until timestamp(6) with time zone,
  kinds jsonb,
  erased_by text,
  digest text,
  link_number integer
) with (security_barrier=true);
grant select on reporting.erasures to cdd_reader;
comment on view reporting.erasures is 'One row per receipt: when, why and by whom personal data of a case was removed from all tables. Rows are only added. Fresh: now.';
comment on column reporting.erasures.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.erasures.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.erasures.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.erasures.erased_at is 'When it was removed; all that was recorded up to then is without it.';
comment on column reporting.erasures.kind is 'erased: everything that is a person''s, and what is recorded later comes without it; reduced: what personalData of the configuration does not keep.';
comment on column reporting.erasures.reason is 'The reason that was given; null = the time was over, stored data was brought to today''s setting, or you may not see names.';
comment on column reporting.erasures.is_before_time is 'Whether the case had to be kept longer, or for ever; then a reason was given.';
comment on column reporting.erasures.kept_until is 'Until when it had to be kept, as in retention; null = for ever, it had not ended, or the receipt is of kind reduced.';
comment on column reporting.erasures.kinds is 'How many values of each kind were removed, of all versions of the document: names, organization_numbers, references, users, links, details, provider_cases, provider_references, request_ids, error_texts, other_fields, facts, rejected_items.';
comment on column reporting.erasures.erased_by is 'Login name of the user of the command or worker, else the database user.';
comment on column reporting.erasures.digest is 'SHA-256, in hexadecimal, of what is left of the case''s history; cdd-sync verify compares it with the tables.';
comment on column reporting.erasures.link_number is 'The link of the account''s digest chain that has this receipt.';

create view reporting.flow_daily (
  day date,
  account_id text,
  opened integer,
  decided integer,
  approved integer,
  declined integer,
  reopened integer,
  left_active integer
) with (security_barrier=true);
grant select on reporting.flow_daily to cdd_reader;
comment on view reporting.flow_daily is 'One row per account and day, from the first day on which something is counted to today, days with nothing but zeros included. Days are of the configured time zone. Gone cases count; cases with implausible times (see data_quality) do not. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.flow_daily.day is 'The day, in the configured time zone.';
comment on column reporting.flow_daily.account_id is 'Dintero''s account id (aid).';
comment on column reporting.flow_daily.opened is 'Cases opened (opened_at).';
comment on column reporting.flow_daily.decided is 'Cases first decided (first_decided_at).';
comment on column reporting.flow_daily.approved is 'Cases first approved; a case that was approved and declined counts in both.';
comment on column reporting.flow_daily.declined is 'Cases first declined; a case that was approved and declined counts in both.';
comment on column reporting.flow_daily.reopened is 'All transitions from stage approved, declined or closed back to applicant or review.';
comment on column reporting.flow_daily.left_active is 'All transitions from ACTIVE.';

create view reporting.funnel_monthly (
  month date,
  account_id text,
  opened integer,
  reached_declaration integer,
  reached_signature integer,
  reached_review integer,
  decided integer,
  approved integer,
  declined integer,
  still_open integer,
  approval_rate numeric,
  decided_within_24h integer
) with (security_barrier=true);
grant select on reporting.funnel_monthly to cdd_reader;
comment on view reporting.funnel_monthly is 'One row per account and month in which cases were opened: how far those cases have come. Months are of the configured time zone. Gone cases count; cases with implausible times (see data_quality) do not. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.funnel_monthly.month is 'First day of the month of opened_at, in the configured time zone.';
comment on column reporting.funnel_monthly.account_id is 'Dintero''s account id (aid).';
comment on column reporting.funnel_monthly.opened is 'Cases opened in the month.';
comment on column reporting.funnel_monthly.reached_declaration is 'Cases of the month that ever had WAITING_FOR_DECLARATION or a status of higher rank, except statuses of stage closed.';
comment on column reporting.funnel_monthly.reached_signature is 'The same for WAITING_FOR_SIGNATURE.';
comment on column reporting.funnel_monthly.reached_review is 'The same for AUTOMATIC_REVIEW.';
comment on column reporting.funnel_monthly.decided is 'Cases of the month that were ever approved or declined.';
comment on column reporting.funnel_monthly.approved is 'Cases of the month that were ever approved.';
comment on column reporting.funnel_monthly.declined is 'Cases of the month that were ever declined; a case that was approved and declined counts in both.';
comment on column reporting.funnel_monthly.still_open is 'Cases of the month that are open (is_open in cases).';
comment on column reporting.funnel_monthly.approval_rate is 'approved / decided, from 0 to 1; null = none is decided yet.';
comment on column reporting.funnel_monthly.decided_within_24h is 'Cases of the month that were decided within 24 hours of being opened.';

create view reporting.legal_holds (
  case_key text,
  account_id text,
  case_id uuid,
  held_at timestamp(6) with time zone,
  reason text,
  held_by text,
  released_at timestamp(6) with time zone,
  release_reason text,
  released_by text
) with (security_barrier=true);
grant select on reporting.legal_holds to cdd_reader;
comment on view reporting.legal_holds is 'One row per time that a case was put under legal hold (cdd-sync hold). Until released_at nothing of the case is erased. Fresh: now.';
comment on column reporting.legal_holds.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.legal_holds.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.legal_holds.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.legal_holds.held_at is 'When the hold began.';
comment on column reporting.legal_holds.reason is 'The reason that was given; null = you may not see names.';
comment on column reporting.legal_holds.held_by is 'Login name of the user who held it, else the database user.';
comment on column reporting.legal_holds.released_at is 'When the hold ended; null = it is in force.';
comment on column reporting.legal_holds.release_reason is 'The reason for the release; null = the hold is in force, or you may not see names.';
comment on column reporting.legal_holds.released_by is 'Login name of the user who released it, else the database user; null = the hold is in force.';

create view reporting.linked_cases (
  case_key text,
  account_id text,
  case_id uuid,
  other_account_id text,
  other_case_id uuid,
  organization_number text,
  other_status text,
  other_decided_at timestamp(6) with time zone,
  declined_before boolean
) with (security_barrier=true);
grant select on reporting.linked_cases to cdd_reader;
comment on view reporting.linked_cases is 'One row per case of a production account and row of another case with the same organization number, in both directions. Both accounts are production accounts that you see. A case in the lists of two accounts is no link to itself, but another case is linked to each of its rows: count distinct other_case_id. Gone cases count. Numbers are compared as given. Those without a digit, and those on more than 101 cases of any production account, are taken for placeholders and link nothing. Fresh: as saved by the last runs of both accounts.';
comment on column reporting.linked_cases.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.linked_cases.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.linked_cases.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.linked_cases.other_account_id is 'The account that has the other case in its list.';
comment on column reporting.linked_cases.other_case_id is 'The other case.';
comment on column reporting.linked_cases.organization_number is 'The organization number of both; null = you may not see it.';
comment on column reporting.linked_cases.other_status is 'The other case''s status, as in cases; null = none yet.';
comment on column reporting.linked_cases.other_decided_at is 'The other case''s first_decided_at, as in cases; null = not decided yet.';
comment on column reporting.linked_cases.declined_before is 'Whether the other case was first declined before this one was opened, whatever became of it since. False if one of the two times is unknown or cannot be true.';

create view reporting.notice_channels (
  channel text,
  last_sent_at timestamp(6) with time zone,
  down_since timestamp(6) with time zone,
  failures integer,
  last_error text,
  waiting integer,
  waiting_since timestamp with time zone,
  deferred integer
) with (security_barrier=true);
grant select on reporting.notice_channels to cdd_reader;
comment on view reporting.notice_channels is 'One row per channel of notify that was sent something, or that something waits for: whether it takes messages. Only readers of all accounts see it. Fresh: at once.';
comment on column reporting.notice_channels.channel is 'Id of the channel in the configuration.';
comment on column reporting.notice_channels.last_sent_at is 'When it last took a message; null = never.';
comment on column reporting.notice_channels.down_since is 'Since when messages fail; null = they do not.';
comment on column reporting.notice_channels.failures is 'Failures in a row.';
comment on column reporting.notice_channels.last_error is 'The last failure and what to do, without secrets; null = none since the last success.';
comment on column reporting.notice_channels.waiting is 'Things that wait to be told through it.';
comment on column reporting.notice_channels.waiting_since is 'Since when the oldest of them waits; null = nothing waits.';
comment on column reporting.notice_channels.deferred is 'E-mails that a recipient does not have yet, counted for each recipient: the mail server refused it for now. They are sent to it again for about 21 hours.';

create view reporting.notices (
  account_id text,
  kind text,
  phase text,
  began_at timestamp(6) with time zone,
  items integer,
  new_items integer,
  judged_at timestamp(6) with time zone,
  channel text,
  sent_at timestamp(6) with time zone,
  message_id uuid,
  ended_at timestamp(6) with time zone
) with (security_barrier=true);
grant select on reporting.notices to cdd_reader;
comment on view reporting.notices is 'One row per thing that was told, account and channel (notify in the configuration): who was told of what, and when. Fresh: at once.';
comment on column reporting.notices.account_id is 'Dintero''s account id (aid).';
comment on column reporting.notices.kind is 'account_stale, run_failing, mass_disappearance, rejected_items, unknown_status, target_breached, review_due, approval_lost, erasure_due or digest.';
comment on column reporting.notices.phase is 'began; still: a day later, then every week; more: further cases; over: it is no longer so; unwatched: nobody knows, because the account is paused or no longer read.';
comment on column reporting.notices.began_at is 'Since when it is so, or was.';
comment on column reporting.notices.items is 'Cases, or items of the list, when it was judged; 0 = nothing is counted.';
comment on column reporting.notices.new_items is 'Of these, the ones since the last message to the channel.';
comment on column reporting.notices.judged_at is 'When it was decided to tell it.';
comment on column reporting.notices.channel is 'Id of the channel in the configuration.';
comment on column reporting.notices.sent_at is 'When the channel took the message; null = it has not yet. What waits is merged into one message, so several rows can have one message.';
comment on column reporting.notices.message_id is 'Id of the message, which the message has too.';
comment on column reporting.notices.ended_at is 'Of over and unwatched: since when it is so, to about a minute; null = it lasts, or it was told by a version that did not store it.';

create view reporting.open_case_aging (
  account_id text,
  status text,
  stage text,
  bucket text,
  bucket_order integer,
  cases integer,
  oldest_since timestamp with time zone
) with (security_barrier=true);
grant select on reporting.open_case_aging to cdd_reader;
comment on view reporting.open_case_aging is 'One row per account, status and age: open cases by how long they have been in their status, now. Fresh: as saved by the account''s last run.';
comment on column reporting.open_case_aging.account_id is 'Dintero''s account id (aid).';
comment on column reporting.open_case_aging.status is 'The status; null = no status yet.';
comment on column reporting.open_case_aging.stage is 'Its stage; null = no status yet.';
comment on column reporting.open_case_aging.bucket is 'Time in the status: <24h, 1-2d, 2-7d, 1-2w, 2-4w or >4w; Dintero reminds applicants at these ages. Without a status, time since opened_at, else since first_seen_at; so also if that time is before 2000 or in the future.';
comment on column reporting.open_case_aging.bucket_order is '1 to 6, for sorting by bucket.';
comment on column reporting.open_case_aging.cases is 'Open cases.';
comment on column reporting.open_case_aging.oldest_since is 'The earliest time from which one of these cases counts as waiting, see bucket.';

create view reporting.periodic_reviews (
  case_key text,
  account_id text,
  case_id uuid,
  approved_at timestamp with time zone,
  last_reviewed_at timestamp with time zone,
  every_months integer,
  rule integer,
  due_at timestamp with time zone,
  state text
) with (security_barrier=true);
grant select on reporting.periodic_reviews to cdd_reader;
comment on view reporting.periodic_reviews is 'One row per case that is in stage approved now and not gone: when its customer must be reviewed next, by reports.reviews in the configuration. Fresh: as saved by the account''s last run; rules as of the last start of a worker, or sync.';
comment on column reporting.periodic_reviews.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.periodic_reviews.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.periodic_reviews.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.periodic_reviews.approved_at is 'When its present approval began: decided_at of its current row in decisions.';
comment on column reporting.periodic_reviews.last_reviewed_at is 'When its last stay in stage review ended, before approved_at and after any earlier decision; without such a stay approved_at.';
comment on column reporting.periodic_reviews.every_months is 'Months from one review to the next, by the rule.';
comment on column reporting.periodic_reviews.rule is 'The first rule that matches the case: its position in reports.reviews.rules, from 1; 0 = none does, so the general interval holds.';
comment on column reporting.periodic_reviews.due_at is 'last_reviewed_at plus every_months, calendar months in the configured time zone: 31 August plus six months is the last day of February.';
comment on column reporting.periodic_reviews.state is 'overdue: due_at is past; due_soon: it is within the configured number of days (dueSoonDays); current: later.';

create view reporting.retention (
  case_key text,
  account_id text,
  case_id uuid,
  ended_at timestamp with time zone,
  keep_until timestamp with time zone,
  held boolean,
  hold_reason text,
  state text,
  erased_at timestamp with time zone,
  held_at timestamp with time zone,
  years integer,
  rule integer
) with (security_barrier=true);
grant select on reporting.retention to cdd_reader;
comment on view reporting.retention is 'One row per case that was ever in an account''s list: whether it has ended, and until when it is kept, by retention.cases in the configuration. Fresh: as saved by the account''s last run; rules as of the last start of a worker, or sync.';
comment on column reporting.retention.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.retention.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.retention.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.retention.ended_at is 'When the relationship ended: the earliest of the case''s entry into its present status, if that is of stage declined or closed, its deletion, and its going missing. Of a case in several accounts'' lists, the last of these ends. Null = it has not ended: it is open or approved, here or in another account; or only times before 2000 say when.';
comment on column reporting.retention.keep_until is 'ended_at plus years, calendar years in the configured time zone. Null = it has not ended, is kept for ever, is erased, or its rule is not known.';
comment on column reporting.retention.held is 'Whether the case is under legal hold in this account: nothing of it is erased.';
comment on column reporting.retention.hold_reason is 'The reason of the hold; null = no hold, or you may not see names.';
comment on column reporting.retention.state is 'active: the case has not ended; kept: it has, and keep_until is later or null; due: keep_until is past, so it must be erased; held: it is under legal hold, whatever its age; erased: its personal data was removed, also if the case was opened again afterwards.';
comment on column reporting.retention.erased_at is 'When its personal data was removed; null = it was not.';
comment on column reporting.retention.held_at is 'Since when it is under legal hold; null = it is not.';
comment on column reporting.retention.years is 'Years to keep the case after it ended, by the rule; null = for ever, or there is no rule.';
comment on column reporting.retention.rule is 'The first rule that matches the case: its position in retention.cases.rules, from 1; 0 = none does, so the general period holds. Null = it is erased; or a rule depends on facts, and all facts are being read again after a change of reports.facts.';

create view reporting.settings (
  timezone text,
  business_country text,
  business_weekdays smallint[],
  business_day_hours text,
  business_closed_days date[],
  sees_names boolean
) with (security_barrier=true);
grant select on reporting.settings to cdd_reader;
comment on view reporting.settings is 'Settings of the reports, from the configuration; one row. Fresh: as of the last start of a worker, or sync.';
comment on column reporting.settings.timezone is 'Time zone of the days and months in the reports. With "at time zone", your own counts by day or month use the same days.';
comment on column reporting.settings.business_country is 'Country, or part of one, whose public holidays are no business days.';
comment on column reporting.settings.business_weekdays is 'Weekdays with business hours: 1 = Monday, 7 = Sunday.';
comment on column reporting.settings.business_day_hours is 'When they begin and end, by the clocks of timezone.';
comment on column reporting.settings.business_closed_days is 'Further days without business hours.';
comment on column reporting.settings.sees_names is 'Whether the views show you names and organization numbers (grant-reader --without-names hides them).';

create view reporting.status_history (
  account_id text,
  case_id uuid,
  sequence integer,
  from_status text,
  to_status text,
  occurred_at timestamp(6) with time zone,
  occurred_at_source text,
  event_id bigint,
  recorded_at timestamp(6) with time zone,
  superseded_at timestamp(6) with time zone,
  case_key text,
  from_since timestamp(6) with time zone
) with (security_barrier=true);
grant select on reporting.status_history to cdd_reader;
comment on view reporting.status_history is 'One row per change of status that was ever recorded, including those that later events proved wrong. The rows known at a time T have recorded_at <= T, and superseded_at null or > T. Fresh: as saved by the account''s last run.';
comment on column reporting.status_history.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.status_history.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_history.sequence is 'Counts from 1 per case, among the rows known at one time.';
comment on column reporting.status_history.from_status is 'Status before; null = the first.';
comment on column reporting.status_history.to_status is 'Status after.';
comment on column reporting.status_history.occurred_at is 'When it happened, as known at recorded_at.';
comment on column reporting.status_history.occurred_at_source is 'event or inferred, as in status_transitions.';
comment on column reporting.status_history.event_id is 'The event that set the status.';
comment on column reporting.status_history.recorded_at is 'When cdd-sync learned it.';
comment on column reporting.status_history.superseded_at is 'When cdd-sync learned a newer version; null = current.';
comment on column reporting.status_history.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.status_history.from_since is 'When the case entered from_status; null = the first.';

create view reporting.status_periods (
  account_id text,
  case_id uuid,
  sequence integer,
  status text,
  stage text,
  entered_at timestamp(6) with time zone,
  left_at timestamp with time zone,
  hours numeric,
  is_current boolean,
  ended_at timestamp with time zone,
  case_key text,
  business_hours numeric
) with (security_barrier=true);
grant select on reporting.status_periods to cdd_reader;
comment on view reporting.status_periods is 'One row per stay of a case in a status; returning to a status begins a new stay. The hours of a gone case''s last stay end at gone_at; for stays of open cases, join cases and filter by is_open. Fresh: as saved by the account''s last run; present stays run to now.';
comment on column reporting.status_periods.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.status_periods.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_periods.sequence is 'Counts from 1 per case; the sequence of the transition that began the stay.';
comment on column reporting.status_periods.status is 'The status.';
comment on column reporting.status_periods.stage is 'Its stage.';
comment on column reporting.status_periods.entered_at is 'When the stay began.';
comment on column reporting.status_periods.left_at is 'When it ended; null = it has not ended. A deleted or missing case stays in its last status.';
comment on column reporting.status_periods.hours is 'Hours from entered_at to ended_at, or to now; 0 = not entered yet.';
comment on column reporting.status_periods.is_current is 'Whether it is the last stay of its case.';
comment on column reporting.status_periods.ended_at is 'When the stay ended by now: left_at, or gone_at of a case that was gone first; null = it has not ended.';
comment on column reporting.status_periods.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.status_periods.business_hours is 'The business hours among hours: see business_days. 0 = not entered yet, or outside of business hours all the time; null = entered before 2000.';

create view reporting.status_targets (
  account_id text,
  case_id uuid,
  status text,
  entered_at timestamp(6) with time zone,
  target_hours numeric,
  due_at timestamp with time zone,
  left_at timestamp with time zone,
  hours numeric,
  state text,
  case_key text,
  target_business_hours numeric,
  business_hours numeric
) with (security_barrier=true);
grant select on reporting.status_targets to cdd_reader;
comment on view reporting.status_targets is 'One row per stay in a status that has a target (statusTargets in the configuration). The last stay of a gone case is judged at gone_at; for stays of open cases, join cases and filter by is_open. Fresh: as saved by the account''s last run; present stays run to now.';
comment on column reporting.status_targets.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.status_targets.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_targets.status is 'The status.';
comment on column reporting.status_targets.entered_at is 'When the stay began.';
comment on column reporting.status_targets.target_hours is 'Hours that a case may stay in the status; null = the target is in business hours.';
comment on column reporting.status_targets.due_at is 'entered_at plus target_hours; or when target_business_hours are used up, null = before 2000, or later than business_days reaches.';
comment on column reporting.status_targets.left_at is 'When the stay ended; null = it has not ended.';
comment on column reporting.status_targets.hours is 'Hours from entered_at to left_at, to gone_at of a gone case, or to now.';
comment on column reporting.status_targets.state is 'met: left in time, or the case was gone in time; breached: left too late, or still there after due_at; due_soon: still there, with less than a fifth of the target left; running: still there, in time. A target in business hours compares business_hours with it: a case that leaves after due_at, but before the next business hours, is in time. null = business_hours is null.';
comment on column reporting.status_targets.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.status_targets.target_business_hours is 'Business hours that a case may stay in the status; null = the target is in hours.';
comment on column reporting.status_targets.business_hours is 'The business hours among hours: see business_days. null = entered before 2000.';

create view reporting.status_transitions (
  account_id text,
  case_id uuid,
  sequence integer,
  from_status text,
  to_status text,
  from_stage text,
  to_stage text,
  direction text,
  occurred_at timestamp(6) with time zone,
  occurred_at_source text,
  until timestamp(6) with time zone,
  hours_in_from_status numeric,
  is_current boolean,
  event_id bigint,
  event text,
  recorded_at timestamp(6) with time zone,
  detection_lag_seconds numeric,
  case_key text
) with (security_barrier=true);
grant select on reporting.status_transitions to cdd_reader;
comment on view reporting.status_transitions is 'One row per change of status, as known now. Fresh: as saved by the account''s last run.';
comment on column reporting.status_transitions.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.status_transitions.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_transitions.sequence is 'Counts from 1 per case.';
comment on column reporting.status_transitions.from_status is 'Status before; null = the first.';
comment on column reporting.status_transitions.to_status is 'Status after.';
comment on column reporting.status_transitions.from_stage is 'Stage of from_status; null = the first.';
comment on column reporting.status_transitions.to_stage is 'Stage of to_status.';
comment on column reporting.status_transitions.direction is 'new (the first); forward, backward or lateral, by rank; other if one of the two statuses has no rank.';
comment on column reporting.status_transitions.occurred_at is 'When it happened.';
comment on column reporting.status_transitions.occurred_at_source is 'event: the event gave the time; inferred: it gave none, so the time comes from neighbouring events.';
comment on column reporting.status_transitions.until is 'When the next transition happened; null = there is none yet.';
comment on column reporting.status_transitions.hours_in_from_status is 'Hours of the stay in from_status that this transition ended; null = the first.';
comment on column reporting.status_transitions.is_current is 'Whether it is the last one of its case.';
comment on column reporting.status_transitions.event_id is 'The event that set the status.';
comment on column reporting.status_transitions.event is 'That event''s name; null = not given.';
comment on column reporting.status_transitions.recorded_at is 'When cdd-sync learned it in this form.';
comment on column reporting.status_transitions.detection_lag_seconds is 'Seconds from occurred_at to recorded_at. Large for transitions before the account was first read.';
comment on column reporting.status_transitions.case_key is 'account_id/case_id: the case''s key in one column.';

create view reporting.statuses (
  status text,
  stage text,
  rank integer,
  known boolean,
  target_hours numeric,
  target_business_hours numeric
) with (security_barrier=true);
grant select on reporting.statuses to cdd_reader;
comment on view reporting.statuses is 'One row per status, with its stage. A new status is added when Dintero first sends it. Fresh: at once.';
comment on column reporting.statuses.status is 'Dintero''s word, as in events[].case_status.';
comment on column reporting.statuses.stage is 'Our grouping: applicant (waits for the applicant), review (waits for a check), approved, declined, closed, error, unknown (a status that is not in the API''s documentation).';
comment on column reporting.statuses.rank is 'Position in the normal course of a case, for comparing only; null = not part of it (error, unknown).';
comment on column reporting.statuses.known is 'Whether the API''s documentation has the status.';
comment on column reporting.statuses.target_hours is 'The configured target of a stay in it, in hours of the clock; null = none, or one in business hours.';
comment on column reporting.statuses.target_business_hours is 'The configured target of a stay in it, in business hours; null = none, or one in hours of the clock.';

create view reporting.sync_freshness (
  account_id text,
  account_label text,
  last_success_at timestamp(6) with time zone,
  minutes_since_success numeric,
  last_state text,
  last_error_code text,
  consecutive_failures integer,
  cases integer,
  is_stale boolean,
  next_due_at timestamp(6) with time zone,
  late_by_minutes numeric,
  paused_since timestamp(6) with time zone,
  failures integer,
  failure_code text
) with (security_barrier=true);
grant select on reporting.sync_freshness to cdd_reader;
comment on view reporting.sync_freshness is 'One row per synced account: how fresh its data are. Fresh: now.';
comment on column reporting.sync_freshness.account_id is 'Dintero''s account id (aid).';
comment on column reporting.sync_freshness.account_label is 'The account''s name in the configuration; null = none was given, or it is the account of a partner''s merchant and you may not see names.';
comment on column reporting.sync_freshness.last_success_at is 'When the last run finished that succeeded, or was partial because of rejected items. A run with MASS_DISAPPEARANCE does not count. Null = there was none.';
comment on column reporting.sync_freshness.minutes_since_success is 'Minutes since then; null = there was none.';
comment on column reporting.sync_freshness.last_state is 'State of the last run; null = there was none.';
comment on column reporting.sync_freshness.last_error_code is 'Its error_code; null = it has none.';
comment on column reporting.sync_freshness.consecutive_failures is 'Failed and abandoned runs since the last one that read the whole list.';
comment on column reporting.sync_freshness.cases is 'Cases in the list, deleted ones included.';
comment on column reporting.sync_freshness.is_stale is 'Whether the run due at next_due_at is late by three intervals of the account''s schedule or by 15 minutes, whichever is more. Intervals are those between the times at which runs are really due, in the configured time zone. An account without any success is stale after 15 minutes. False for a paused account.';
comment on column reporting.sync_freshness.next_due_at is 'When the first run after last_success_at is due; in the past if it is late. Without a success: when the account was added or enabled again, because it is read at once. Null = the account is paused.';
comment on column reporting.sync_freshness.late_by_minutes is 'Minutes since next_due_at; 0 = not due yet. A run that is under way counts when it ends. Null = the account is paused.';
comment on column reporting.sync_freshness.paused_since is 'Since when the account''s runs are paused, so its data stay as they are; null = they are not.';
comment on column reporting.sync_freshness.failures is 'As consecutive_failures, without runs that a stop of the worker ended. From three on, the account needs a person.';
comment on column reporting.sync_freshness.failure_code is 'error_code of the newest of these failures; null = the last run that ended read the list.';

create view reporting.sync_runs (
  id uuid,
  account_id text,
  trigger text,
  state text,
  started_at timestamp(6) with time zone,
  heartbeat_at timestamp(6) with time zone,
  finished_at timestamp(6) with time zone,
  complete boolean,
  not_modified boolean,
  cases_seen integer,
  cases_created integer,
  cases_updated integer,
  cases_unchanged integer,
  cases_missing integer,
  cases_returned integer,
  missing_held_back integer,
  events_recorded integer,
  transitions_recorded integer,
  items_rejected integer,
  bytes_read bigint,
  requests integer,
  retries integer,
  error_code text,
  error_message text,
  duration_seconds numeric
) with (security_barrier=true);
grant select on reporting.sync_runs to cdd_reader;
comment on view reporting.sync_runs is 'One row per run: one pass over one account; finished ones are kept for a limited time (retention.runDays). Fresh: now.';
comment on column reporting.sync_runs.id is 'The run''s id.';
comment on column reporting.sync_runs.account_id is 'Dintero''s account id (aid).';
comment on column reporting.sync_runs.trigger is 'Cause of the run: schedule, manual or webhook.';
comment on column reporting.sync_runs.state is 'running; succeeded; partial: the whole list was read, but items were rejected or missing cases held back; failed; abandoned: its worker died.';
comment on column reporting.sync_runs.started_at is 'When it began.';
comment on column reporting.sync_runs.heartbeat_at is 'Time of its last heartbeat.';
comment on column reporting.sync_runs.finished_at is 'When it ended; null = it is running.';
comment on column reporting.sync_runs.complete is 'Whether the list was read to its end.';
comment on column reporting.sync_runs.not_modified is 'Whether the API said that nothing had changed (304). State, items_rejected, missing_held_back and error are then those of the list as it was read.';
comment on column reporting.sync_runs.cases_seen is 'Different cases read: created + updated + unchanged.';
comment on column reporting.sync_runs.cases_created is 'Cases never seen before.';
comment on column reporting.sync_runs.cases_updated is 'Cases with other content than stored.';
comment on column reporting.sync_runs.cases_unchanged is 'Cases with the stored content.';
comment on column reporting.sync_runs.cases_missing is 'Cases marked missing.';
comment on column reporting.sync_runs.cases_returned is 'Cases seen that were missing before the run.';
comment on column reporting.sync_runs.missing_held_back is 'Cases not in the list but not marked missing.';
comment on column reporting.sync_runs.events_recorded is 'Events added.';
comment on column reporting.sync_runs.transitions_recorded is 'Transitions added.';
comment on column reporting.sync_runs.items_rejected is 'Items of the list that cannot be read.';
comment on column reporting.sync_runs.bytes_read is 'Bytes of the list that were read.';
comment on column reporting.sync_runs.requests is 'Requests sent.';
comment on column reporting.sync_runs.retries is 'Requests that were tried again.';
comment on column reporting.sync_runs.error_code is 'Why it did not succeed; null = it did, or is running.';
comment on column reporting.sync_runs.error_message is 'The error in words, and its remedy.';
comment on column reporting.sync_runs.duration_seconds is 'Seconds from started_at to finished_at, or to now.';

create view reporting.transition_matrix (
  account_id text,
  from_status text,
  to_status text,
  transitions integer,
  median_hours numeric,
  p90_hours numeric
) with (security_barrier=true);
grant select on reporting.transition_matrix to cdd_reader;
comment on view reporting.transition_matrix is 'One row per account and pair of statuses, over all time: how often cases went from one to the other, and after how long. Cases with implausible times (see data_quality) do not count. Fresh: rolled up at the end of the account''s last run, for accounts of more than 20,000 transitions once an hour.';
comment on column reporting.transition_matrix.account_id is 'Dintero''s account id (aid).';
comment on column reporting.transition_matrix.from_status is 'Status before; null = the first of a case.';
comment on column reporting.transition_matrix.to_status is 'Status after.';
comment on column reporting.transition_matrix.transitions is 'How often it happened.';
comment on column reporting.transition_matrix.median_hours is 'Median of the hours in from_status before it; null = the first of a case.';
comment on column reporting.transition_matrix.p90_hours is '90th percentile of those hours; null = the first of a case.';

create function reporting.backlog_as_of(at timestamp with time zone, known_at timestamp with time zone DEFAULT reporting.known_until())
returns TABLE(account_id text, status text, cases integer, is_open boolean)
language sql stable parallel safe;
comment on function reporting.backlog_as_of is 'Number of cases per account and status at the time at, as cdd-sync knew it at the time known_at (by default known_until(): everything that is final): account_id, status, cases, is_open (whether somebody must still act on cases in the status: its stage is applicant, review, error or unknown). Statuses without cases have no row.';

create function reporting.backlog_series(from_day date, to_day date, step text DEFAULT 'day'::text, known_at timestamp with time zone DEFAULT NULL::timestamp with time zone)
returns TABLE(day date, account_id text, status text, stage text, is_open boolean, cases integer)
language sql stable parallel safe;
comment on function reporting.backlog_series is 'Number of cases per account and status at the end of the days from from_day to to_day; for today, now. step (day, week, month, quarter or year) takes the last day of each week, month and so on, and to_day. known_at null: every day as cdd-sync knew it at the day''s end; else all days as it knew them at known_at. Equal to backlog_as_of at the last microsecond of each day: day, account_id, status, stage, is_open (whether somebody must still act on cases in the status), cases. Statuses without cases have no row. No day is before 2000 or after today; these two days are also what a null from_day and to_day mean.';

create function reporting.cases_as_of(at timestamp with time zone, known_at timestamp with time zone DEFAULT reporting.known_until())
returns TABLE(account_id text, case_id uuid, status text, stage text, status_since timestamp with time zone)
language sql stable parallel safe;
comment on function reporting.cases_as_of is 'The status of every case at the time at, as cdd-sync knew it at the time known_at (by default known_until(): everything that is final). One row per case that had a status then and was neither deleted nor missing: account_id, case_id, status, stage, status_since.';

create function reporting.decision_times_as_known(known_at timestamp with time zone DEFAULT reporting.known_until())
returns TABLE(month date, account_id text, route text, decided integer, p50_hours numeric, p90_hours numeric, p95_hours numeric, mean_hours numeric)
language sql stable parallel safe;
comment on function reporting.decision_times_as_known is 'reporting.decision_times_monthly as it was at the time known_at (by default known_until(): everything that is final), in the time zone of now: the same columns. Equal to what the view showed then, if no run was under way.';

create function reporting.flow_as_known(known_at timestamp with time zone DEFAULT reporting.known_until())
returns TABLE(day date, account_id text, opened integer, decided integer, approved integer, declined integer, reopened integer, left_active integer)
language sql stable parallel safe;
comment on function reporting.flow_as_known is 'reporting.flow_daily as it was at the time known_at (by default known_until(): everything that is final), in the time zone of now: the same columns. Equal to what the view showed then, if no run was under way.';

create function reporting.flow_compared(from_known_at timestamp with time zone, to_known_at timestamp with time zone DEFAULT reporting.known_until(), from_month date DEFAULT NULL::date, to_month date DEFAULT NULL::date)
returns TABLE(month date, account_id text, figure text, was integer, "is" integer, difference integer, case_ids uuid[])
language sql stable parallel safe;
comment on function reporting.flow_compared is 'The flow of each month (the figures of flow_daily) as it was known at from_known_at and at to_known_at (by default known_until(): everything that is final), in the time zone of now: month, account_id, figure (opened, decided, approved, declined, reopened, left_active), was, is, difference, case_ids (the cases that count otherwise, the first 20 by id). Figures that are 0 in both have no row. from_month and to_month, any days of the first and the last month: one month of many takes a fraction of the time; null = all. With from_known_at after to_known_at, was is the later answer.';

create function reporting.funnel_as_known(known_at timestamp with time zone DEFAULT reporting.known_until())
returns TABLE(month date, account_id text, opened integer, reached_declaration integer, reached_signature integer, reached_review integer, decided integer, approved integer, declined integer, still_open integer, approval_rate numeric, decided_within_24h integer)
language sql stable parallel safe;
comment on function reporting.funnel_as_known is 'reporting.funnel_monthly as it was at the time known_at (by default known_until(): everything that is final), in the time zone of now: the same columns. Equal to what the view showed then, if no run was under way.';

create function reporting.known_until()
returns timestamp with time zone
language sql stable parallel safe
set search_path=pg_catalog, pg_temp;
comment on function reporting.known_until is 'The latest instant as of which answers are final: nothing will be recorded with a recorded_at up to it, so a question with this known_at always gets the same answer. The default of every known_at. Without open runs it is now; while a run saves, it is at most some seconds before its open batches. It is later than now if the database''s clock was ahead (see data_quality, clock_ahead).';

create function reporting.restatements(from_known_at timestamp with time zone, to_known_at timestamp with time zone DEFAULT reporting.known_until())
returns TABLE(month date, account_id text, figure text, was integer, "is" integer, difference integer, case_ids uuid[])
language sql stable parallel safe;
comment on function reporting.restatements is 'How the flow of each month (the figures of flow_daily) differs between what was known at from_known_at and at to_known_at (by default known_until(): everything that is final), in the time zone of now: month, account_id, figure (opened, decided, approved, declined, reopened, left_active), was, is, difference, case_ids (the cases that count otherwise, the first 20 by id). Figures that are equal have no row. With from_known_at after to_known_at, was is the later answer.';
