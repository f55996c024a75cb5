import { Prisma } from '../../postgres/pool.ts';
import type { BatchContext } from './batch-input.ts';

/**
 * Columns of cdd.cases that are facts of the case's transitions, each with its value from a row of `transition_facts`.
 */
export const factColumns = {
  status: 'facts.status',
  status_since: 'facts.status_since',
  opened_at: 'facts.opened_at',
  first_decided_at: 'facts.first_decided_at',
  first_decision: 'facts.first_decision',
  first_decision_status: 'facts.first_decision_status',
  first_decision_left_at: 'facts.first_decision_left_at',
  decision_route: 'facts.decision_route',
  first_approved_at: 'facts.first_approved_at',
  first_declined_at: 'facts.first_declined_at',
  was_manual_review: 'coalesce(facts.was_manual_review, false)',
  transitions: 'coalesce(facts.transitions, 0)',
  times_reopened: 'coalesce(facts.times_reopened, 0)',
  times_left_active: 'coalesce(facts.times_left_active, 0)',
  times_backward: 'coalesce(facts.times_backward, 0)',
  furthest_rank: 'facts.furthest_rank',
  applicant_seconds: 'coalesce(facts.applicant_seconds, 0)',
  review_seconds: 'coalesce(facts.review_seconds, 0)',
  approved_at: 'facts.approved_at',
  last_reviewed_at: 'facts.last_reviewed_at',
} as const;

/**
 * Two CTEs over `input_transitions`: `staged_transitions` adds stages, and `transition_facts` has the facts of a case.
 * The comments on cdd.cases define each fact.
 */
export const transitionFacts = Prisma.sql`
  staged_transitions as not materialized (
    select
      transition.*,
      extract(epoch from transition.occurred_at - transition.from_since) as seconds,
      target_status.stage as to_stage,
      target_status.rank as to_rank,
      origin_status.stage as from_stage,
      origin_status.rank as from_rank,
      target_status.stage in ('approved', 'declined')
        and target_status.stage is distinct from origin_status.stage as is_decision,
      origin_status.stage in ('approved', 'declined') and target_status.stage <> origin_status.stage as leaves_decision,
      origin_status.stage = 'review' and target_status.stage <> 'review' as ends_review
    from input_transitions as transition
    join cdd.case_statuses as target_status on target_status.status = transition.to_status
    left join cdd.case_statuses as origin_status on origin_status.status = transition.from_status
  ),
  transition_facts as (
    select
      *,
      case
        when approved_at is null then null
        when last_review_sequence > coalesce(last_decision_left, 0) then last_review_at
        else approved_at
      end as last_reviewed_at
    from (
      select
        case_id,
        (array_agg(to_status order by sequence))[count(*)] as status,
        max(occurred_at) as status_since,
        min(occurred_at) as opened_at,
        min(occurred_at) filter (where to_stage in ('approved', 'declined')) as first_decided_at,
        (array_agg(to_stage order by sequence) filter (where to_stage in ('approved', 'declined')))[1] as first_decision,
        (array_agg(to_status order by sequence) filter (where to_stage in ('approved', 'declined')))[1]
          as first_decision_status,
        min(occurred_at) filter (where leaves_decision) as first_decision_left_at,
        case
          when min(sequence) filter (where to_status = 'UNDER_MANUAL_REVIEW')
            < min(sequence) filter (where to_stage in ('approved', 'declined')) then 'manual'
          when bool_or(to_stage in ('approved', 'declined')) then 'automatic'
        end as decision_route,
        count(*) filter (where is_decision) as decisions,
        min(occurred_at) filter (where to_stage = 'approved') as first_approved_at,
        min(occurred_at) filter (where to_stage = 'declined') as first_declined_at,
        bool_or(to_status = 'UNDER_MANUAL_REVIEW') as was_manual_review,
        count(*) as transitions,
        count(*) filter (
          where from_stage in ('approved', 'declined', 'closed') and to_stage in ('applicant', 'review')
        ) as times_reopened,
        count(*) filter (where from_status = 'ACTIVE') as times_left_active,
        count(*) filter (where to_rank < from_rank) as times_backward,
        max(to_rank) filter (where to_stage <> 'closed') as furthest_rank,
        sum(seconds) filter (where from_stage = 'applicant') as applicant_seconds,
        sum(seconds) filter (where from_stage = 'review') as review_seconds,
        -- Only if it has not left that stage since.
        case
          when max(sequence) filter (where is_decision and to_stage = 'approved')
            > coalesce(max(sequence) filter (where leaves_decision and to_stage <> 'approved'), 0)
            then max(occurred_at) filter (where is_decision)
        end as approved_at,
        max(sequence) filter (where ends_review) as last_review_sequence,
        max(occurred_at) filter (where ends_review) as last_review_at,
        max(sequence) filter (where leaves_decision) as last_decision_left
      from staged_transitions
      group by case_id
    ) as aggregated_case
  )`;

/**
 * The newest error among the events of `input`. Not a CTE over the events of all cases: Postgres expects a hundred
 * events in a document, so it joined them by nested loops, and the time grew with the square of the events.
 */
export const lastError = ({ accountId, recordedAt }: Pick<BatchContext, 'accountId' | 'recordedAt'>) => Prisma.sql`
  lateral (
    select error, occurred_at
    from (
      select
        id,
        error,
        occurred_at,
        -- As in transitions.ts. The subquery runs only for an event that has no other time.
        coalesce(
          occurred_at,
          max(occurred_at) over (order by id),
          (input.fields ->> 'created_at')::timestamptz,
          (
            select min(existing_event.recorded_at)
            from cdd.event_revisions as existing_event
            where existing_event.account_id = ${accountId}
              and existing_event.case_id = input.id
              and existing_event.id = read_event.id
          ),
          ${recordedAt}::timestamptz
        ) as ordered_at
      from (
        select
          (body -> 'id')::bigint as id,
          body ->> 'error' as error,
          (body ->> 'created_at')::timestamptz as occurred_at
        from jsonb_array_elements(input.fields -> 'events') as event (body)
        where input.has_errors
      ) as read_event
    ) as timed_event
    where error is not null
    order by ordered_at desc, id desc
    limit 1
  )`;
