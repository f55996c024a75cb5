import { versionsOfStep } from './recorded.ts';

/** What was known of each case before the last thing that was learned of it. */
export const statesSql = `
  insert into cdd.superseded_case_states (
    account_id, case_id, recorded_at, superseded_at, status, status_since, created_at, opened_at, first_decided_at,
    first_decision, decision_route, first_approved_at, first_declined_at, furthest_rank
  )
  select
    state.account_id, state.id, state.recorded_at, state.superseded_at, status, at, created_at, state.opened_at,
    state.first_decided_at, case
      when state.first_approved_at = state.first_decided_at then 'approved'
      when state.first_decided_at is not null then 'declined'
    end,
    case when manual_step < decided_step then 'manual' when decided_step is not null then 'automatic' end,
    state.first_approved_at, state.first_declined_at, state.furthest_rank
  from (
    select
      learned.*,
      lead(learned.recorded_at, 1, case when case_row.changed_at > learned.recorded_at then case_row.changed_at end)
        over (partition by learned.account_id, learned.id order by learned.recorded_at) as superseded_at,
      case_row.created_at
    from (
      select distinct on (step_row.account_id, step_row.id, version.recorded_at)
        step_row.account_id, step_row.id, version.recorded_at, step_row.status, version.at, manual_step, decided_step,
        step_row.furthest_rank,
        case when step = 1 then version.at else opened_at end as opened_at,
        coalesce(decided_at, case when stage in ('approved', 'declined') then version.at end) as first_decided_at,
        coalesce(approved_at, case when stage = 'approved' then version.at end) as first_approved_at,
        coalesce(declined_at, case when stage = 'declined' then version.at end) as first_declined_at
      from (
        select
          happened.*,
          status_row.stage,
          first_value(at) over so_far as opened_at,
          min(at) filter (where stage in ('approved', 'declined')) over before as decided_at,
          min(at) filter (where stage = 'approved') over before as approved_at,
          min(at) filter (where stage = 'declined') over before as declined_at,
          min(step) filter (where happened.status = 'UNDER_MANUAL_REVIEW') over so_far as manual_step,
          min(step) filter (where stage in ('approved', 'declined')) over so_far as decided_step,
          max(rank) filter (where stage <> 'closed') over so_far as furthest_rank
        from public.happened
        join cdd.case_statuses as status_row on status_row.status = happened.status
        window
          so_far as (partition by account_id, id order by step),
          before as (partition by account_id, id order by step rows between unbounded preceding and 1 preceding)
      ) as step_row
      cross join lateral (${versionsOfStep}) as version
      order by step_row.account_id, step_row.id, version.recorded_at, step desc
    ) as learned
    join cdd.cases as case_row on case_row.account_id = learned.account_id and case_row.id = learned.id
  ) as state
  where state.superseded_at is not null
  order by state.superseded_at`;
