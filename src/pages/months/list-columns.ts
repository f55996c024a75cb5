import { count, difference, duration } from '../../model/number-text.ts';
import { dayText, monthText } from '../../model/time-text.ts';
import { type CasesParameters, casesAddress } from '../cases/filter.ts';
import { numberColumn } from '../html/columns.ts';
import { html } from '../html/html.ts';
import { link } from '../html/link.ts';
import type { Column } from '../html/table.ts';
import { monthEnd } from '../overview/period.ts';
import { type Scope, scopeParameters } from '../overview/scope.ts';
import type { PageRequest } from '../page.ts';
import { shifted } from './calendar.ts';
import { monthAddress } from './head.ts';
import type { MonthRow, Months } from './list-queries.ts';
import type { RestatedMonth } from './restated-months.ts';

/** The input of the list of months; without months there is no case yet. */
export type ShownMonths = PageRequest & { scope: Scope; today: string; months: Months | null };

/** Columns of the list of months. */
export function monthColumns({ scope, today, filters: { accountId } }: ShownMonths): Column<MonthRow>[] {
  const cases = (parameters: CasesParameters) =>
    casesAddress({ ...scopeParameters(scope), ...parameters, state: 'all', copies: accountId === null ? 'all' : null });
  const isOver = ({ month }: MonthRow) => shifted(month, 1) <= today;
  return [
    {
      heading: 'Month',
      name: 'month',
      csv: ({ month }) => month.slice(0, 7),
      cell: (row) =>
        html`<span>${link(monthAddress(row.month, accountId), monthText(row.month))}${!isOver(row) && ' (not over)'}</span>`,
    },
    {
      heading: 'Opened',
      name: 'opened',
      csv: ({ opened }) => opened,
      cell: ({ opened, month }) => link(cases({ opened_from: month, opened_to: monthEnd(month) }), count(opened)),
      isNumber: true,
    },
    {
      heading: 'Decided',
      name: 'decided',
      csv: ({ decided }) => decided,
      cell: ({ decided, month }) => link(cases({ decided_from: month, decided_to: monthEnd(month) }), count(decided)),
      isNumber: true,
    },
    {
      heading: 'Approved',
      name: 'approved',
      csv: ({ approved }) => approved,
      cell: ({ approved, month }) =>
        link(cases({ decided_from: month, decided_to: monthEnd(month), decision: 'approved' }), count(approved)),
      isNumber: true,
    },
    {
      heading: 'Half decided within',
      name: 'p50_hours',
      csv: ({ p50 }) => p50,
      cell: ({ p50 }) => duration(p50),
      isNumber: true,
    },
    numberColumn('Open at the end', 'backlog'),
  ];
}

/** Columns of the months with other figures now. */
export function restatedColumns(accountId: string | null): Column<RestatedMonth>[] {
  const figures = ['opened', 'decided', 'approved', 'declined'] as const;
  return [
    {
      heading: 'Month',
      name: 'month',
      csv: ({ month }) => month.slice(0, 7),
      cell: ({ month }) => link(`${monthAddress(month, accountId)}#why`, monthText(month)),
    },
    ...figures.map(
      (name): Column<RestatedMonth> => ({
        heading: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        name: `${name}_difference`,
        csv: (row) => row[name],
        cell: (row) => difference(isUnread(row) ? null : row[name]),
        isNumber: true,
      }),
    ),
    { heading: 'Accounts', name: 'accounts', csv: (row) => row.accounts, isNumber: true },
    {
      heading: 'Not known then',
      name: 'accounts_first_read_later',
      csv: (row) => row.unread,
      cell: firstReadText,
    },
  ];
}

/** Whether no account of the month had been read when it ended. Its figures are new then, not other ones. */
function isUnread({ accounts, unread }: RestatedMonth): boolean {
  return unread === accounts;
}

function firstReadText(row: RestatedMonth): string {
  const { accounts, unread, first_read_from: from, first_read_to: to } = row;
  if (from === null || to === null) return '–';
  const days = from === to ? `on ${dayText(from)}` : `from ${dayText(from)} to ${dayText(to)}`;
  return isUnread(row) ? `first read ${days}` : `${unread} of ${accounts} accounts, first read ${days}`;
}
