import pLimit from 'p-limit';
import { poolSize, syncParts } from '../../app.ts';
import type { Config } from '../../config/config.ts';
import type { Log } from '../../log.ts';
import type { Account } from '../../model/account.ts';
import type { Progress, RunRow } from '../../model/run.ts';
import { SyncError } from '../../model/sync-error.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { accountsWithRun } from '../../store/runs/open-run.ts';
import { type SyncParts, sync } from '../../sync/run.ts';
import { discoveringPartners } from '../../worker/merchant-accounts.ts';
import { withDatabase } from '../database.ts';
import { runsText } from '../runs-text.ts';
import { exitCodeOf, type SyncCommandContext, type SyncOptions } from '../sync.ts';
import { jsonForm, printJson } from '../terminal/json.ts';
import { wrap } from '../terminal/wrap.ts';
import { findAccounts, selectAccounts, withoutPaused } from './accounts.ts';
import { beginView, type SyncView } from './progress-view.ts';

/**
 * Reads each account's whole list and prints what a run would change now, without writing anything or taking a lock.
 * Returns the exit code of such a run: 1 also if a partner's merchants could not be listed.
 * @throws SyncError DATABASE when the schema is missing or older than the program: only a real run may migrate.
 */
export async function runDryRun(config: Config, options: SyncOptions, context: SyncCommandContext): Promise<number> {
  const { log, print, view = null } = context;
  const form = jsonForm(options);
  const ids = options.account ?? [];
  // Without discovery, an unknown id can be reported before the database is opened.
  if (discoveringPartners(config).length === 0) selectAccounts(config.accounts, ids);
  for (const warning of config.warnings) log.warn(warning);
  let exitCode = 1;
  const work = async (database: Database) => {
    const parts = syncParts(config, { database, log, isDryRun: true });
    try {
      const { dintero } = parts;
      const { accounts, failed } = await findAccounts(ids, { config, dintero, database, isDryRun: true, ...context });
      const selected = await withoutPaused(selectAccounts(accounts, ids), {
        ids,
        database,
        log,
        timezone: config.timezone,
      });
      if (selected === null) return;
      await warnOfRuns(selected, database, log);
      if (view !== null) await beginView(view, selected, database);
      const rows = await compareAll(selected, { ...context, config, options, parts, view });
      view?.end();
      if (form !== null) await printJson(rows.map(dryRunRow), form, print);
      else for (const part of textOf(rows, context)) print(part);
      exitCode = failed.length > 0 || rows.length < selected.length ? 1 : exitCodeOf(rows);
    } finally {
      parts.dintero.close();
    }
  };
  await withDatabase(config, log, work, { connections: poolSize(config) });
  return exitCode;
}

/** A real run that is under way saves some of the changes first. */
async function warnOfRuns(accounts: readonly Account[], database: Database, log: Log): Promise<void> {
  const running = await accountsWithRun(database);
  for (const { id } of accounts.filter((account) => running.includes(account.id)))
    log.warn({ account: id }, 'a run of this account is under way; what it saves meanwhile is not counted as a change');
}

type CompareContext = Pick<SyncCommandContext, 'log' | 'signal'> & {
  view: SyncView | null;
  config: Config;
  options: SyncOptions;
  parts: SyncParts;
};

/** The rows that runs would have, by account id. A run with an unexpected error is only logged. */
async function compareAll(accounts: readonly Account[], context: CompareContext): Promise<RunRow[]> {
  const { config, options, parts, log, signal, view } = context;
  const acceptMissing = options.acceptMissing ?? false;
  const rows: RunRow[] = [];
  await pLimit(config.concurrency).map(accounts, async (account) => {
    const onStart = (progress: () => Progress) => view?.started(account.id, progress);
    const onProgress = (progress: Progress) => {
      if (view === null) log.info({ account: account.id, ...progress }, 'dry run in progress');
    };
    try {
      const row = await sync({ account, trigger: 'manual', acceptMissing, signal, onStart, onProgress }, parts);
      view?.ended(account.id, row?.state ?? null);
      if (row !== null) rows.push(row);
    } catch (err) {
      view?.ended(account.id, null);
      log.error({ account: account.id, err }, err instanceof SyncError ? err.message : 'unexpected error');
    }
  });
  return rows.sort((a, b) => (a.account_id < b.account_id ? -1 : 1));
}

/** The row for programs: one of cdd.sync_runs without an id, because it is not there. */
function dryRunRow(row: RunRow) {
  return { ...row, id: null, dry_run: true };
}

function textOf(rows: readonly RunRow[], { style }: Pick<SyncCommandContext, 'style'>): string[] {
  const intro = 'Dry run: nothing was written. A run now would change this:';
  return [...wrap(intro, style.width), '', ...runsText(rows, new Map(), style)];
}
