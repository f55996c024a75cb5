import { count } from '../../model/number-text.ts';
import { dayText } from '../../model/time-text.ts';
import { casesAddress } from '../cases/filter.ts';
import { block } from '../html/block.ts';
import { chart } from '../html/chart.ts';
import { statusColumn } from '../html/columns.ts';
import { periodText } from '../html/filters.ts';
import { type Html, html } from '../html/html.ts';
import { changed, link } from '../html/link.ts';
import { stageText } from '../html/stage.ts';
import { type Column, table } from '../html/table.ts';
import { periodOf } from '../overview/period.ts';
import type { PageRequest } from '../page.ts';
import { readBacklog, readStatusCounts, type StageCount, type StatusCount } from './account-queries.ts';

/** Cases of an account by status, now. */
export async function statusesBlock({ tx, url }: PageRequest, accountId: string): Promise<Html> {
  const rows = await readStatusCounts(tx, accountId);
  return block({
    id: 'statuses',
    heading: 'Cases by status',
    views: ['backlog_daily'],
    body: table({
      caption: `${count(rows.reduce((sum, row) => sum + row.cases, 0))} cases in the list, open ones first. Cases without a status are not counted.`,
      columns: statusColumns(accountId),
      rows,
      csv: changed(url, { format: 'csv', block: 'statuses', page: null }),
      empty: 'No case is in the list. The numbers appear after the first run.',
    }),
  });
}

export function statusColumns(accountId: string): Column<StatusCount>[] {
  return [
    statusColumn('Status', 'status'),
    { heading: 'Stage', name: 'stage', csv: (row) => row.stage, cell: (row) => stageText(row.stage) },
    { heading: 'Open', name: 'is_open', csv: (row) => row.is_open },
    {
      heading: 'Cases',
      name: 'cases',
      csv: (row) => row.cases,
      cell: (row) =>
        link(
          casesAddress({ account: accountId, status: row.status, state: 'not_gone', in_backlog: 'yes' }),
          count(row.cases),
        ),
      isNumber: true,
    },
  ];
}

/** The stages of open cases, in the order of a case's way. */
const OPEN_STAGES = ['applicant', 'review', 'error', 'unknown'];

export type BacklogDay = { day: string; cases: Map<string, number> };

/** One row for each day that has cases. */
export function backlogDays(rows: readonly StageCount[]): BacklogDay[] {
  return [...Map.groupBy(rows, ({ day }) => day)].map(([day, counts]) => ({
    day,
    cases: new Map(counts.map(({ stage, cases }) => [stage, cases])),
  }));
}

export function backlogTitle(days: number): string {
  return `Open cases by stage, ${periodText(days)}`;
}

/** Open cases of an account over time. */
export async function backlogBlock({ tx, url, filters, clock }: PageRequest, accountId: string): Promise<Html> {
  const days = backlogDays(await readBacklog(tx, accountId, periodOf(filters.days, clock)));
  const stages = OPEN_STAGES.filter((stage) => days.some(({ cases }) => cases.has(stage)));
  const title = backlogTitle(filters.days);
  return block({
    id: 'backlog',
    heading: title,
    views: ['backlog_daily'],
    body: chart({
      id: 'backlog-chart',
      title,
      kind: 'area',
      isStacked: true,
      labels: days.map(({ day }) => dayText(day)),
      series: stages.map((stage) => ({
        name: stageText(stage),
        values: days.map(({ cases }) => cases.get(stage) ?? 0),
      })),
      unit: 'cases',
      empty: 'No case was open in this period.',
      table: table({
        caption: title,
        isCaptionHidden: true,
        columns: backlogColumns(),
        rows: days.toReversed(),
        csv: changed(url, { format: 'csv', block: 'backlog', page: null }),
        empty: html`–`,
      }),
    }),
  });
}

export function backlogColumns(): Column<BacklogDay>[] {
  return [
    { heading: 'Day', name: 'day', csv: ({ day }) => day, cell: ({ day }) => dayText(day) },
    ...OPEN_STAGES.map(
      (stage): Column<BacklogDay> => ({
        heading: stageText(stage),
        name: stage,
        csv: ({ cases }) => cases.get(stage) ?? 0,
        cell: ({ cases }) => count(cases.get(stage) ?? 0),
        isNumber: true,
      }),
    ),
  ];
}
