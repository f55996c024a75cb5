import type { CaseDocument } from './case-document.ts';
import type { Row } from './row.ts';
import { rankOf, type Stage, stageOf } from './statuses.ts';
import type { Transition } from './transitions.ts';

/** Computes a row of cdd.case_states, apart from its recording and from the absence of the case. */
export function caseState(
  { createdAt, deletedAt }: Pick<CaseDocument, 'createdAt' | 'deletedAt'>,
  transitions: readonly Omit<Transition, 'event'>[],
): Row {
  const into = (...stages: Stage[]) => transitions.find(({ to }) => stages.includes(stageOf(to)));
  const decision = into('approved', 'declined');
  const before = transitions.slice(0, decision === undefined ? 0 : decision.sequence - 1);
  const ranks = transitions.filter(({ to }) => stageOf(to) !== 'closed').flatMap(({ to }) => rankOf(to) ?? []);
  return {
    status: transitions.at(-1)?.to ?? null,
    status_since: transitions.at(-1)?.at ?? null,
    created_at: createdAt,
    deleted_at: deletedAt,
    opened_at: transitions[0]?.at ?? createdAt,
    first_decided_at: decision?.at ?? null,
    first_decision: decision === undefined ? null : stageOf(decision.to),
    decision_route: decision === undefined ? null : routeOf(before),
    first_approved_at: into('approved')?.at ?? null,
    first_declined_at: into('declined')?.at ?? null,
    furthest_rank: ranks.length > 0 ? Math.max(...ranks) : null,
  };
}

const routeOf = (before: readonly Pick<Transition, 'to'>[]) =>
  before.some(({ to }) => to === 'UNDER_MANUAL_REVIEW') ? 'manual' : 'automatic';
