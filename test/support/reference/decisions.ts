import type { BusinessHours } from './business-hours.ts';
import { caseColumns } from './case-columns.ts';
import type { CaseHistory } from './case-history.ts';
import { hoursBetween, type Instant } from './instant.ts';
import type { Row } from './row.ts';
import { stageOf } from './statuses.ts';

/** A decision that has happened. */
type Decision = {
  number: number;
  decision: string;
  status: string;
  isManual: boolean;
  openedAt: Instant;
  decidedAt: Instant;
  /** When the case left the stage of the decision; null if it has not. */
  leftAt: Instant | null;
  /** End of the last stay in stage review since openedAt; null if there was none. */
  reviewedAt: Instant | null;
};

/** Lists the decisions of a case until now, by walking through its stays. */
export function decisionsOf({ transitions, openedAt }: CaseHistory, now: Instant): Decision[] {
  const decisions: Decision[] = [];
  let chapter = { openedAt: openedAt ?? 0, isManual: false, reviewedAt: null as Instant | null };
  for (const { from, to, at } of transitions.filter((each) => each.at <= now)) {
    const [before, after] = [from === null ? null : stageOf(from), stageOf(to)];
    if (before === after) {
      if (to === 'UNDER_MANUAL_REVIEW') chapter.isManual = true;
      continue;
    }
    if (before === 'approved' || before === 'declined') {
      const last = decisions.at(-1);
      if (last !== undefined) last.leftAt = at;
      chapter = { openedAt: at, isManual: false, reviewedAt: null };
    }
    if (before === 'review') chapter.reviewedAt = at;
    if (to === 'UNDER_MANUAL_REVIEW') chapter.isManual = true;
    if (after !== 'approved' && after !== 'declined') continue;
    const number = decisions.length + 1;
    decisions.push({ number, decision: after, status: to, decidedAt: at, leftAt: null, ...chapter });
  }
  return decisions;
}

/** Computes the rows of reporting.decisions. */
export function decisionRows(history: CaseHistory, business: BusinessHours, now: Instant): Row[] {
  return decisionsOf(history, now).map((decision) => ({
    ...caseColumns(history.document),
    number: decision.number,
    decision: decision.decision,
    status: decision.status,
    route: decision.isManual ? 'manual' : 'automatic',
    opened_at: decision.openedAt,
    decided_at: decision.decidedAt,
    hours: hoursBetween(decision.openedAt, decision.decidedAt),
    business_hours: business.hoursBetween(decision.openedAt, decision.decidedAt),
    is_first: decision.number === 1,
    is_current: decision.leftAt === null,
  }));
}
