import { Prisma } from '../../postgres/pool.ts';

/**
 * What the reports say of a case, worked out of what `given` makes of it: `facts` of its transitions, `errors` of its
 * events. See the comments on cdd.cases; cdd.refresh_facts does the same for what is saved already.
 */
export const facts = Prisma.sql`
  facts as (
    select
      derived.case_id,
      (array_agg(derived.to_status order by derived.sequence desc))[1] as status,
      max(derived.occurred_at) as status_since,
      min(derived.occurred_at) as opened_at,
      min(derived.occurred_at) filter (where towards.stage in ('approved', 'declined')) as first_decided_at,
      (array_agg(towards.stage order by derived.sequence) filter (where towards.stage in ('approved', 'declined')))[1]
        as first_decision,
      case
        when min(derived.sequence) filter (where derived.to_status = 'UNDER_MANUAL_REVIEW')
          < min(derived.sequence) filter (where towards.stage in ('approved', 'declined')) then 'manual'
        when bool_or(towards.stage in ('approved', 'declined')) then 'automatic'
      end as decision_route,
      min(derived.occurred_at) filter (where towards.stage = 'approved') as first_approved_at,
      min(derived.occurred_at) filter (where towards.stage = 'declined') as first_declined_at,
      bool_or(derived.to_status = 'UNDER_MANUAL_REVIEW') as was_manual_review,
      count(*) as transitions,
      count(*) filter (
        where origin.stage in ('approved', 'declined', 'closed') and towards.stage in ('applicant', 'review')
      ) as times_reopened,
      count(*) filter (where derived.from_status = 'ACTIVE') as times_left_active,
      count(*) filter (where towards.rank < origin.rank) as times_backward,
      max(towards.rank) filter (where towards.stage <> 'closed') as furthest_rank,
      sum(extract(epoch from derived.occurred_at - derived.from_since)) filter (where origin.stage = 'applicant')
        as applicant_seconds,
      sum(extract(epoch from derived.occurred_at - derived.from_since)) filter (where origin.stage = 'review')
        as review_seconds
    from derived
    join cdd.case_statuses as towards on towards.status = derived.to_status
    left join cdd.case_statuses as origin on origin.status = derived.from_status
    group by derived.case_id
  ),
  erring as (
    select id as case_id, (document ->> 'created_at')::timestamptz as case_created_at
    from input
    where id in (select case_id from listed where body ->> 'error' is not null)
  ),
  errors as (
    select distinct on (case_id) case_id, error, occurred_at
    from (
      select
        case_id,
        id,
        body ->> 'error' as error,
        (body ->> 'created_at')::timestamptz as occurred_at,
        coalesce(
          (body ->> 'created_at')::timestamptz,
          max((body ->> 'created_at')::timestamptz) over (partition by case_id order by id),
          case_created_at
        ) as ordered_at
      from listed
      join erring using (case_id)
    ) as told
    where error is not null
    -- Without any time it is of its recording, after all that has one.
    order by case_id, ordered_at desc nulls first, id desc
  )`;
