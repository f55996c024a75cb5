import { block } from '../html/block.ts';
import { type Html, html } from '../html/html.ts';
import { caseAddress, changed, link } from '../html/link.ts';
import { type Column, csvLines, table } from '../html/table.ts';
import { type Clock, timeAndAge } from '../html/time.ts';
import { csvBlock, type Page } from '../page.ts';
import { type CaseRow, PAGE_SIZE, readCases } from './queries.ts';

export const casesPage: Page = {
  path: '/cases',
  answer: async ({ tx, url, filters, clock }) => {
    const page = Math.max(1, Math.floor(Number(url.searchParams.get('page') ?? 1)) || 1);
    const rows = await readCases(tx, filters, (page - 1) * PAGE_SIZE);
    const shown = rows.slice(0, PAGE_SIZE);
    if (csvBlock(url) !== null) return { kind: 'csv', name: 'cases', lines: csvLines(caseColumns(clock), shown) };
    const list = table({
      caption: 'Cases, the last changed status first',
      columns: caseColumns(clock),
      rows: shown,
      csv: changed(url, { format: 'csv' }),
      empty: 'There is no such case.',
    });
    return {
      kind: 'page',
      title: 'Cases',
      body: html`<h1>Cases</h1>
${block({ id: 'cases', heading: 'List', views: ['cases'], body: html`${list}${pager(url, page, rows.length > PAGE_SIZE)}` })}`,
    };
  },
};

function caseColumns(clock: Clock): Column<CaseRow>[] {
  return [
    {
      heading: 'Case',
      name: 'case_id',
      csv: (row) => row.case_id,
      cell: (row) =>
        link(
          caseAddress({ accountId: row.account_id, caseId: row.case_id }),
          row.payout_destination_name ?? row.case_id,
        ),
    },
    { heading: 'Account', name: 'account_id', csv: (row) => row.account_id },
    { heading: 'Status', name: 'status', csv: (row) => row.status },
    {
      heading: 'Since',
      name: 'status_since',
      csv: (row) => row.status_since,
      cell: (row) => timeAndAge(row.status_since, clock),
    },
    {
      heading: 'Opened',
      name: 'opened_at',
      csv: (row) => row.opened_at,
      cell: (row) => timeAndAge(row.opened_at, clock),
    },
  ];
}

function pager(url: URL, page: number, hasNext: boolean): Html {
  return html`<nav class="pager" aria-label="Pages of the list">${page > 1 && link(changed(url, { page: page === 2 ? null : page - 1 }), 'Previous')}${hasNext && link(changed(url, { page: page + 1 }), 'Next')}</nav>`;
}
