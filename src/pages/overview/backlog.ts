import { backlogDays, backlogBlock as drawnBlock, type Part } from '../backlog-chart.ts';
import { casesAddress } from '../cases/filter.ts';
import type { Html } from '../html/html.ts';
import { statusText } from '../html/status.ts';
import type { Period } from './period.ts';
import type { BacklogRow } from './report-queries.ts';
import { type Scope, scopeParameters } from './scope.ts';

type Shown = { scope: Scope; period: Period };

/** Open cases by status at the end of each day. */
export function backlogBlock(rows: readonly BacklogRow[], { csv, ...shown }: Shown & { csv: string }): Html {
  return drawnBlock({
    heading: 'Open cases by status',
    title: `Open cases by status, the last ${shown.period.words}`,
    days: backlogDays(rows),
    parts: statusParts(rows, shown),
    csv,
  });
}

/** The statuses with cases, in the order of a case's normal course. */
export function statusParts(rows: readonly BacklogRow[], { scope, period }: Shown): Part[] {
  const found = Map.groupBy(rows, ({ name }) => name);
  const rank = (name: string) => found.get(name)?.[0]?.rank ?? Number.POSITIVE_INFINITY;
  const names = [...found.keys()].sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
  return names.map((name) => ({
    name,
    words: statusText(name),
    addressOf: (day) => (day === period.today ? listAddress(scope, name) : null),
  }));
}

/** A list that counts a case of two accounts in each, as the roll-up does. */
function listAddress(scope: Scope, status: string): string {
  return casesAddress({ ...scopeParameters(scope), status, state: 'open', copies: 'all', in_backlog: 'yes' });
}
