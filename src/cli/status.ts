import { type Hold, holdText } from '../model/hold.ts';
import { visibleLine } from '../model/visible-text.ts';
import { currentHolds } from '../store/accounts/rate-limit-holds.ts';
import { failedReportsText } from '../store/reports/failures.ts';
import { type AccountStatus, accountStatus, casesByStatus, type StatusCount } from '../store/runs/status.ts';
import { type LookSettings, withDatabase } from './database.ts';
import type { Output } from './process-context.ts';
import { table } from './table.ts';

/** Prints each account's last run and freshness, and its cases by status. */
export async function runStatus(
  settings: LookSettings,
  { json, log, print }: Output & { json: boolean },
): Promise<void> {
  return withDatabase(settings, log, async (database) => {
    const accounts = await accountStatus(database);
    const counts = await casesByStatus(database);
    const holds = await currentHolds(database);
    const rows = holds.map(({ host, accountId, until }) => ({ host, account_id: accountId, until }));
    if (json) print(JSON.stringify({ accounts, cases_by_status: counts, holds: rows }));
    else for (const part of statusText(accounts, counts, holds)) print(part);
  });
}

function statusText(
  accounts: readonly AccountStatus[],
  counts: readonly StatusCount[],
  holds: readonly Hold[],
): string[] {
  if (accounts.length === 0) return ['no account has been synced yet; run: cdd-sync sync'];
  return [
    table(accounts.map(accountRow)),
    ...[...accounts.flatMap(problemsOf), ...holds.map(holdAdvice)].map((problem) => `\n${problem}`),
    ...(counts.length > 0 ? ['', table(counts.map(countRow))] : []),
  ];
}

function holdAdvice(hold: Hold): string {
  return `${holdText(hold)}. If it was lifted earlier, run cdd-sync check.`;
}

function accountRow(account: AccountStatus) {
  return {
    account: account.account_id,
    label: account.label ?? '',
    enabled: account.enabled ? 'yes' : 'no',
    'last run': account.last_state ?? 'never',
    started: account.last_started_at?.toISOString() ?? '',
    'minutes since success': account.minutes_since_success ?? 'never',
    fresh: freshText(account),
    cases: account.cases,
    missing: account.missing,
    rejected: account.rejected,
    error: account.last_error_code ?? '',
  };
}

function freshText({ is_stale: isStale }: AccountStatus): string {
  if (isStale === null) return '';
  return isStale ? 'stale' : 'yes';
}

function countRow({ account_id, status, stage, cases }: StatusCount) {
  return { account: account_id, status: status ?? '(none yet)', stage: stage ?? '', cases };
}

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
