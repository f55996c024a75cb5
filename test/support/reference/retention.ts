import { addLocal } from './add-local.ts';
import { caseColumns } from './case-columns.ts';
import type { CaseHistory } from './case-history.ts';
import { type Condition, matches } from './case-rules.ts';
import type { Instant } from './instant.ts';
import { isPlausible } from './plausible.ts';
import type { Row } from './row.ts';

/** How long cases are kept after they ended; null = for ever. */
export type RetentionSettings = {
  cases: { years: number | null; rules: readonly { years: number | null; when: Condition }[] };
};

type Context = { now: Instant; timezone: string; retention: RetentionSettings };

/** An end: when it was, if a plausible time says so. Null = the case has not ended. */
type End = { at: Instant | null } | null;

/** Computes the rows of reporting.retention, of cases that are neither held nor erased. */
export function retentionRows(
  histories: readonly CaseHistory[],
  { now, timezone, retention: { cases } }: Context,
): Row[] {
  const byId = Map.groupBy(histories, ({ document }) => document.caseId);
  return histories.map((history) => {
    const end = lastEnd((byId.get(history.document.caseId) ?? []).map((each) => endOf(each, now)));
    const rule = cases.rules.findIndex(({ when }) => matches(history, when)) + 1;
    const years = rule === 0 ? cases.years : (cases.rules[rule - 1]?.years ?? null);
    const endedAt = end?.at ?? null;
    const keepUntil = endedAt === null || years === null ? null : addLocal(endedAt, { months: 12 * years }, timezone);
    return {
      ...caseColumns(history.document),
      ended_at: endedAt,
      keep_until: keepUntil,
      held: false,
      hold_reason: null,
      state: end === null ? 'active' : keepUntil !== null && keepUntil <= now ? 'due' : 'kept',
      erased_at: null,
      held_at: null,
      years,
      rule,
    };
  });
}

function endOf({ stage, statusSince, missingSince, document: { deletedAt } }: CaseHistory, now: Instant): End {
  const isDeleted = deletedAt !== null && deletedAt <= now;
  const times = [
    ...(stage === 'declined' || stage === 'closed' ? [statusSince] : []),
    ...(isDeleted ? [deletedAt] : []),
    ...(missingSince === null ? [] : [missingSince]),
  ].filter((time) => time !== null);
  if (times.length === 0) return null;
  const plausible = times.filter((time) => isPlausible(time, now));
  return { at: plausible.length === 0 ? null : Math.min(...plausible) };
}

/** A case in several lists has ended when it has in all; when, is known if all ends have a time. */
function lastEnd(ends: readonly End[]): End {
  const times = ends.map((end) => (end === null ? null : end.at));
  if (ends.includes(null)) return null;
  return { at: times.includes(null) ? null : Math.max(...times.filter((time) => time !== null)) };
}
