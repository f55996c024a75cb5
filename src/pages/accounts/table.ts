import { needOf, stateOf, stateText } from '../../model/account-state.ts';
import { count } from '../../model/number-text.ts';
import type { Clock } from '../../model/time-text.ts';
import { casesAddress } from '../cases/filter.ts';
import { sparkline } from '../html/bar.ts';
import { timeColumn } from '../html/columns.ts';
import { type Html, html } from '../html/html.ts';
import { accountAddress, address, link } from '../html/link.ts';
import { type Column, table } from '../html/table.ts';
import { dueTime, timeAndAge } from '../html/time.ts';
import type { Account, AccountRow } from './queries.ts';

/** Accounts with their freshness and figures. */
export function accountsTable(
  rows: readonly AccountRow[],
  { clock, csv, empty = EMPTY }: { clock: Clock; csv: string; empty?: string },
): Html {
  return table({
    caption: 'Accounts and when they were read',
    isCaptionHidden: true,
    columns: accountColumns(clock),
    rows,
    csv,
    empty,
  });
}

const EMPTY = 'No account was read yet. Each appears here when its first run has begun.';

function accountColumns(clock: Clock): Column<AccountRow>[] {
  return [identityColumn, ...freshnessColumns(clock), ...figureColumns];
}

/** The columns of the table, and those that its cells have as words. */
export function accountCsvColumns(clock: Clock): Column<AccountRow>[] {
  return [
    ...accountColumns(clock),
    { heading: 'Label', name: 'account_label', csv: (row) => row.account_label },
    { heading: 'Environment', name: 'environment', csv: (row) => row.environment },
    { heading: 'Why', name: 'state_text', csv: stateText },
    { heading: 'Last error', name: 'last_error_code', csv: (row) => row.last_error_code },
    { heading: 'Failed runs, 24 h', name: 'failed_runs_24_hours', csv: (row) => row.failed_runs },
  ];
}

const identityColumn: Column<AccountRow> = {
  heading: 'Account',
  name: 'account_id',
  csv: (row) => row.account_id,
  cell: ({ account_id: id, account_label: label, environment }) =>
    html`${link(accountAddress(id), id)} ${label}${environment === 'test' && ' (test)'}`,
};

function freshnessColumns(clock: Clock): Column<AccountRow>[] {
  return [
    { heading: 'State', name: 'state', csv: stateOf, cell: stateCell },
    timeColumn('Last success', 'last_success_at', (at) => timeAndAge(at, clock)),
    timeColumn('Success due', 'next_due_at', (at) => dueTime(at, clock)),
  ];
}

const figureColumns: Column<AccountRow>[] = [
  {
    heading: 'Cases',
    name: 'cases',
    csv: (row) => row.cases,
    cell: (row) =>
      link(casesAddress({ account: row.account_id, state: 'not_gone', in_backlog: 'yes' }), count(row.cases)),
    isNumber: true,
  },
  {
    heading: 'Open',
    name: 'open_cases',
    csv: (row) => row.open_cases,
    cell: (row) =>
      link(casesAddress({ account: row.account_id, state: 'open', in_backlog: 'yes' }), count(row.open_cases)),
    isNumber: true,
  },
  { heading: 'Runs, 24 h', name: 'runs_24_hours', csv: (row) => row.runs, cell: runsCell, isNumber: true },
];

function runsCell({ account_id, runs, failed_runs, good_runs }: AccountRow): Html {
  const to = (state: string | null, words: string) => {
    const path = address(`/accounts/${encodeURIComponent(account_id)}`, { hours: 24, state });
    return link(`${path}#runs`, words);
  };
  return html`<span>${sparkline(good_runs)} ${to(null, count(runs))}${failed_runs > 0 && html`, ${to('failed', `${count(failed_runs)} failed`)}`}</span>`;
}

function stateCell(account: Account): Html {
  const need = needOf(stateOf(account));
  const words = stateText(account);
  return need === null ? html`${words}` : html`<span class="${need}-word">${words}</span>`;
}
