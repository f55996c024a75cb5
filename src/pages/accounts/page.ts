import { block } from '../html/block.ts';
import { html } from '../html/html.ts';
import { changed } from '../html/link.ts';
import { csvLines } from '../html/table.ts';
import { csvBlock, type Page } from '../page.ts';
import { readAccountRows } from './queries.ts';
import { accountColumns, accountsTable } from './table.ts';

export const accountsPage: Page = {
  path: '/accounts',
  answer: async ({ tx, url, filters, clock }) => {
    const rows = await readAccountRows(tx, filters.accountId);
    if (csvBlock(url) !== null) return { kind: 'csv', name: 'accounts', lines: csvLines(accountColumns(clock), rows) };
    const body = accountsTable(rows, { clock, csv: changed(url, { format: 'csv' }) });
    return {
      kind: 'page',
      title: 'Accounts',
      isLive: true,
      body: html`<h1>Accounts</h1>
${block({ id: 'accounts', heading: 'All accounts', views: ['accounts', 'sync_freshness'], body })}`,
    };
  },
};
