import { block } from '../html/block.ts';
import { isUnknownAccount } from '../html/filters.ts';
import { type Html, html } from '../html/html.ts';
import { changed } from '../html/link.ts';
import { type Paging, pager, pagingOf } from '../html/pager.ts';
import { csvLines, table } from '../html/table.ts';
import { inTime } from '../in-time.ts';
import { periodOf } from '../overview/period.ts';
import { scopeOf } from '../overview/scope.ts';
import { csvBlock, NO_ACCOUNT, type Page } from '../page.ts';
import { reportsNotice } from '../reports-notice.ts';
import { shifted } from './calendar.ts';
import { countedText } from './head.ts';
import { monthColumns, restatedColumns, type ShownMonths } from './list-columns.ts';
import { type MonthRow, type Months, readMonths } from './list-queries.ts';
import { readFirstMonth } from './queries.ts';
import { type RestatedMonth, readRestatedMonths } from './restated-months.ts';

/** Months of one page. The knowledge at the end of each is computed: of a million cases, a year's took 1.9 s. */
const PAGE_SIZE = 6;

/** All months with cases, the newest first. */
export const monthsPage: Page = {
  path: '/months',
  hasPeriod: false,
  answer: async (request) => {
    const { tx, url, filters, clock, accounts } = request;
    if (isUnknownAccount(request)) return NO_ACCOUNT;
    const scope = scopeOf(filters, accounts);
    const { today } = periodOf(filters.days, clock);
    const all = monthsFrom(await readFirstMonth(tx, scope), today);
    const paging = pagingOf(url, all.length, PAGE_SIZE);
    const months = monthsOf(all.slice(paging.first, paging.first + PAGE_SIZE));
    const shown = { ...request, scope, today, months };
    const csv = csvBlock(url);
    if (csv === null) return { kind: 'page', title: 'Months', body: blocks(shown, paging) };
    const lines =
      csv === 'restated'
        ? csvLines(restatedColumns(null), await restatedOf(shown))
        : csvLines(monthColumns(shown), await rowsOf(shown));
    return { kind: 'csv', name: 'months', lines };
  },
};

async function* blocks(shown: ShownMonths, paging: Paging): AsyncGenerator<Html> {
  const { url, atOnce } = shown;
  yield html`<h1>Months</h1>
`;
  yield await reportsNotice(shown);
  // The changes take as long as all else.
  const [changes, rows] = await atOnce(
    (side) => restatedBlock({ ...shown, tx: side }),
    () => rowsOf(shown),
  );
  const list = table({
    caption: 'Months with cases, the newest first',
    isCaptionHidden: true,
    columns: monthColumns(shown),
    rows,
    csv: changed(url, { format: 'csv' }),
    empty: 'No case was opened yet. A month appears here with its first case.',
  });
  yield block({
    id: 'months',
    heading: 'By month',
    views: ['flow_daily', 'backlog_daily', 'case_states'],
    body: html`${list}${pager(url, paging)}<p class="source">${countedText(shown.scope)}</p>`,
  });
  yield changes;
}

/** The months whose figures have changed since they ended. */
async function restatedBlock(shown: ShownMonths): Promise<Html> {
  const { tx, url, filters, months } = shown;
  if (months === null) return html``;
  return inTime(tx, RESTATED, async () =>
    block({
      ...RESTATED,
      views: ['case_states', 'restatements'],
      body: table({
        caption: 'Of the months above, those with an account whose figures are others now than when the month ended',
        columns: restatedColumns(filters.accountId),
        rows: await restatedOf(shown),
        csv: changed(url, { format: 'csv', block: 'restated' }),
        empty: 'None of these months: each still has the figures that were known when it ended.',
      }),
    }),
  );
}

const RESTATED = { id: 'restated', heading: 'Restated since they ended' };

async function rowsOf({ tx, scope, months, today }: ShownMonths): Promise<MonthRow[]> {
  return months === null ? [] : readMonths(tx, scope, months, today);
}

async function restatedOf({ tx, scope, months }: ShownMonths): Promise<RestatedMonth[]> {
  return months === null ? [] : readRestatedMonths(tx, scope, months);
}

function monthsOf(all: readonly string[]): Months | null {
  const [last] = all;
  const first = all.at(-1);
  return first === undefined || last === undefined ? null : { first, last, all };
}

/** The first days of the months, the newest first. */
function monthsFrom(first: string | null, today: string): string[] {
  const months: string[] = [];
  if (first === null) return months;
  for (let month = shifted(today, 0); month >= first; month = shifted(month, -1)) months.push(month);
  return months;
}
