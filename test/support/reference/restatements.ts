import type { Calendar } from './calendar.ts';
import type { CaseHistory } from './case-history.ts';
import { countedEvents } from './flow.ts';
import type { Row } from './row.ts';

const MOST_CASES = 20;

/** How often each case counts in a figure of a month, by `month account figure` and case. */
type Counts = Map<string, Map<string, number>>;

/** Computes the rows of reporting.flow_compared; each list has the histories that the reports counted at one time. */
export function flowCompared(before: readonly CaseHistory[], after: readonly CaseHistory[], calendar: Calendar): Row[] {
  const [was, is] = [countsOf(before, calendar), countsOf(after, calendar)];
  return [...new Set([...was.keys(), ...is.keys()])].map((name) => {
    const [former, present] = [was.get(name) ?? new Map(), is.get(name) ?? new Map()];
    const [month = '', accountId = '', figure = ''] = name.split(' ');
    const cases = [...new Set([...former.keys(), ...present.keys()])]
      .filter((caseId) => former.get(caseId) !== present.get(caseId))
      .toSorted();
    return {
      month,
      account_id: accountId,
      figure,
      was: totalOf(former),
      is: totalOf(present),
      difference: totalOf(present) - totalOf(former),
      // Postgres has no empty array for "none".
      case_ids: cases.length === 0 ? null : cases.slice(0, MOST_CASES),
    };
  });
}

function countsOf(histories: readonly CaseHistory[], { monthOf }: Calendar): Counts {
  const counts: Counts = new Map();
  for (const history of histories) {
    const { accountId, caseId } = history.document;
    for (const { kind, at } of countedEvents(history)) {
      const name = `${monthOf(at)} ${accountId} ${kind}`;
      const byCase = counts.get(name) ?? new Map<string, number>();
      counts.set(name, byCase.set(caseId, (byCase.get(caseId) ?? 0) + 1));
    }
  }
  return counts;
}

function totalOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
