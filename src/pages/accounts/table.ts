import { type Html, html } from '../html/html.ts';
import { accountAddress, address, link } from '../html/link.ts';
import { count, duration } from '../html/number.ts';
import { type Column, table } from '../html/table.ts';
import { ageOnly, type Clock } from '../html/time.ts';
import type { AccountRow } from './queries.ts';

/** Accounts with their freshness. */
export function accountsTable(rows: readonly AccountRow[], { clock, csv }: { clock: Clock; csv: string }): Html {
  return table({
    caption: 'Accounts and when they were read',
    isCaptionHidden: true,
    columns: accountColumns(clock),
    rows,
    csv,
    empty: 'No account was read yet. Each appears here when its first run has begun.',
  });
}

export function accountColumns(clock: Clock): Column<AccountRow>[] {
  return [
    {
      heading: 'Account',
      name: 'account_id',
      csv: (row) => row.account_id,
      cell: (row) => html`${link(accountAddress(row.account_id), row.account_id)} ${row.account_label}`,
    },
    { heading: 'State', name: 'state', csv: stateText, cell: stateCell },
    {
      heading: 'Last success',
      name: 'last_success_at',
      csv: (row) => row.last_success_at,
      cell: (row) => ageOnly(row.last_success_at, clock),
    },
    {
      heading: 'Next run',
      name: 'next_due_at',
      csv: (row) => row.next_due_at,
      cell: (row) => ageOnly(row.next_due_at, clock),
    },
    {
      heading: 'Cases',
      name: 'cases',
      csv: (row) => row.cases,
      cell: (row) => link(address('/cases', { account: row.account_id }), count(row.cases)),
      isNumber: true,
    },
    {
      heading: 'Open',
      name: 'open_cases',
      csv: (row) => row.open_cases,
      cell: (row) => link(address('/cases', { account: row.account_id, open: 'yes' }), count(row.open_cases)),
      isNumber: true,
    },
  ];
}

function stateText({ enabled, paused_since, is_stale, late_by, last_error_code }: AccountRow): string {
  if (!enabled) return 'not read any more';
  if (paused_since !== null) return 'paused';
  if (is_stale !== true) return 'ok';
  const late = late_by === null ? 'late' : `late by ${duration(late_by / 60)}`;
  return last_error_code === null ? late : `${late}: ${last_error_code}`;
}

function stateCell(row: AccountRow): Html {
  const words = stateText(row);
  return row.is_stale === true && row.enabled ? html`<span class="act-word">${words}</span>` : html`${words}`;
}
