import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from '../account.ts';
import { SyncError } from '../case.ts';
import { openParts } from '../compose.ts';
import type { Config } from '../config.ts';
import { type Log, logRun } from '../log.ts';
import type { Progress, RunRow } from '../run.ts';
import { keepAccounts } from '../store/accounts.ts';
import { migrate } from '../store/migrate.ts';
import { type SyncParts, sync } from '../sync.ts';
import { table } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { createQueue } from '../worker/queue.ts';

export type SyncOptions = { account?: string[]; json?: boolean; acceptMissing?: boolean };

type Surroundings = { log: Log; signal: AbortSignal; print: (line: string) => void };

const LOCKED_RETRY_MS = 1000;

/** One run per account, now. Exit code 1 when one did not finish, 3 when all finished and some are partial. */
export async function runSync(config: Config, options: SyncOptions, surroundings: Surroundings): Promise<number> {
  const { log, print } = surroundings;
  const accounts = chosen(config, options.account ?? []);
  const { url, database, parts, close } = await openParts(config, log);
  try {
    await migrate(url);
    await keepAccounts(database, config.accounts);
    const rows = await syncAll(accounts, { parts, options, config, surroundings });
    if (options.json) for (const row of rows) print(JSON.stringify(row));
    else print(table(rows.map(summary)));
    if (rows.length < accounts.length || rows.some((row) => row.state === 'failed' || row.state === 'abandoned'))
      return 1;
    return rows.some((row) => row.state === 'partial') ? 3 : 0;
  } finally {
    await close();
  }
}

/** @throws UsageError for an account that is not configured. */
function chosen(config: Config, ids: string[]): readonly Account[] {
  const unknown = ids.filter((id) => !config.accounts.some((account) => account.id === id));
  if (unknown.length > 0) {
    const known = config.accounts.map((account) => account.id).join(', ');
    throw new UsageError(`not configured: ${unknown.join(', ')}; configured are: ${known}`);
  }
  return ids.length === 0 ? config.accounts : config.accounts.filter((account) => ids.includes(account.id));
}

type Syncing = { parts: SyncParts; options: SyncOptions; config: Config; surroundings: Surroundings };

async function syncAll(
  accounts: readonly Account[],
  { parts, options, config, surroundings }: Syncing,
): Promise<RunRow[]> {
  const { log, signal } = surroundings;
  const rows: RunRow[] = [];
  const queue = createQueue({
    concurrency: config.concurrency,
    run: async (accountId) => {
      const account = accounts.find(({ id }) => id === accountId);
      if (account === undefined) return;
      try {
        const row = await syncWhenFree(account, { parts, acceptMissing: options.acceptMissing ?? false, log, signal });
        logRun(log, row);
        rows.push(row);
      } catch (err) {
        log.error({ account: accountId, err }, err instanceof SyncError ? err.message : 'unexpected error');
      }
    },
  });
  for (const account of accounts) queue.add(account.id, 'manual');
  await queue.idle();
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
