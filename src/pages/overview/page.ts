import { readAccountRows } from '../accounts/queries.ts';
import { accountColumns, accountsTable } from '../accounts/table.ts';
import { block } from '../html/block.ts';
import { type Html, html } from '../html/html.ts';
import { changed } from '../html/link.ts';
import { csvLines } from '../html/table.ts';
import { csvBlock, type Page, type PageRequest } from '../page.ts';

export const overviewPage: Page = {
  path: '/',
  answer: async (request) => {
    const { tx, url, filters, clock } = request;
    if (csvBlock(url) === 'accounts') {
      const rows = await readAccountRows(tx, filters.accountId);
      return { kind: 'csv', name: 'accounts', lines: csvLines(accountColumns(clock), rows) };
    }
    return { kind: 'page', title: 'Overview', body: blocks(request), isLive: true };
  },
};

/** Sent one after the other, so that the first is read while the rest is computed. */
async function* blocks({ tx, url, filters, clock }: PageRequest): AsyncGenerator<Html> {
  yield html`<h1 class="unseen">Overview</h1>`;
  const rows = await readAccountRows(tx, filters.accountId);
  yield block({
    id: 'accounts',
    heading: 'Accounts',
    views: ['accounts', 'sync_freshness'],
    body: accountsTable(rows, { clock, csv: changed(url, { format: 'csv', block: 'accounts' }) }),
  });
}
