import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { openApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { logProblems, logRun } from '../log-lines.ts';
import type { Account } from '../model/account.ts';
import type { Progress, RunRow } from '../model/run.ts';
import { SyncError } from '../model/sync-error.ts';
import { recordOutcome } from '../store/accounts/circuit-breaker.ts';
import { presentCases } from '../store/cases/queries.ts';
import type { Database } from '../store/postgres/pool.ts';
import { type FailedReports, failedReports, failedReportsText } from '../store/reports/failures.ts';
import { type SyncParts, sync } from '../sync/run.ts';
import { discoveringPartners } from '../worker/merchant-accounts.ts';
import { prepareDatabase } from './database.ts';
import type { CommandContext } from './process-context.ts';
import { runsText } from './runs-text.ts';
import { findAccounts, selectAccounts, withoutPaused } from './sync/accounts.ts';
import { beginView, type SyncView } from './sync/progress-view.ts';
import { type JsonOptions, jsonForm, printJson } from './terminal/json.ts';
import { instantText } from './terminal/time.ts';
import { wrap } from './terminal/wrap.ts';

export type SyncOptions = JsonOptions & { account?: string[]; acceptMissing?: boolean; dryRun?: boolean };

/** `view`: null if progress is told by the log. */
export type SyncCommandContext = CommandContext & { view?: SyncView | null };

const LOCKED_RETRY_MS = 1000;

/**
 * Runs each account once, now, and prints the runs. Returns exit code 1 if a run failed, reports could not be updated
 * or a partner's merchants could not be listed, and 3 if all runs finished and some are partial.
 */
export async function runSync(config: Config, options: SyncOptions, context: SyncCommandContext): Promise<number> {
  const { log, print, style, view = null } = context;
  const form = jsonForm(options);
  const ids = options.account ?? [];
  // Without discovery, an unknown id can be reported before the database is opened.
  if (discoveringPartners(config).length === 0) selectAccounts(config.accounts, ids);
  await using app = await openApp(config, log, { lease: context.lease });
  const { database, parts, dintero } = app;
  await prepareDatabase(app, config, log);
  const { accounts, failed } = await findAccounts(ids, { config, dintero, database, ...context });
  const selected = await withoutPaused(selectAccounts(accounts, ids), {
    ids,
    database,
    log,
    timezone: config.timezone,
  });
  if (selected === null) return 1;
  const { concurrency } = config;
  const acceptMissing = options.acceptMissing ?? false;
  if (view !== null) await beginView(view, selected, database);
  const rows = await syncAll(selected, { parts, database, concurrency, acceptMissing, ...context, view });
  view?.end();
  if (form !== null) await printJson(rows, form, print);
  else for (const part of runsText(rows, await casesOf(rows, database, log), style)) print(part);
  const stale = await staleReportsOf(rows, database, log);
  const timeOf = (at: Date) => instantText(at, config.timezone);
  if (form === null)
    for (const reports of stale) print(`\n${wrap(failedReportsText(reports, timeOf), style.width).join('\n')}`);
  const isIncomplete = failed.length + stale.length > 0 || rows.length < selected.length;
  return isIncomplete ? 1 : exitCodeOf(rows);
}

type SyncContext = Omit<CommandContext, 'print' | 'style'> & {
  parts: SyncParts;
  database: Database;
  concurrency: number;
  acceptMissing: boolean;
  view: SyncView | null;
};

/** The closed runs, by account id. A run that could not be closed is only logged. */
async function syncAll(accounts: readonly Account[], context: SyncContext): Promise<RunRow[]> {
  const { database, concurrency, log, view } = context;
  const rows: RunRow[] = [];
  await pLimit(concurrency).map(accounts, async (account) => {
    try {
      const row = await syncWhenUnlocked(account, context);
      view?.ended(account.id, row.state);
      logRun(log, row);
      rows.push(row);
      await recordOutcome(database, row);
    } catch (err) {
      view?.ended(account.id, null);
      log.error({ account: account.id, err }, err instanceof SyncError ? err.message : 'unexpected error');
    }
  });
  return rows.sort((a, b) => (a.account_id < b.account_id ? -1 : 1));
}

/** Waits while another run of the account is under way: until it ends, or until its lease expires. */
async function syncWhenUnlocked(
  account: Account,
  { parts, acceptMissing, log, signal, view }: SyncContext,
): Promise<RunRow> {
  const onStart = (progress: () => Progress) => view?.started(account.id, progress);
  const onProgress = (progress: Progress) => {
    if (view === null) log.info({ account: account.id, ...progress }, 'run in progress');
  };
  const onProblems = (problems: ReadonlyMap<string, number>) => logProblems(log, account.id, problems);
  for (let attempt = 1; ; attempt += 1) {
    const request = { account, trigger: 'manual' as const, acceptMissing, signal, onStart, onProgress, onProblems };
    const row = await sync(request, parts);
    if (row !== null) return row;
    view?.locked(account.id);
    if (attempt === 1) log.info({ account: account.id }, 'waiting until another run of this account has ended');
    await delay(LOCKED_RETRY_MS, undefined, { signal }).catch(() => {
      throw new SyncError('CANCELLED', `${account.id}: stopped while waiting for another run to end`);
    });
  }
}

/** The exit code of these runs: 1 if one failed, else 3 if one is partial, else 0. */
export function exitCodeOf(rows: readonly RunRow[]): number {
  if (rows.some(({ state }) => state === 'failed' || state === 'abandoned')) return 1;
  return rows.some(({ state }) => state === 'partial') ? 3 : 0;
}

/**
 * The number of cases of each account with an unmodified list: its run has counted none. Without the database, none is
 * known; the runs are printed all the same.
 */
async function casesOf(rows: readonly RunRow[], database: Database, log: Log): Promise<Map<string, number>> {
  const ids = rows.filter((row) => row.not_modified).map((row) => row.account_id);
  return presentCases(database, ids).catch((err: unknown) => {
    log.warn({ err }, 'the cases of unmodified lists could not be counted');
    return new Map();
  });
}

/** Those of these accounts with reports that could not be updated. The log has each failure. */
async function staleReportsOf(rows: readonly RunRow[], database: Database, log: Log): Promise<FailedReports[]> {
  const failed = await failedReports(database).catch((err: unknown): FailedReports[] => {
    log.warn({ err }, 'it could not be checked whether the reports are up to date; cdd-sync status shows it');
    return [];
  });
  return failed.filter(({ accountId }) => rows.some((row) => row.account_id === accountId));
}
