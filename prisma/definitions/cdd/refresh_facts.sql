-- What `src/store/current.ts` works out for the cases of a batch, for all cases of an account.
create or replace function cdd.refresh_facts(account text)
returns void
language sql
set search_path = pg_catalog, pg_temp
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
