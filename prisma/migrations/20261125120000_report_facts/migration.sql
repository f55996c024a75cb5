-- What the reports need and would take too long to work out for every question: facts of a case in its row, the stay in a
-- status in the transition that ends it, and roll-ups by day, month and pair of statuses. docs/decisions.md, 31 to 36.

-- Settings --------------------------------------------------------------------------------------------------------

create table cdd.report_settings (
  is_only_row boolean not null default true,
  timezone text not null default 'Europe/Oslo',
  constraint report_settings_pkey primary key (is_only_row),
  constraint report_settings_only_row_check check (is_only_row)
);
comment on table cdd.report_settings is 'What the configuration says about the reports; one row.';
comment on column cdd.report_settings.timezone is 'Time zone of the days and months in the reports.';
insert into cdd.report_settings default values;

create table cdd.status_targets (
  status text not null,
  target_hours numeric not null,
  constraint status_targets_pkey primary key (status),
  constraint status_targets_hours_check check (target_hours > 0)
);
comment on table cdd.status_targets is 'How long a case may stay in a status, as the configuration says (statusTargets).';

alter table cdd.accounts
  add column schedule_seconds integer,
  add constraint accounts_schedule_seconds_check check (schedule_seconds > 0);
comment on column cdd.accounts.schedule_seconds is 'The longest time between two ticks of its schedule; null = no worker of this version has seen the account yet.';

-- Facts of a case -------------------------------------------------------------------------------------------------

alter table cdd.status_transitions add column from_since timestamptz(6);
comment on column cdd.status_transitions.from_since is 'When from_status began: the stay that this transition ends lasted from then to occurred_at. Null for the first.';

alter table cdd.case_revisions add column deleted_at timestamptz(6);
comment on column cdd.case_revisions.deleted_at is 'deleted_at of the document; of an absent case, what its last document said.';

alter table cdd.cases
  add column opened_at timestamptz(6),
  add column first_decided_at timestamptz(6),
  add column first_decision text,
  add column decision_route text,
  add column first_approved_at timestamptz(6),
  add column first_declined_at timestamptz(6),
  add column was_manual_review boolean not null default false,
  add column transitions integer not null default 0,
  add column times_reopened integer not null default 0,
  add column times_left_active integer not null default 0,
  add column times_backward integer not null default 0,
  add column furthest_rank integer,
  add column applicant_seconds double precision not null default 0,
  add column review_seconds double precision not null default 0,
  add column last_error text,
  add column last_error_at timestamptz(6),
  add constraint cases_first_decision_check check (first_decision in ('approved', 'declined')),
  add constraint cases_decision_route_check check (decision_route in ('manual', 'automatic')),
  add constraint cases_decided_check check (
    (first_decided_at is null) = (first_decision is null) and (first_decided_at is null) = (decision_route is null)
  );
comment on column cdd.cases.opened_at is 'When the first transition happened; without one, created_at.';
comment on column cdd.cases.first_decided_at is 'When the case first came into stage approved or declined.';
comment on column cdd.cases.first_decision is 'Which of the two: approved or declined.';
comment on column cdd.cases.decision_route is 'manual: it had been UNDER_MANUAL_REVIEW before; automatic: it had not.';
comment on column cdd.cases.first_approved_at is 'When it first came into stage approved.';
comment on column cdd.cases.first_declined_at is 'When it first came into stage declined.';
comment on column cdd.cases.was_manual_review is 'Whether it ever was UNDER_MANUAL_REVIEW.';
comment on column cdd.cases.transitions is 'How many current transitions it has.';
comment on column cdd.cases.times_reopened is 'Transitions from stage approved, declined or closed back to applicant or review.';
comment on column cdd.cases.times_left_active is 'Transitions from ACTIVE.';
comment on column cdd.cases.times_backward is 'Transitions to a status of lower rank.';
comment on column cdd.cases.furthest_rank is 'The highest rank of a status it ever had, those of stage closed aside.';
comment on column cdd.cases.applicant_seconds is 'Time in statuses of stage applicant that it has left again.';
comment on column cdd.cases.review_seconds is 'Time in statuses of stage review that it has left again.';
comment on column cdd.cases.last_error is 'Error text of the newest current event that has one; an event without a time is as new as the newest of smaller id, else as the case, else as its recording.';
comment on column cdd.cases.last_error_at is 'When that event happened.';

update cdd.status_transitions as held
set from_since = (
  select earlier.occurred_at
  from cdd.status_transitions as earlier
  where earlier.account_id = held.account_id
    and earlier.case_id = held.case_id
    and earlier.sequence = held.sequence - 1
    -- What held when this row last did.
    and earlier.recorded_at < coalesce(held.superseded_at, 'infinity')
    and coalesce(earlier.superseded_at, 'infinity') >= coalesce(held.superseded_at, 'infinity')
  order by earlier.recorded_at desc
  limit 1
)
where held.sequence > 1;

alter table cdd.status_transitions
  add constraint status_transitions_from_since_check check (from_since is null or sequence > 1);

update cdd.case_revisions as held
set deleted_at = (told.body ->> 'deleted_at')::timestamptz
from cdd.case_revisions as told
where told.account_id = held.account_id
  and told.case_id = held.case_id
  and told.body ->> 'deleted_at' is not null
  and told.revision = (
    select max(last.revision)
    from cdd.case_revisions as last
    where last.account_id = held.account_id
      and last.case_id = held.case_id
      and last.revision <= held.revision
      and last.body is not null
  );

-- What `src/store/current.ts` works out for the cases of a batch, for all cases of an account.
create function cdd.refresh_facts(account text)
returns void
language sql
as $$
  with facts as (
    select
      moved.case_id,
      min(moved.occurred_at) as opened_at,
      min(moved.occurred_at) filter (where towards.stage in ('approved', 'declined')) as first_decided_at,
      (array_agg(towards.stage order by moved.sequence) filter (where towards.stage in ('approved', 'declined')))[1]
        as first_decision,
      case
        when min(moved.sequence) filter (where moved.to_status = 'UNDER_MANUAL_REVIEW')
          < min(moved.sequence) filter (where towards.stage in ('approved', 'declined')) then 'manual'
        when bool_or(towards.stage in ('approved', 'declined')) then 'automatic'
      end as decision_route,
      min(moved.occurred_at) filter (where towards.stage = 'approved') as first_approved_at,
      min(moved.occurred_at) filter (where towards.stage = 'declined') as first_declined_at,
      bool_or(moved.to_status = 'UNDER_MANUAL_REVIEW') as was_manual_review,
      count(*) as transitions,
      count(*) filter (
        where origin.stage in ('approved', 'declined', 'closed') and towards.stage in ('applicant', 'review')
      ) as times_reopened,
      count(*) filter (where moved.from_status = 'ACTIVE') as times_left_active,
      count(*) filter (where towards.rank < origin.rank) as times_backward,
      max(towards.rank) filter (where towards.stage <> 'closed') as furthest_rank,
      sum(extract(epoch from moved.occurred_at - moved.from_since)) filter (where origin.stage = 'applicant')
        as applicant_seconds,
      sum(extract(epoch from moved.occurred_at - moved.from_since)) filter (where origin.stage = 'review')
        as review_seconds
    from cdd.status_transitions as moved
    join cdd.case_statuses as towards on towards.status = moved.to_status
    left join cdd.case_statuses as origin on origin.status = moved.from_status
    where moved.account_id = account and moved.superseded_at is null
    group by moved.case_id
  ),
  errors as (
    select distinct on (case_id) case_id, error, occurred_at
    from (
      select
        told.case_id,
        told.id,
        told.error,
        told.occurred_at,
        coalesce(
          told.occurred_at,
          max(told.occurred_at) over (partition by told.case_id order by told.id),
          held.created_at
        ) as ordered_at
      from cdd.case_events as told
      join cdd.cases as held on held.account_id = account and held.id = told.case_id
      where told.account_id = account and told.superseded_at is null
    ) as timed
    where error is not null
    -- Without any time it is of its recording, after all that has one.
    order by case_id, ordered_at desc nulls first, id desc
  ),
  wanted as (
    select
      known.id,
      coalesce(facts.opened_at, known.created_at) as opened_at,
      facts.first_decided_at as first_decided_at,
      facts.first_decision as first_decision,
      facts.decision_route as decision_route,
      facts.first_approved_at as first_approved_at,
      facts.first_declined_at as first_declined_at,
      coalesce(facts.was_manual_review, false) as was_manual_review,
      coalesce(facts.transitions, 0)::integer as transitions,
      coalesce(facts.times_reopened, 0)::integer as times_reopened,
      coalesce(facts.times_left_active, 0)::integer as times_left_active,
      coalesce(facts.times_backward, 0)::integer as times_backward,
      facts.furthest_rank as furthest_rank,
      coalesce(facts.applicant_seconds, 0)::double precision as applicant_seconds,
      coalesce(facts.review_seconds, 0)::double precision as review_seconds,
      errors.error as last_error,
      errors.occurred_at as last_error_at
    from cdd.cases as known
    left join facts on facts.case_id = known.id
    left join errors on errors.case_id = known.id
    where known.account_id = account
  )
  update cdd.cases as held
  set
    opened_at = wanted.opened_at,
    first_decided_at = wanted.first_decided_at,
    first_decision = wanted.first_decision,
    decision_route = wanted.decision_route,
    first_approved_at = wanted.first_approved_at,
    first_declined_at = wanted.first_declined_at,
    was_manual_review = wanted.was_manual_review,
    transitions = wanted.transitions,
    times_reopened = wanted.times_reopened,
    times_left_active = wanted.times_left_active,
    times_backward = wanted.times_backward,
    furthest_rank = wanted.furthest_rank,
    applicant_seconds = wanted.applicant_seconds,
    review_seconds = wanted.review_seconds,
    last_error = wanted.last_error,
    last_error_at = wanted.last_error_at
  from wanted
  where held.account_id = account
    and held.id = wanted.id
    and (
      held.opened_at,
      held.first_decided_at,
      held.first_decision,
      held.decision_route,
      held.first_approved_at,
      held.first_declined_at,
      held.was_manual_review,
      held.transitions,
      held.times_reopened,
      held.times_left_active,
      held.times_backward,
      held.furthest_rank,
      held.applicant_seconds,
      held.review_seconds,
      held.last_error,
      held.last_error_at
    ) is distinct from (
      wanted.opened_at,
      wanted.first_decided_at,
      wanted.first_decision,
      wanted.decision_route,
      wanted.first_approved_at,
      wanted.first_declined_at,
      wanted.was_manual_review,
      wanted.transitions,
      wanted.times_reopened,
      wanted.times_left_active,
      wanted.times_backward,
      wanted.furthest_rank,
      wanted.applicant_seconds,
      wanted.review_seconds,
      wanted.last_error,
      wanted.last_error_at
    )
$$;
comment on function cdd.refresh_facts is 'Works the facts of an account''s cases out of their transitions and events anew, as is due when a status gets another stage or rank.';

select cdd.refresh_facts(id) from cdd.accounts;

-- A report of some months of an account reads these alone; they are also what a roll-up is made from again.
create index status_transitions_occurred_at_idx on cdd.status_transitions (account_id, occurred_at)
where superseded_at is null;
create index status_transitions_inferred_idx on cdd.status_transitions (account_id)
where superseded_at is null and occurred_at_source = 'inferred';
create index case_events_superseded_idx on cdd.case_events (account_id, case_id, id)
where superseded_at is not null;
create index cases_gone_idx on cdd.cases (account_id, least(deleted_at, missing_since))
where deleted_at is not null or missing_since is not null;
create index cases_account_id_opened_at_idx on cdd.cases (account_id, opened_at);
-- One case under two accounts is found by reading these in order.
create index cases_id_idx on cdd.cases (id);
create index case_events_error_idx on cdd.case_events (account_id, occurred_at)
where superseded_at is null and error is not null;
-- Runs append what happens as it happens: a question about the last months of all accounts reads the end of the table.
create index status_transitions_time_idx on cdd.status_transitions
using brin (occurred_at, from_since) with (pages_per_range = 32, autosummarize = on);
create index case_events_time_idx on cdd.case_events
using brin (occurred_at) with (pages_per_range = 32, autosummarize = on);

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
comment on column cdd.backlog_days.next_day is 'The next row''s day; null = there is none yet.';

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
comment on table cdd.flow_days is 'Roll-up: what happened to how many cases on a day.';
comment on column cdd.flow_days.learned_late is 'Transitions of the day that were recorded more than 24 hours later, of cases that were known before.';

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
comment on table cdd.decision_months is 'Roll-up: how long first decisions of a month took.';

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
comment on column cdd.transition_pairs.is_first is 'Whether the row is about the first transitions of cases; from_status is empty then, as a status may be too.';

create table cdd.report_changes (
  account_id text not null,
  id bigserial not null,
  month date,
  cohort date,
  from_status text,
  to_status text,
  noted_at timestamptz(6) not null default now(),
  constraint report_changes_pkey primary key (account_id, id),
  constraint report_changes_kind_check check (num_nonnulls(month, cohort, to_status) = 1)
);
comment on table cdd.report_changes is 'What of the roll-ups has to be made again. Only added to, so that batches side by side do not wait for each other; cdd.roll_up takes the rows away.';
comment on column cdd.report_changes.month is 'First day of a month in which something else happened than was rolled up.';
comment on column cdd.report_changes.cohort is 'First day of a month whose cases have come to another point.';
comment on column cdd.report_changes.to_status is 'With from_status a pair of statuses of which there are other transitions than were rolled up; from_status is null for first transitions.';

-- Notes what changes, whoever changes it and in the same transaction, so that no roll-up can be forgotten.
create function cdd.note_transitions()
returns trigger
language plpgsql
as $$
begin
  insert into cdd.report_changes (account_id, month)
  select distinct
    account_id,
    date_trunc('month', occurred_at at time zone (select timezone from cdd.report_settings))::date
  from changed;
  insert into cdd.report_changes (account_id, from_status, to_status)
  select distinct account_id, from_status, to_status
  from changed;
  return null;
end
$$;
comment on function cdd.note_transitions is 'Notes in cdd.report_changes what transitions that were added or superseded change in the roll-ups.';

create trigger note_added
after insert on cdd.status_transitions
referencing new table as changed
for each statement execute function cdd.note_transitions();

create trigger note_superseded
after update on cdd.status_transitions
referencing new table as changed
for each statement execute function cdd.note_transitions();

create function cdd.note_new_cases()
returns trigger
language plpgsql
as $$
begin
  insert into cdd.report_changes (account_id, cohort)
  select distinct
    account_id,
    date_trunc('month', opened_at at time zone (select timezone from cdd.report_settings))::date
  from added
  where opened_at is not null;
  insert into cdd.report_changes (account_id, month)
  select distinct
    added.account_id,
    date_trunc('month', moment.at at time zone (select timezone from cdd.report_settings))::date
  from added
  cross join lateral (
    values
      (case when added.status is null then added.opened_at end),
      (least(added.deleted_at, added.missing_since))
  ) as moment (at)
  where moment.at is not null;
  return null;
end
$$;
comment on function cdd.note_new_cases is 'Notes in cdd.report_changes what new cases change in the roll-ups beside their transitions.';

create trigger note_added
after insert on cdd.cases
referencing new table as added
for each statement execute function cdd.note_new_cases();

create function cdd.note_changed_cases()
returns trigger
language plpgsql
-- The plan is kept from a session's first statement, which may have changed one case; by nested loops the old and new rows
-- of a thousand cases took 0.6 s to be brought together.
set enable_nestloop = off
as $$
begin
  insert into cdd.report_changes (account_id, cohort)
  select distinct
    now_held.account_id,
    date_trunc('month', cohort.at at time zone (select timezone from cdd.report_settings))::date
  from now_held
  join held using (account_id, id)
  cross join lateral unnest(array[now_held.opened_at, held.opened_at]) as cohort (at)
  where cohort.at is not null
    and (
      now_held.opened_at, now_held.first_decided_at, now_held.first_approved_at, now_held.first_declined_at,
      now_held.furthest_rank, now_held.status, now_held.deleted_at, now_held.missing_since
    ) is distinct from (
      held.opened_at, held.first_decided_at, held.first_approved_at, held.first_declined_at, held.furthest_rank,
      held.status, held.deleted_at, held.missing_since
    );
  insert into cdd.report_changes (account_id, month)
  select distinct
    changed.account_id,
    date_trunc('month', moment.at at time zone (select timezone from cdd.report_settings))::date
  from (
    select
      now_held.account_id,
      now_held.id,
      case
        when now_held.opened_at is distinct from held.opened_at then array[now_held.opened_at, held.opened_at]
      end
      || case
        when (now_held.opened_at, now_held.first_decided_at, now_held.decision_route)
          is distinct from (held.opened_at, held.first_decided_at, held.decision_route)
          then array[now_held.first_decided_at, held.first_decided_at]
      end
      || case
        when now_held.first_approved_at is distinct from held.first_approved_at
          then array[now_held.first_approved_at, held.first_approved_at]
      end
      || case
        when now_held.first_declined_at is distinct from held.first_declined_at
          then array[now_held.first_declined_at, held.first_declined_at]
      end as moments,
      least(now_held.deleted_at, now_held.missing_since) as gone_at,
      least(held.deleted_at, held.missing_since) as was_gone_at
    from now_held
    join held using (account_id, id)
  ) as changed
  cross join lateral (
    select unnest(changed.moments)
    union all
    -- Which status a case that is gone was in at the end may have changed with its transitions.
    select unnest(array[changed.gone_at, changed.was_gone_at])
    union all
    -- What happens to a case that is gone does not count; so with that moment its transitions come and go.
    select moved.occurred_at
    from cdd.status_transitions as moved
    where moved.account_id = changed.account_id
      and moved.case_id = changed.id
      and moved.superseded_at is null
      and changed.gone_at is distinct from changed.was_gone_at
      and moved.occurred_at >= least(changed.gone_at, changed.was_gone_at)
  ) as moment (at)
  where (changed.moments is not null or changed.gone_at is not null or changed.was_gone_at is not null)
    and moment.at is not null;
  return null;
end
$$;
comment on function cdd.note_changed_cases is 'Notes in cdd.report_changes what changed cases change in the roll-ups beside their transitions.';

create trigger note_changed
after update on cdd.cases
referencing old table as held new table as now_held
for each statement execute function cdd.note_changed_cases();

-- Makes an account's roll-ups again where something was noted. Each statement sees at least what the notes it took tell
-- of; what is committed meanwhile brings notes of its own.
create function cdd.roll_up(account text)
returns void
language plpgsql
-- The next account may be a thousand times as large.
set plan_cache_mode = force_custom_plan
set jit = off
set work_mem = '64MB'
as $$
declare
  zone text := (select timezone from cdd.report_settings);
  months date[];
  first_day date;
  begins_at timestamptz;
  ends_at timestamptz;
  cohorts date[];
  origins text[];
  targets text[];
  -- Percentiles over all that ever happened cannot be added to: a large account's are made anew once an hour.
  pairs_are_due boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('cdd.roll_up ' || account, 0));

  select coalesce(sum(transitions), 0) < 20000 or coalesce(max(made_at), '-infinity') < now() - interval '1 hour'
  from cdd.transition_pairs
  where account_id = account
  into pairs_are_due;

  with taken as (
    delete from cdd.report_changes
    where account_id = account and (to_status is null or pairs_are_due)
    returning month, cohort, from_status, to_status
  ),
  pairs as (
    select distinct from_status, to_status
    from taken
    where to_status is not null
  )
  select
    (select array_agg(distinct month) filter (where month is not null) from taken),
    (select array_agg(distinct cohort) filter (where cohort is not null) from taken),
    (select array_agg(from_status order by from_status, to_status) from pairs),
    (select array_agg(to_status order by from_status, to_status) from pairs)
  into months, cohorts, origins, targets;

  if months is not null then
    first_day := (select min(month) from unnest(months) as month);
    begins_at := first_day::timestamp at time zone zone;
    ends_at := (select max(month) + interval '1 month' from unnest(months) as month) at time zone zone;
    delete from cdd.flow_days where account_id = account and date_trunc('month', day::timestamp)::date = any(months);
    delete from cdd.decision_months where account_id = account and month = any(months);

    with moved as materialized (
      select
        transition.month,
        transition.day,
        transition.case_id,
        transition.sequence,
        transition.from_status,
        transition.to_status,
        origin.stage as from_stage,
        towards.stage as to_stage,
        coalesce(transition.occurred_at < least(held.deleted_at, held.missing_since), true) as is_there,
        -- Two decisions of a case may be of one instant; whoever counts these counts cases.
        towards.stage in ('approved', 'declined') and transition.occurred_at = held.first_decided_at as is_decision,
        towards.stage = 'approved' and transition.occurred_at = held.first_approved_at as is_approval,
        towards.stage = 'declined' and transition.occurred_at = held.first_declined_at as is_declining,
        held.decision_route,
        transition.occurred_at - held.opened_at as age,
        transition.recorded_at > transition.occurred_at + interval '24 hours'
          and transition.recorded_at > held.first_seen_at as is_learned_late
      from (
        select
          date_trunc('month', occurred_at at time zone zone)::date as month,
          (occurred_at at time zone zone)::date as day,
          case_id, sequence, from_status, to_status, occurred_at, recorded_at
        from cdd.status_transitions
        where account_id = account
          and superseded_at is null
          and occurred_at >= begins_at
          and occurred_at < ends_at
      ) as transition
      join cdd.cases as held on held.account_id = account and held.id = transition.case_id
      join cdd.case_statuses as towards on towards.status = transition.to_status
      left join cdd.case_statuses as origin on origin.status = transition.from_status
      where transition.month = any(months)
    ),
    decision as materialized (
      select distinct on (case_id) day, month, decision_route, extract(epoch from age) / 3600 as hours
      from moved
      where is_decision
      order by case_id
    ),
    flow as (
      insert into cdd.flow_days (
        account_id, day, opened, decided, approved, declined, reopened, left_active, learned_late
      )
      select
        account, day, sum(opened), sum(decided), sum(approved), sum(declined), sum(reopened), sum(left_active),
        sum(learned_late)
      from (
        select
          day,
          count(*) filter (where sequence = 1) as opened,
          0 as decided,
          0 as approved,
          0 as declined,
          count(*) filter (
            where from_stage in ('approved', 'declined', 'closed') and to_stage in ('applicant', 'review')
          ) as reopened,
          count(*) filter (where from_status = 'ACTIVE') as left_active,
          count(*) filter (where is_learned_late) as learned_late
        from moved
        group by day
        union all
        select (opened_at at time zone zone)::date, count(*), 0, 0, 0, 0, 0, 0
        from cdd.cases
        where account_id = account
          and status is null
          and opened_at >= begins_at
          and opened_at < ends_at
          and date_trunc('month', opened_at at time zone zone)::date = any(months)
        group by 1
        union all
        select day, 0, count(*), 0, 0, 0, 0, 0
        from decision
        group by day
        union all
        select day, 0, 0, count(*), 0, 0, 0, 0
        from (select distinct day, case_id from moved where is_approval) as approval
        group by day
        union all
        select day, 0, 0, 0, count(*), 0, 0, 0
        from (select distinct day, case_id from moved where is_declining) as declining
        group by day
      ) as part
      group by day
      having sum(opened + decided + approved + declined + reopened + left_active + learned_late) > 0
    ),
    decisions as (
      insert into cdd.decision_months (account_id, month, route, decided, p50_hours, p90_hours, p95_hours, mean_hours)
      select account, month, decision_route, decided, percentiles[1], percentiles[2], percentiles[3], mean_hours
      from (
        select
          month,
          decision_route,
          count(*) as decided,
          percentile_cont(array[0.5, 0.9, 0.95]) within group (order by hours::double precision) as percentiles,
          -- As numeric: a sum of floating-point numbers depends on their order.
          avg(hours) as mean_hours
        from decision
        group by month, decision_route
      ) as made
    ),
    change as (
      select to_status as status, day, 1 as entered, 0 as exited
      from moved
      where is_there
      union all
      select from_status, day, 0, 1
      from moved
      where is_there and from_status is not null
      union all
      select last.to_status, (gone.gone_at at time zone zone)::date, 0, 1
      from (
        select id, least(deleted_at, missing_since) as gone_at
        from cdd.cases
        where account_id = account
          and (deleted_at is not null or missing_since is not null)
          and least(deleted_at, missing_since) >= begins_at
          and least(deleted_at, missing_since) < ends_at
          and date_trunc('month', least(deleted_at, missing_since) at time zone zone)::date = any(months)
      ) as gone
      join lateral (
        select to_status
        from cdd.status_transitions
        where account_id = account and case_id = gone.id and superseded_at is null and occurred_at < gone.gone_at
        order by sequence desc
        limit 1
      ) as last on true
    ),
    -- From the first of these months on, for what changes in it changes the number of cases on every later day.
    known as materialized (
      select status, day, entered, exited, cases, next_day, date_trunc('month', day::timestamp)::date = any(months) as is_old
      from cdd.backlog_days
      where account_id = account and day >= first_day
    ),
    before as (
      select distinct on (status) status, day, cases
      from cdd.backlog_days
      where account_id = account and day < first_day
      order by status, day desc
    ),
    wanted as materialized (
      select
        status,
        day,
        entered,
        exited,
        (sum(entered - exited + cases_before) over (partition by status order by day))::integer as cases,
        lead(day) over (partition by status order by day) as next_day
      from (
        select status, day, sum(entered)::integer as entered, sum(exited)::integer as exited, 0 as cases_before
        from change
        group by status, day
        union all
        select status, day, entered, exited, 0
        from known
        where not is_old
        union all
        -- What went before enters the sums as a day of its own, which is not written.
        select status, day, 0, 0, cases
        from before
      ) as delta
    ),
    ended as (
      delete from cdd.backlog_days as held
      using known
      where held.account_id = account
        and held.status = known.status
        and held.day = known.day
        and known.is_old
        and not exists (select from wanted where wanted.status = known.status and wanted.day = known.day)
    ),
    linked as (
      update cdd.backlog_days as held
      set next_day = wanted.next_day
      from wanted
      join before using (status, day)
      where held.account_id = account
        and held.status = wanted.status
        and held.day = wanted.day
        and held.next_day is distinct from wanted.next_day
    )
    insert into cdd.backlog_days as held (account_id, status, day, entered, exited, cases, next_day)
    select account, wanted.status, wanted.day, wanted.entered, wanted.exited, wanted.cases, wanted.next_day
    from wanted
    left join known
      on known.status = wanted.status
      and known.day = wanted.day
      and known.entered = wanted.entered
      and known.exited = wanted.exited
      and known.cases = wanted.cases
      and known.next_day is not distinct from wanted.next_day
    where known.day is null and wanted.day >= first_day
    on conflict (account_id, status, day) do update
    set entered = excluded.entered, exited = excluded.exited, cases = excluded.cases, next_day = excluded.next_day;
  end if;

  if cohorts is not null then
    delete from cdd.funnel_months where account_id = account and month = any(cohorts);

    insert into cdd.funnel_months (
      account_id, month, opened, reached_declaration, reached_signature, reached_review, decided, approved, declined,
      still_open, decided_within_24h
    )
    select
      account,
      date_trunc('month', held.opened_at at time zone zone)::date,
      count(*),
      count(*) filter (where held.furthest_rank >= 20),
      count(*) filter (where held.furthest_rank >= 30),
      count(*) filter (where held.furthest_rank >= 40),
      count(held.first_decided_at),
      count(held.first_approved_at),
      count(held.first_declined_at),
      count(*) filter (
        where (known.stage is null or known.stage in ('applicant', 'review', 'error', 'unknown'))
          and held.deleted_at is null
          and held.missing_since is null
      ),
      count(*) filter (where held.first_decided_at - held.opened_at <= interval '24 hours')
    from cdd.cases as held
    left join cdd.case_statuses as known on known.status = held.status
    where held.account_id = account
      and held.opened_at >= (select min(month)::timestamp at time zone zone from unnest(cohorts) as month)
      and held.opened_at < (select max(month) + interval '1 month' from unnest(cohorts) as month) at time zone zone
      and date_trunc('month', held.opened_at at time zone zone)::date = any(cohorts)
    group by 2;
  end if;

  if targets is not null then
    delete from cdd.transition_pairs as held
    using unnest(origins, targets) as pair (from_status, to_status)
    where held.account_id = account
      and held.from_status = coalesce(pair.from_status, '')
      and held.is_first = (pair.from_status is null)
      and held.to_status = pair.to_status;

    insert into cdd.transition_pairs (
      account_id, is_first, from_status, to_status, transitions, median_hours, p90_hours
    )
    select account, from_status is null, coalesce(from_status, ''), to_status, transitions, percentiles[1], percentiles[2]
    from (
      select
        pair.from_status,
        pair.to_status,
        count(*) as transitions,
        percentile_cont(array[0.5, 0.9]) within group (
          order by extract(epoch from moved.occurred_at - moved.from_since)::double precision / 3600
        ) as percentiles
      from unnest(origins, targets) as pair (from_status, to_status)
      join cdd.status_transitions as moved
        on moved.account_id = account
        and moved.superseded_at is null
        and moved.to_status = pair.to_status
        and moved.from_status is not distinct from pair.from_status
      group by pair.from_status, pair.to_status
    ) as made;
  end if;
end
$$;
comment on function cdd.roll_up is 'Makes the roll-ups of an account again where cdd.report_changes says so; a run ends with it.';

create function cdd.rebuild_roll_ups(account text)
returns void
language plpgsql
as $$
declare
  zone text := (select timezone from cdd.report_settings);
begin
  delete from cdd.report_changes where account_id = account;
  delete from cdd.backlog_days where account_id = account;
  delete from cdd.flow_days where account_id = account;
  delete from cdd.decision_months where account_id = account;
  delete from cdd.funnel_months where account_id = account;
  delete from cdd.transition_pairs where account_id = account;

  insert into cdd.report_changes (account_id, cohort)
  select distinct account, date_trunc('month', opened_at at time zone zone)::date
  from cdd.cases
  where account_id = account and opened_at is not null;

  insert into cdd.report_changes (account_id, month)
  select distinct account, date_trunc('month', moment.at at time zone zone)::date
  from (
    select occurred_at as at
    from cdd.status_transitions
    where account_id = account and superseded_at is null
    union all
    select unnest(array[case when status is null then opened_at end, least(deleted_at, missing_since)])
    from cdd.cases
    where account_id = account
  ) as moment
  where moment.at is not null;

  insert into cdd.report_changes (account_id, from_status, to_status)
  select distinct account, from_status, to_status
  from cdd.status_transitions
  where account_id = account and superseded_at is null;

  perform cdd.roll_up(account);
end
$$;
comment on function cdd.rebuild_roll_ups is 'Makes all roll-ups of an account anew: after the time zone changed, or somebody wrote to the tables by hand.';

select cdd.rebuild_roll_ups(id) from cdd.accounts;

-- Readers ---------------------------------------------------------------------------------------------------------

create table cdd.reader_grants (
  account_id text not null,
  role_name text not null,
  constraint reader_grants_pkey primary key (account_id, role_name)
);
comment on table cdd.reader_grants is 'Which roles see which accounts in schema reporting; cdd-sync grant-reader writes it.';
comment on column cdd.reader_grants.account_id is '* stands for every account, later ones too.';
comment on column cdd.reader_grants.role_name is 'A role; who inherits from it sees the same.';

-- The two questions of every view's filter. Apart, so that for who sees everything the second is never asked: a join
-- to the accounts became a nested loop where the planner could not tell how many rows come, 8.7 of a question's 10.9 s.
create view cdd.current_reader as
select
  pg_has_role(current_user, owned.nspowner, 'usage')
  or exists (
    select
    from cdd.reader_grants as given
    join pg_catalog.pg_roles as reader on reader.rolname = given.role_name
    where given.account_id = '*' and pg_has_role(current_user, reader.oid, 'usage')
  ) as sees_all
from pg_catalog.pg_namespace as owned
where owned.nspname = 'cdd';
comment on view cdd.current_reader is 'Whether the current user sees every account: the owner of schema cdd, and whom reader_grants says so of.';

create view cdd.granted_accounts as
select given.account_id
from cdd.reader_grants as given
join pg_catalog.pg_roles as reader on reader.rolname = given.role_name
where pg_has_role(current_user, reader.oid, 'usage');
comment on view cdd.granted_accounts is 'The accounts that the current user was granted one by one.';
