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
  query: (key) => Prisma.sql`
    with ${stays(key)},
    decision as (
      select
        stay.*,
        row_number() over in_order as number,
        lag(sequence) over in_order as sequence_before,
        lag(stage) over in_order as decision_before
      from stay
      where stage in ('approved', 'declined') and stage is distinct from stage_before
      window in_order as (order by sequence)
    )
    select
      number,
      stage as decision,
      status,
      case
        when exists (
          select
          from stay as review
          where review.status = 'UNDER_MANUAL_REVIEW'
            and review.sequence < decision.sequence
            and review.sequence > coalesce(decision.sequence_before, 0)
        ) then 'manual'
        else 'automatic'
      end as route,
      (
        select min(opening.entered_at)
        from stay as opening
        where opening.sequence = (
          select min(later.sequence)
          from stay as later
          where later.sequence > coalesce(decision.sequence_before, 0)
            and later.stage is distinct from decision.decision_before
        )
      ) as opened_at,
      entered_at as decided_at,
      (
        select later.entered_at
        from stay as later
        where later.sequence > decision.sequence and later.stage <> decision.stage
        order by later.sequence
        limit 1
      ) as left_at,
      event_id
    from decision
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
