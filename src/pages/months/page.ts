import type { Transaction } from '../../store/postgres/pool.ts';
import { block } from '../html/block.ts';
import { html } from '../html/html.ts';
import { address, link } from '../html/link.ts';
import { table } from '../html/table.ts';
import { monthText } from '../html/time.ts';
import type { Page } from '../page.ts';

export const monthsPage: Page = {
  path: '/months',
  answer: async ({ tx, filters }) => {
    const months = await readMonths(tx, filters.accountId);
    const body = table({
      caption: 'Months with cases',
      isCaptionHidden: true,
      columns: [
        {
          heading: 'Month',
          name: 'month',
          csv: ({ month }) => month,
          cell: ({ month }) =>
            link(address(`/months/${month.slice(0, 7)}`, { account: filters.accountId }), monthText(month)),
        },
      ],
      rows: months,
      empty: 'No case was opened yet. A month appears here with its first case.',
    });
    return {
      kind: 'page',
      title: 'Months',
      body: html`<h1>Months</h1>
${block({ id: 'months', heading: 'All months', views: ['funnel_monthly'], body })}`,
    };
  },
};

function readMonths(tx: Transaction, accountId: string | null): Promise<{ month: string }[]> {
  return tx.$queryRaw<{ month: string }[]>`
    select distinct month::text
    from reporting.funnel_monthly
    where ${accountId}::text is null or account_id = ${accountId}
    order by 1 desc`;
}
