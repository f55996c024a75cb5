-- The same rules as in src/store/cases/sql/case-facts.ts, for the transitions that have happened.
create or replace view cdd.present_approvals as
select
  odd_case.account_id,
  odd_case.id as case_id,
  case when past.stage = 'approved' then past.decided_at end as approved_at,
  case
    when past.stage <> 'approved' then null
    when past.last_review_sequence > coalesce(past.last_decision_left, 0) then past.last_review_at
    else past.decided_at
  end as last_reviewed_at
from cdd.cases as odd_case
cross join lateral (
  select
    (array_agg(staged.to_stage order by staged.sequence desc))[1] as stage,
    max(staged.occurred_at) filter (
      where staged.to_stage in ('approved', 'declined') and staged.to_stage is distinct from staged.from_stage
    ) as decided_at,
    max(staged.sequence) filter (where staged.from_stage = 'review' and staged.to_stage <> 'review')
      as last_review_sequence,
    max(staged.occurred_at) filter (where staged.from_stage = 'review' and staged.to_stage <> 'review')
      as last_review_at,
    max(staged.sequence) filter (
      where staged.from_stage in ('approved', 'declined') and staged.to_stage <> staged.from_stage
    ) as last_decision_left
  from (
    select
      transition.sequence,
      transition.occurred_at,
      target_status.stage as to_stage,
      origin_status.stage as from_stage
    from cdd.status_transitions as transition
    join cdd.case_statuses as target_status on target_status.status = transition.to_status
    left join cdd.case_statuses as origin_status on origin_status.status = transition.from_status
    where transition.account_id = odd_case.account_id
      and transition.case_id = odd_case.id
      and transition.superseded_at is null
      and transition.occurred_at <= now()
  ) as staged
) as past
where odd_case.has_odd_times and odd_case.status_since > now();

comment on view cdd.present_approvals is 'One row per case whose last transition lies in the future: approved_at and last_reviewed_at as of now; null = it is not approved now.';
