import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { openParts } from '../app.ts';
import type { Config } from '../config/config.ts';
import { type Log, logRun } from '../log.ts';
import type { Account } from '../model/account.ts';
import type { Progress, RunRow } from '../model/run.ts';
import { SyncError } from '../model/sync-error.ts';
import { UsageError } from '../model/usage-error.ts';
import { noteOutcome } from '../store/accounts/circuit-breaker.ts';
import { migrate } from '../store/migrate/migrate.ts';
import type { Database } from '../store/postgres/pool.ts';
import { applyReportSettings } from '../store/reports/settings.ts';
import { type SyncParts, sync } from '../sync/run.ts';
import { type DiscoveryContext, discoverAccounts, knownAccounts } from '../worker/account-discovery.ts';
import { discoveringPartners } from '../worker/merchant-accounts.ts';
import { table } from './table.ts';

export type SyncOptions = { account?: string[]; json?: boolean; acceptMissing?: boolean };

type Surroundings = { log: Log; signal: AbortSignal; print: (line: string) => void };

const LOCKED_RETRY_MS = 1000;

/**
 * One run per account, now. Exit code 1 when one did not finish, or a partner's merchants could not be listed; 3 when
 * all finished and some are partial.
 */
export async function runSync(config: Config, options: SyncOptions, surroundings: Surroundings): Promise<number> {
  const { log, print } = surroundings;
  const ids = options.account ?? [];
  // A slip of the pen is told before anything is opened, if that can tell it.
  if (discoveringPartners(config).length === 0) chosen(config.accounts, ids);
  const { url, database, parts, dintero, close } = await openParts(config, log);
  try {
    await migrate(url);
    await applyReportSettings(database, config);
    const { accounts, failed } = await findAccounts(ids, { config, dintero, database, ...surroundings });
    const picked = chosen(accounts, ids);
    const rows = await syncAll(picked, { parts, options, config, database, surroundings });
    if (options.json) for (const row of rows) print(JSON.stringify(row));
    else print(table(rows.map(summary)));
    const isUndone = (row: RunRow) => row.state === 'failed' || row.state === 'abandoned';
    if (failed.length > 0 || rows.length < picked.length || rows.some(isUndone)) return 1;
    return rows.some((row) => row.state === 'partial') ? 3 : 0;
  } finally {
    await close();
  }
}

/** Asks the API for merchants unless all that are wanted are known. */
async function findAccounts(ids: string[], context: DiscoveryContext): ReturnType<typeof discoverAccounts> {
  const accounts = await knownAccounts(context.config, context.database);
  const allKnown = ids.length > 0 && ids.every((id) => accounts.some((account) => account.id === id));
  return allKnown ? { accounts, failed: [] } : discoverAccounts(context);
}

/** @throws UsageError for an id that is none of the accounts'. */
function chosen(accounts: readonly Account[], ids: string[]): readonly Account[] {
  const unknown = ids.filter((id) => !accounts.some((account) => account.id === id));
  if (unknown.length > 0) {
    const known = accounts.map((account) => account.id).join(', ');
    throw new UsageError(`not configured: ${unknown.join(', ')}; configured are: ${known}`);
  }
  return ids.length === 0 ? accounts : accounts.filter((account) => ids.includes(account.id));
}

type Syncing = {
  parts: SyncParts;
  options: SyncOptions;
  config: Config;
  database: Database;
  surroundings: Surroundings;
};

async function syncAll(
  accounts: readonly Account[],
  { parts, options, config, database, surroundings }: Syncing,
): Promise<RunRow[]> {
  const { log, signal } = surroundings;
  const acceptMissing = options.acceptMissing ?? false;
  const rows: RunRow[] = [];
  await pLimit(config.concurrency).map(accounts, async (account) => {
    try {
      const row = await syncWhenFree(account, { parts, acceptMissing, log, signal });
      logRun(log, row);
      rows.push(row);
      await noteOutcome(database, row);
    } catch (err) {
      log.error({ account: account.id, err }, err instanceof SyncError ? err.message : 'unexpected error');
    }
  });
  return rows.sort((a, b) => (a.account_id < b.account_id ? -1 : 1));
}

type Waiting = { parts: SyncParts; acceptMissing: boolean; log: Log; signal: AbortSignal };

/** While another run holds the account, waits: until it ends, or until its lease shows that its worker is dead. */
async function syncWhenFree(account: Account, { parts, acceptMissing, log, signal }: Waiting): Promise<RunRow> {
  const onProgress = (progress: Progress) => log.info({ account: account.id, ...progress }, 'under way');
  for (let attempt = 1; ; attempt += 1) {
    const row = await sync({ account, trigger: 'manual', acceptMissing, signal, onProgress }, parts);
    if (row !== null) return row;
    if (attempt === 1)
      log.info({ account: account.id }, 'another run of this account is under way; waiting for its end');
    await delay(LOCKED_RETRY_MS, undefined, { signal }).catch(() => {
      throw new SyncError('CANCELLED', `${account.id}: stopped while waiting for another run to end`);
    });
  }
}

function summary(row: RunRow) {
  return {
    account: row.account_id,
    state: row.state,
    seen: row.cases_seen,
    created: row.cases_created,
    updated: row.cases_updated,
    unchanged: row.cases_unchanged,
    missing: row.cases_missing,
    transitions: row.transitions_recorded,
    rejected: row.items_rejected,
    error: row.error_code ?? '',
  };
}
