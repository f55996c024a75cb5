-- Reports leave out cases with a placeholder such as the year 1 among their times, and what lies in the future. A flag
-- finds the few cases that have to be judged again as time passes.
alter table cdd.cases add column has_odd_times boolean not null default false;
comment on column cdd.cases.has_odd_times is 'Whether opened_at, status_since, created_at or deleted_at was before 2000 or in the future when it was last judged: on every change of them, and in cdd.roll_up.';
create index cases_odd_times_idx on cdd.cases (account_id, id) where has_odd_times;

alter table cdd.funnel_months
  drop constraint funnel_months_pkey,
  add column is_settled boolean not null default true,
  add constraint funnel_months_pkey primary key (account_id, month, is_settled);
comment on column cdd.funnel_months.is_settled is 'false: the part of cases with times in the future, as of the last roll-up.';

-- Cases that were counted so far: the next roll-up computes their months and pairs of statuses without them.
with odd_cases as (
  update cdd.cases
  set has_odd_times = true
  where least(opened_at, created_at, deleted_at) < '2000-01-01Z'
    or greatest(opened_at, status_since, created_at, deleted_at) > now()
  returning *
),
counted_transitions as (
  select transition.account_id, transition.from_status, transition.to_status, transition.occurred_at
  from odd_cases
  join cdd.status_transitions as transition
    on transition.account_id = odd_cases.account_id
    and transition.case_id = odd_cases.id
    and transition.superseded_at is null
),
changed_months as (
  insert into cdd.report_changes (account_id, month)
  select distinct
    change.account_id,
    date_trunc('month', change.at at time zone (select timezone from cdd.report_settings))::date
  from (
    select account_id, occurred_at as at from counted_transitions
    union all
    select account_id, unnest(array[opened_at, least(deleted_at, missing_since)]) from odd_cases
  ) as change
  where change.at is not null
),
changed_pairs as (
  insert into cdd.report_changes (account_id, from_status, to_status)
  select distinct account_id, from_status, to_status from counted_transitions
)
insert into cdd.report_changes (
  account_id, cohort, opened, reached_declaration, reached_signature, reached_review, decided, approved, declined,
  still_open, decided_within_24h
)
select
  odd_case.account_id,
  date_trunc('month', odd_case.opened_at at time zone (select timezone from cdd.report_settings))::date as cohort,
  -count(*),
  -count(*) filter (where odd_case.furthest_rank >= 20),
  -count(*) filter (where odd_case.furthest_rank >= 30),
  -count(*) filter (where odd_case.furthest_rank >= 40),
  -count(odd_case.first_decided_at),
  -count(odd_case.first_approved_at),
  -count(odd_case.first_declined_at),
  -count(*) filter (
    where (status_row.stage is null or status_row.stage in ('applicant', 'review', 'error', 'unknown'))
      and odd_case.deleted_at is null
      and odd_case.missing_since is null
  ),
  -count(*) filter (where odd_case.first_decided_at - odd_case.opened_at <= interval '24 hours')
from odd_cases as odd_case
left join cdd.case_statuses as status_row on status_row.status = odd_case.status
where odd_case.opened_at is not null
group by odd_case.account_id, cohort;
