import { count } from '../../model/number-text.ts';
import { dayText } from '../../model/time-text.ts';
import { casesAddress } from '../cases/filter.ts';
import { block } from '../html/block.ts';
import { chart } from '../html/chart.ts';
import type { Html } from '../html/html.ts';
import { link } from '../html/link.ts';
import { statusText } from '../html/status.ts';
import { type Column, table } from '../html/table.ts';
import type { Period } from './period.ts';
import type { BacklogRow } from './report-queries.ts';
import { type Scope, scopeParameters } from './scope.ts';

const NO_BREAK_SPACE = '\u00a0';

export type BacklogDay = { day: string; cases: ReadonlyMap<string, number> };

type Options = { scope: Scope; period: Period; csv: string };

/** Open cases by status at the end of each day. */
export function backlogBlock(rows: readonly BacklogRow[], { scope, period, csv }: Options): Html {
  const days = backlogDays(rows);
  const statuses = statusesOf(rows);
  return block({
    id: 'backlog',
    heading: 'Open cases by status',
    views: ['backlog_daily'],
    body: chart({
      id: 'backlog-chart',
      title: `Open cases by status, the last ${period.words}`,
      kind: 'area',
      isStacked: true,
      labels: days.map(({ day }) => dayText(day)),
      series: statuses.map((status) => ({
        name: statusText(status),
        values: days.map(({ cases }) => cases.get(status) ?? 0),
        links: days.map(({ day }) => (day === period.today ? listAddress(scope, status) : null)),
      })),
      unit: 'cases',
      table: table({
        caption: 'Open cases with a status at the end of each day; today: now',
        columns: backlogColumns(statuses, { scope, period }),
        rows: days.toReversed(),
        empty: 'No case was open in this time.',
        csv,
      }),
      empty: 'No case was open in this time. The chart begins with the first case that waits for somebody.',
    }),
  });
}

export function backlogDays(rows: readonly BacklogRow[]): BacklogDay[] {
  return [...Map.groupBy(rows, ({ day }) => day)].map(([day, ofDay]) => ({
    day,
    cases: new Map(ofDay.map(({ status, cases }) => [status, cases])),
  }));
}

export function backlogColumns(
  statuses: readonly string[],
  { scope, period }: Pick<Options, 'scope' | 'period'>,
): Column<BacklogDay>[] {
  return [
    {
      heading: 'Day',
      name: 'day',
      csv: ({ day }) => day,
      cell: ({ day }) => dayText(day).replaceAll(' ', NO_BREAK_SPACE),
    },
    ...statuses.map(
      (status): Column<BacklogDay> => ({
        heading: statusText(status),
        name: status,
        csv: ({ cases }) => cases.get(status) ?? 0,
        cell: ({ day, cases }) => {
          const words = count(cases.get(status) ?? 0);
          return day === period.today ? link(listAddress(scope, status), words) : words;
        },
        isNumber: true,
      }),
    ),
  ];
}

/** The statuses with cases, in the order of a case's normal course. */
export function statusesOf(rows: readonly BacklogRow[]): string[] {
  const found = Map.groupBy(rows, ({ status }) => status);
  const rank = (status: string) => found.get(status)?.[0]?.rank ?? Number.POSITIVE_INFINITY;
  return [...found.keys()].sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
}

/** A list that counts a case of two accounts in each, as the roll-up does. */
function listAddress(scope: Scope, status: string): string {
  return casesAddress({ ...scopeParameters(scope), status, state: 'open', copies: 'all', in_backlog: 'yes' });
}
