import { type Hold, holdText } from '../model/hold.ts';
import { visibleLine } from '../model/visible-text.ts';
import { currentHolds } from '../store/accounts/rate-limit-holds.ts';
import { failedReportsText } from '../store/reports/failures.ts';
import { type AccountStatus, accountStatus, casesByStatus, type StatusCount } from '../store/runs/status.ts';
import { type LookSettings, withDatabase } from './database.ts';
import type { Output } from './process-context.ts';
import type { Style } from './terminal/style.ts';
import { type Column, table } from './terminal/table.ts';

/** Prints each account's last run and freshness, and its cases by status. */
export async function runStatus(
  settings: LookSettings,
  { json, log, print, style }: Output & { json: boolean },
): Promise<void> {
  return withDatabase(settings, log, async (database) => {
    const accounts = await accountStatus(database);
    const counts = await casesByStatus(database);
    const holds = await currentHolds(database);
    const rows = holds.map(({ host, accountId, until }) => ({ host, account_id: accountId, until }));
    if (json) print(JSON.stringify({ accounts, cases_by_status: counts, holds: rows }));
    else for (const part of statusText({ accounts, counts, holds }, style)) print(part);
  });
}

type Found = { accounts: readonly AccountStatus[]; counts: readonly StatusCount[]; holds: readonly Hold[] };

function statusText({ accounts, counts, holds }: Found, style: Style): string[] {
  if (accounts.length === 0) return ['no account has been synced yet; run: cdd-sync sync'];
  return [
    table(ACCOUNT_COLUMNS, accounts, style).text,
    ...[...accounts.flatMap(problemsOf), ...holds.map(holdAdvice)].map((problem) => `\n${problem}`),
    ...(counts.length > 0 ? ['', table(COUNT_COLUMNS, counts, style).text] : []),
  ];
}

function holdAdvice(hold: Hold): string {
  return `${holdText(hold)}. If it was lifted earlier, run cdd-sync check.`;
}

const ACCOUNT_COLUMNS: readonly Column<AccountStatus>[] = [
  { heading: 'account', text: (row) => row.account_id, importance: 1, isWhole: true },
  { heading: 'label', text: (row) => row.label, importance: 3, minWidth: 10 },
  { heading: 'enabled', text: (row) => (row.enabled ? 'yes' : 'no'), importance: 7 },
  { heading: 'last run', text: (row) => row.last_state ?? 'never', importance: 2, isWhole: true },
  { heading: 'minutes since success', text: (row) => row.minutes_since_success ?? 'never', importance: 3 },
  { heading: 'fresh', text: freshText, importance: 1, isWhole: true },
  { heading: 'cases', text: (row) => row.cases, importance: 2, isNumber: true },
  { heading: 'missing', text: (row) => row.missing, importance: 5, isNumber: true },
  { heading: 'rejected', text: (row) => row.rejected, importance: 4, isNumber: true },
  { heading: 'error', text: (row) => row.last_error_code, importance: 1, isWhole: true },
];

function freshText({ is_stale: isStale }: AccountStatus): string {
  if (isStale === null) return '';
  return isStale ? 'stale' : 'yes';
}

const COUNT_COLUMNS: readonly Column<StatusCount>[] = [
  { heading: 'account', text: (row) => row.account_id, importance: 1, isWhole: true },
  { heading: 'status', text: (row) => row.status ?? '(none yet)', importance: 1 },
  { heading: 'stage', text: (row) => row.stage, importance: 2 },
  { heading: 'cases', text: (row) => row.cases, importance: 1, isNumber: true },
];

/** How late a stale account is, the last error, reports that stand still, and the circuit breaker if it is open. */
function problemsOf(account: AccountStatus): string[] {
  const { account_id: id, enabled, last_error_message, refusals, next_try_at } = account;
  const problems = [...latenessOf(account), ...(last_error_message === null ? [] : [visibleLine(last_error_message)])];
  const { reports_failing_since: since, reports_error_message: message } = account;
  if (since !== null && message !== null) problems.push(failedReportsText({ accountId: id, since, message }));
  if (account.unreadable_fields > 0) problems.push(unreadableFieldsText(account));
  if (!enabled || next_try_at === null) return problems;
  const next = next_try_at.toISOString();
  return [
    ...problems,
    `${id}: Dintero refused it ${refusals} times in a row; the worker tries again at ${next}. ` +
      'After correcting the cause, run cdd-sync check: if it succeeds, the worker need not wait any longer.',
  ];
}

function unreadableFieldsText({ account_id: id, unreadable_fields: fields }: AccountStatus): string {
  return `${id}: ${fields} fields of its cases are not as the API documents them, and empty in the reports if they cannot be read; reporting.case_problems names the places.`;
}

function latenessOf({ account_id: id, is_stale, next_due_at, late_by_minutes }: AccountStatus): string[] {
  if (is_stale !== true || next_due_at === null) return [];
  return [
    `${id}: stale. A run was due at ${next_due_at.toISOString()}; no run has succeeded in the ${late_by_minutes} minutes since.`,
  ];
}
