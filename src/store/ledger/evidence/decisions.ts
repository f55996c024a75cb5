import { Prisma } from '../../postgres/pool.ts';
import { columns, type EvidenceKey, type EvidenceTable, TIME } from './columns.ts';
import { holdsAt } from './conditions.ts';

/** The statuses that had been reached by then, in order, with their stages. */
function stays(key: EvidenceKey): Prisma.Sql {
  return Prisma.sql`
    stay as (
      select
        transition.sequence,
        transition.event_id,
        transition.to_status as status,
        coalesce(status_row.stage, 'unknown') as stage,
        transition.occurred_at as entered_at,
        lead(transition.occurred_at) over in_order as left_at,
        lead(transition.to_status) over in_order as next_status,
        lag(status_row.stage) over in_order as stage_before
      from (
        select *
        from cdd.status_transitions
        where ${holdsAt(key)} and occurred_at <= ${key.knownAt}::timestamptz
      ) as transition
      left join cdd.case_statuses as status_row on status_row.status = transition.to_status
      window in_order as (order by transition.sequence)
    )`;
}

/** As view decisions has them now. Without hours: those of business depend on a calendar that has no history. */
export const decisions: EvidenceTable = {
  name: 'decisions',
  columns: columns({
    number: 'integer',
    decision: 'text',
    status: 'text',
    route: 'text',
    opened_at: TIME,
    decided_at: TIME,
    left_at: TIME,
    event_id: 'bigint',
  }),
  // By windows: look-ups among all stays took minutes for 10,000 events.
  query: (key) => Prisma.sql`
    with ${stays(key)},
    -- A span begins with a decision and ends before the next one; number 0 is before the first.
    numbered_stay as (
      select *, count(*) filter (where is_decision) over (order by sequence) as number
      from (
        select *, stage in ('approved', 'declined') and stage is distinct from stage_before as is_decision
        from stay
      ) as judged_stay
    ),
    span as (
      select
        number,
        (array_agg(stage order by sequence))[1] as decision,
        (array_agg(status order by sequence))[1] as status,
        (array_agg(entered_at order by sequence))[1] as decided_at,
        (array_agg(event_id order by sequence))[1] as event_id,
        bool_or(status = 'UNDER_MANUAL_REVIEW') as has_review,
        (array_agg(entered_at order by sequence) filter (where number = 0 or stage <> first_stage))[1] as left_at
      from (
        select *, first_value(stage) over (partition by number order by sequence) as first_stage
        from numbered_stay
      ) as numbered_stay
      group by number
    ),
    decision as (
      select
        span.*,
        coalesce(lag(has_review) over in_order, false) as was_reviewed,
        lag(left_at) over in_order as opened_at,
        lead(decided_at) over in_order as next_decided_at
      from span
      window in_order as (order by number)
    )
    select
      number,
      decision,
      status,
      case when was_reviewed then 'manual' else 'automatic' end as route,
      coalesce(opened_at, decided_at) as opened_at,
      decided_at,
      coalesce(left_at, next_decided_at) as left_at,
      event_id
    from decision
    where number > 0
    order by number`,
};

/** Stays in stage review. Without the next review's date: its rules have no history. */
export const reviews: EvidenceTable = {
  name: 'reviews',
  columns: columns({
    status: 'text',
    entered_at: TIME,
    left_at: TIME,
    next_status: 'text',
    event_id: 'bigint',
  }),
  query: (key) => Prisma.sql`
    with ${stays(key)}
    select status, entered_at, left_at, next_status, event_id
    from stay
    where stage = 'review'
    order by sequence`,
};
