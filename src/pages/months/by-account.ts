import { count, difference, duration } from '../../model/number-text.ts';
import { block } from '../html/block.ts';
import { accountText } from '../html/filters.ts';
import { type Html, html, nothing } from '../html/html.ts';
import { changed, link } from '../html/link.ts';
import { type Column, csvLines, table } from '../html/table.ts';
import { type Counts, type Figures, NO_COUNTS } from './figures.ts';
import type { ShownMonth } from './shown.ts';

type AccountRow = { id: string; label: string | null; is: Counts; was: Counts | null; p50: number | null };

/** The month by account, if several are counted. */
export function byAccountBlock(shown: ShownMonth, now: Figures, was: Figures | null): Html {
  const rows = accountRows(shown, now, was);
  if (shown.scope.accountId !== null || rows.length < 2) return nothing;
  const list = table({
    caption: 'The month by account, as known now',
    columns: accountColumns(shown),
    rows,
    csv: changed(shown.url, { format: 'csv', block: 'accounts' }),
    empty: '',
  });
  const accounts = block({
    id: 'accounts',
    heading: 'By account',
    views: ['flow_daily', 'backlog_daily', 'case_states'],
    body: html`<details id="accounts-list"><summary>${rows.length} accounts</summary>${list}</details>`,
  });
  return html`<div class="unprinted">${accounts}</div>`;
}

export function byAccountCsv(shown: ShownMonth, now: Figures, was: Figures | null): Iterable<string> {
  return csvLines([...accountColumns(shown), ...(was === null ? [] : REPORTED)], accountRows(shown, now, was));
}

function accountRows({ accounts }: ShownMonth, now: Figures, was: Figures | null): AccountRow[] {
  const ids = [...new Set([...now.counts.keys(), ...(was?.counts.keys() ?? [])])].sort();
  const labels = new Map(accounts.map(({ id, label }) => [id, label]));
  return ids.map((id) => ({
    id,
    label: labels.get(id) ?? null,
    is: now.counts.get(id) ?? NO_COUNTS,
    was: was === null ? null : (was.counts.get(id) ?? NO_COUNTS),
    p50: now.times.get(id)?.p50 ?? null,
  }));
}

const COUNTS = ['opened', 'decided', 'approved', 'declined', 'reopened', 'backlog'] as const;

/** In the CSV only; the table has the differences. */
const REPORTED = COUNTS.map(
  (name): Column<AccountRow> => ({
    heading: `${name} as reported`,
    name: `${name}_as_reported`,
    csv: ({ was }) => was?.[name] ?? null,
  }),
);

function accountColumns({ url }: ShownMonth): Column<AccountRow>[] {
  const counts = COUNTS.flatMap((name): Column<AccountRow>[] => [
    {
      heading: name === 'backlog' ? 'Open at the end' : `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      name,
      csv: ({ is }) => is[name],
      cell: ({ is, was }) => {
        const change = was === null ? 0 : is[name] - was[name];
        return html`<span>${count(is[name])}${change !== 0 && html` <small>(${difference(change)})</small>`}</span>`;
      },
      isNumber: true,
    },
  ]);
  return [
    {
      heading: 'Account',
      name: 'account_id',
      csv: ({ id }) => id,
      cell: ({ id, label }) => link(changed(url, { account: id }), accountText({ id, label })),
    },
    ...counts,
    {
      heading: 'Half decided within',
      name: 'p50_hours',
      csv: ({ p50 }) => p50,
      cell: ({ p50 }) => duration(p50),
      isNumber: true,
    },
  ];
}
