alter table cdd.cases
  add column first_decision_status text,
  add column first_decision_left_at timestamptz(6),
  add column approved_at timestamptz(6),
  add column last_reviewed_at timestamptz(6);
comment on column cdd.cases.first_decision_status is 'The status it reached at first_decided_at.';
comment on column cdd.cases.first_decision_left_at is 'When it left the stage of its first decision; null = it has not.';
comment on column cdd.cases.approved_at is 'When it reached stage approved, if its last transition has not left that stage.';
comment on column cdd.cases.last_reviewed_at is 'If it has approved_at: end of its last stay in stage review before that and after any earlier decision; without one approved_at.';

create table cdd.later_decisions (
  account_id text not null,
  case_id uuid not null,
  number integer not null,
  status text not null,
  decision text not null,
  route text not null,
  opened_at timestamptz(6) not null,
  decided_at timestamptz(6) not null,
  left_at timestamptz(6),
  constraint later_decisions_pkey primary key (account_id, case_id, number),
  constraint later_decisions_number_check check (number >= 2),
  constraint later_decisions_decision_check check (decision in ('approved', 'declined')),
  constraint later_decisions_route_check check (route in ('manual', 'automatic'))
);
comment on table cdd.later_decisions is 'Decisions of a case after its first, which is in cdd.cases. Derived from the current transitions when a case is saved.';
comment on column cdd.later_decisions.number is 'Counts the decisions of a case, from 2.';
comment on column cdd.later_decisions.status is 'To-status of the transition.';
comment on column cdd.later_decisions.decision is 'Its stage: approved or declined.';
comment on column cdd.later_decisions.route is 'manual: the case was UNDER_MANUAL_REVIEW between opened_at and decided_at; automatic: it was not.';
comment on column cdd.later_decisions.opened_at is 'When the case left the stage of the decision before.';
comment on column cdd.later_decisions.decided_at is 'When the transition happened.';
comment on column cdd.later_decisions.left_at is 'When the case left the stage again; null = it has not.';

-- As src/store/cases/sql derives them.
-- Not a temporary table: those need a right on the database.
create unlogged table cdd.staged_transitions as
select
  transition.account_id,
  transition.case_id,
  transition.sequence,
  transition.to_status,
  target_status.stage as to_stage,
  transition.occurred_at,
  target_status.stage in ('approved', 'declined')
    and target_status.stage is distinct from origin_status.stage as is_decision,
  origin_status.stage in ('approved', 'declined') and target_status.stage <> origin_status.stage as leaves_decision,
  origin_status.stage = 'review' and target_status.stage <> 'review' as ends_review
from cdd.status_transitions as transition
join cdd.cases as decided_case
  on decided_case.account_id = transition.account_id
  and decided_case.id = transition.case_id
  and decided_case.first_decided_at is not null
join cdd.case_statuses as target_status on target_status.status = transition.to_status
left join cdd.case_statuses as origin_status on origin_status.status = transition.from_status
where transition.superseded_at is null;

update cdd.cases
set
  first_decision_status = facts.first_decision_status,
  first_decision_left_at = facts.first_decision_left_at,
  approved_at = facts.approved_at,
  last_reviewed_at = case
    when facts.approved_at is null then null
    when facts.last_review_sequence > coalesce(facts.last_decision_left, 0) then facts.last_review_at
    else facts.approved_at
  end
from (
  select
    account_id,
    case_id,
    (array_agg(to_status order by sequence) filter (where is_decision))[1] as first_decision_status,
    min(occurred_at) filter (where leaves_decision) as first_decision_left_at,
    case
      when max(sequence) filter (where is_decision and to_stage = 'approved')
        > coalesce(max(sequence) filter (where leaves_decision and to_stage <> 'approved'), 0)
        then max(occurred_at) filter (where is_decision)
    end as approved_at,
    max(sequence) filter (where ends_review) as last_review_sequence,
    max(occurred_at) filter (where ends_review) as last_review_at,
    max(sequence) filter (where leaves_decision) as last_decision_left
  from cdd.staged_transitions
  group by account_id, case_id
) as facts
where cases.account_id = facts.account_id and cases.id = facts.case_id;

insert into cdd.later_decisions (account_id, case_id, number, status, decision, route, opened_at, decided_at, left_at)
select account_id, case_id, chapter + 1, status, decision, route, opened_at, decided_at, left_at
from (
  select
    account_id,
    case_id,
    chapter,
    min(to_status) filter (where is_decision) as status,
    min(to_stage) filter (where is_decision) as decision,
    case when bool_or(to_status = 'UNDER_MANUAL_REVIEW') then 'manual' else 'automatic' end as route,
    min(occurred_at) as opened_at,
    min(occurred_at) filter (where is_decision) as decided_at,
    lead(min(occurred_at)) over (partition by account_id, case_id order by chapter) as left_at
  from (
    select
      *,
      count(*) filter (where leaves_decision) over (partition by account_id, case_id order by sequence) as chapter
    from cdd.staged_transitions
  ) as chapter_transition
  where chapter > 0
  group by account_id, case_id, chapter
) as decision
where decided_at is not null;

drop table cdd.staged_transitions;
