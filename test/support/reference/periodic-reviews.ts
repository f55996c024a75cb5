import { addLocal } from './add-local.ts';
import { caseColumns } from './case-columns.ts';
import type { CaseHistory } from './case-history.ts';
import { type Condition, matches } from './case-rules.ts';
import { decisionsOf } from './decisions.ts';
import type { Instant } from './instant.ts';
import type { Row } from './row.ts';

/** The configured intervals of reviews. */
export type ReviewSettings = {
  everyMonths: number;
  dueSoonDays: number;
  rules: readonly { everyMonths: number; when: Condition }[];
};

type Context = { now: Instant; timezone: string; reviews: ReviewSettings };

/**
 * Computes the rows of reporting.periodic_reviews: one for a case that is approved and not gone, else none.
 */
export function reviewRows(history: CaseHistory, { now, timezone, reviews }: Context): Row[] {
  const approval = decisionsOf(history, now).findLast(({ leftAt }) => leftAt === null);
  const isGone = history.missingSince !== null || (history.goneAt !== null && history.goneAt <= now);
  if (approval?.decision !== 'approved' || isGone) return [];
  const rule = reviews.rules.findIndex(({ when }) => matches(history, when)) + 1;
  const everyMonths = reviews.rules[rule - 1]?.everyMonths ?? reviews.everyMonths;
  const reviewedAt = approval.reviewedAt ?? approval.decidedAt;
  const row = {
    ...caseColumns(history.document),
    approved_at: approval.decidedAt,
    last_reviewed_at: reviewedAt,
    every_months: everyMonths,
    rule,
  };
  // The offsets of long ago are not the same in every copy of the time zone database.
  if (reviewedAt < 0) return [{ ...row, state: 'overdue' }];
  const dueAt = addLocal(reviewedAt, { months: everyMonths }, timezone);
  return [{ ...row, due_at: dueAt, state: stateOf(dueAt, { now, timezone, days: reviews.dueSoonDays }) }];
}

function stateOf(dueAt: Instant, { now, timezone, days }: { now: Instant; timezone: string; days: number }): string {
  if (dueAt <= now) return 'overdue';
  return dueAt <= addLocal(now, { days }, timezone) ? 'due_soon' : 'current';
}
