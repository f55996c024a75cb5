import type { ReadCase } from '../../../sync/batcher.ts';
import { Prisma } from '../../postgres/pool.ts';
import type { BatchContext } from './batch-input.ts';

/**
 * The decisions after a case's first, a row each, as a CTE over `staged_transitions` and `transition_facts`. A chapter
 * of a case begins with the transition that leaves a decision, and holds at most one decision.
 */
export const laterDecisions = Prisma.sql`
  later_decisions as (
    select
      case_id,
      (chapter + 1)::integer as number,
      min(to_status) filter (where is_decision) as status,
      min(to_stage) filter (where is_decision) as decision,
      case when bool_or(to_status = 'UNDER_MANUAL_REVIEW') then 'manual' else 'automatic' end as route,
      min(occurred_at) as opened_at,
      min(occurred_at) filter (where is_decision) as decided_at,
      lead(min(occurred_at)) over (partition by case_id order by chapter) as left_at
    from (
      select
        case_id,
        to_status,
        to_stage,
        occurred_at,
        is_decision,
        count(*) filter (where leaves_decision) over (partition by case_id order by sequence) as chapter
      from staged_transitions
      where case_id in (select case_id from transition_facts where decisions > 1)
    ) as chapter_transition
    where chapter > 0
    group by case_id, chapter
  )`;

/** Makes cdd.later_decisions hold `later_decisions` for the cases that the statement saves. */
export function saveLaterDecisions(cases: ReadCase[], { accountId }: BatchContext): Prisma.Sql {
  return Prisma.sql`
    ${laterDecisions},
    ${cases.some((one) => one.known) ? removeFormerDecisions(accountId) : Prisma.empty}
    saved_decisions as (
      insert into cdd.later_decisions as existing_decision (
        account_id, case_id, number, status, decision, route, opened_at, decided_at, left_at
      )
      select ${accountId}, decision.*
      from later_decisions as decision
      join input_cases as input on input.id = decision.case_id
      left join changed_cases as changed on changed.case_id = input.id
      where decision.decided_at is not null and (not input.is_known or changed.case_id is not null)
      on conflict (account_id, case_id, number) do update
      set
        status = excluded.status,
        decision = excluded.decision,
        route = excluded.route,
        opened_at = excluded.opened_at,
        decided_at = excluded.decided_at,
        left_at = excluded.left_at
      where existing_decision is distinct from excluded
    )`;
}

/** The offset makes Postgres look up one case after the other; see close-superseded.ts, also for the ctid. */
function removeFormerDecisions(accountId: string): Prisma.Sql {
  return Prisma.sql`
    former_decisions as (
      select existing_decision.existing_row
      from changed_cases as changed
      left join transition_facts as facts on facts.case_id = changed.case_id
      cross join lateral (
        select ctid as existing_row
        from cdd.later_decisions
        where account_id = ${accountId} and case_id = changed.case_id and number > coalesce(facts.decisions, 0)
        offset 0
      ) as existing_decision
    ),
    removed_decisions as (
      delete from cdd.later_decisions
      using former_decisions as former
      where later_decisions.ctid = former.existing_row
    ),`;
}
