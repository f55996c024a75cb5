-- The same facts as in src/store/cases/sql/case-facts.ts, which computes them for the cases of a batch.
create or replace function cdd.refresh_facts(account text)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
  with facts as (
    select
      transition.case_id,
      min(transition.occurred_at) as opened_at,
      min(transition.occurred_at) filter (where target_status.stage in ('approved', 'declined')) as first_decided_at,
      (
        array_agg(target_status.stage order by transition.sequence)
        filter (where target_status.stage in ('approved', 'declined'))
      )[1] as first_decision,
      case
        when min(transition.sequence) filter (where transition.to_status = 'UNDER_MANUAL_REVIEW')
          < min(transition.sequence) filter (where target_status.stage in ('approved', 'declined')) then 'manual'
        when bool_or(target_status.stage in ('approved', 'declined')) then 'automatic'
      end as decision_route,
      min(transition.occurred_at) filter (where target_status.stage = 'approved') as first_approved_at,
      min(transition.occurred_at) filter (where target_status.stage = 'declined') as first_declined_at,
      bool_or(transition.to_status = 'UNDER_MANUAL_REVIEW') as was_manual_review,
      count(*) as transitions,
      count(*) filter (
        where origin_status.stage in ('approved', 'declined', 'closed') and target_status.stage in ('applicant', 'review')
      ) as times_reopened,
      count(*) filter (where transition.from_status = 'ACTIVE') as times_left_active,
      count(*) filter (where target_status.rank < origin_status.rank) as times_backward,
      max(target_status.rank) filter (where target_status.stage <> 'closed') as furthest_rank,
      sum(extract(epoch from transition.occurred_at - transition.from_since))
        filter (where origin_status.stage = 'applicant') as applicant_seconds,
      sum(extract(epoch from transition.occurred_at - transition.from_since)) filter (where origin_status.stage = 'review')
        as review_seconds
    from cdd.status_transitions as transition
    join cdd.case_statuses as target_status on target_status.status = transition.to_status
    left join cdd.case_statuses as origin_status on origin_status.status = transition.from_status
    where transition.account_id = account and transition.superseded_at is null
    group by transition.case_id
  ),
  errors as (
    select distinct on (case_id) case_id, error, occurred_at
    from (
      select
        event_row.case_id,
        event_row.id,
        event_row.error,
        event_row.occurred_at,
        coalesce(
          event_row.occurred_at,
          max(event_row.occurred_at) over (partition by event_row.case_id order by event_row.id),
          case_row.created_at
        ) as ordered_at
      from cdd.case_events as event_row
      join cdd.cases as case_row on case_row.account_id = account and case_row.id = event_row.case_id
      where event_row.account_id = account and event_row.superseded_at is null
    ) as ordered_event
    where error is not null
    -- An event without any such time counts as late as its recording: after all that have one.
    order by case_id, ordered_at desc nulls first, id desc
  ),
  new_facts as (
    select
      case_row.id,
      coalesce(facts.opened_at, case_row.created_at) as opened_at,
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
    from cdd.cases as case_row
    left join facts on facts.case_id = case_row.id
    left join errors on errors.case_id = case_row.id
    where case_row.account_id = account
  )
  update cdd.cases as stored_case
  set
    opened_at = new_facts.opened_at,
    first_decided_at = new_facts.first_decided_at,
    first_decision = new_facts.first_decision,
    decision_route = new_facts.decision_route,
    first_approved_at = new_facts.first_approved_at,
    first_declined_at = new_facts.first_declined_at,
    was_manual_review = new_facts.was_manual_review,
    transitions = new_facts.transitions,
    times_reopened = new_facts.times_reopened,
    times_left_active = new_facts.times_left_active,
    times_backward = new_facts.times_backward,
    furthest_rank = new_facts.furthest_rank,
    applicant_seconds = new_facts.applicant_seconds,
    review_seconds = new_facts.review_seconds,
    last_error = new_facts.last_error,
    last_error_at = new_facts.last_error_at
  from new_facts
  where stored_case.account_id = account
    and stored_case.id = new_facts.id
    and (
      stored_case.opened_at,
      stored_case.first_decided_at,
      stored_case.first_decision,
      stored_case.decision_route,
      stored_case.first_approved_at,
      stored_case.first_declined_at,
      stored_case.was_manual_review,
      stored_case.transitions,
      stored_case.times_reopened,
      stored_case.times_left_active,
      stored_case.times_backward,
      stored_case.furthest_rank,
      stored_case.applicant_seconds,
      stored_case.review_seconds,
      stored_case.last_error,
      stored_case.last_error_at
    ) is distinct from (
      new_facts.opened_at,
      new_facts.first_decided_at,
      new_facts.first_decision,
      new_facts.decision_route,
      new_facts.first_approved_at,
      new_facts.first_declined_at,
      new_facts.was_manual_review,
      new_facts.transitions,
      new_facts.times_reopened,
      new_facts.times_left_active,
      new_facts.times_backward,
      new_facts.furthest_rank,
      new_facts.applicant_seconds,
      new_facts.review_seconds,
      new_facts.last_error,
      new_facts.last_error_at
    )
$$;

comment on function cdd.refresh_facts is 'Computes the facts of an account''s cases again from their transitions and events; needed when a status gets another stage or rank.';
