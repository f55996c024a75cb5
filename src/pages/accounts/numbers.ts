import { count } from '../../model/number-text.ts';
import { backlogDays, backlogBlock as drawnBlock, type Part } from '../backlog-chart.ts';
import { casesAddress } from '../cases/filter.ts';
import { block } from '../html/block.ts';
import { statusColumn } from '../html/columns.ts';
import { periodText } from '../html/filters.ts';
import type { Html } from '../html/html.ts';
import { changed, link } from '../html/link.ts';
import { stageText } from '../html/stage.ts';
import { type Column, table } from '../html/table.ts';
import { periodOf } from '../overview/period.ts';
import type { PageRequest } from '../page.ts';
import { readBacklog, readStatusCounts, type StatusCount } from './account-queries.ts';

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

/** Each stage of open cases, as a part of the chart. */
export const STAGE_PARTS: readonly Part[] = OPEN_STAGES.map((name) => ({
  name,
  words: stageText(name),
  addressOf: () => null,
}));

export function backlogTitle(days: number): string {
  return `Open cases by stage, ${periodText(days)}`;
}

/** Open cases of an account over time. */
export async function backlogBlock({ tx, url, filters, clock }: PageRequest, accountId: string): Promise<Html> {
  const days = backlogDays(await readBacklog(tx, accountId, periodOf(filters.days, clock)));
  const title = backlogTitle(filters.days);
  return drawnBlock({
    heading: title,
    title,
    days,
    parts: STAGE_PARTS.filter(({ name }) => days.some(({ cases }) => cases.has(name))),
    csv: changed(url, { format: 'csv', block: 'backlog', page: null }),
  });
}
