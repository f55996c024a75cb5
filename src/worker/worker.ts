import { type RunTrigger, SyncError } from '../case.ts';
import type { Config } from '../config.ts';
import { type Log, logRun } from '../log.ts';
import type { RunRow } from '../run.ts';
import { type SyncParts, sync } from '../sync.ts';
import { createQueue } from './queue.ts';
import { startSchedule } from './schedule.ts';

export type WorkerOptions = {
  config: Config;
  parts: SyncParts;
  log: Log;
  /** Ends the worker; runs under way break off after the batch in hand. Its reason is a SyncError. */
  signal: AbortSignal;
  onRun?: (row: RunRow) => void;
};

/**
 * Syncs every account at once, then on its schedule, until the signal aborts; resolves when the last run is closed.
 */
export async function work({ config, parts, log, signal, onRun }: WorkerOptions): Promise<void> {
  const accounts = new Map(config.accounts.map((account) => [account.id, account]));

  const run = async (accountId: string, trigger: RunTrigger): Promise<void> => {
    const account = accounts.get(accountId);
    if (account === undefined || signal.aborted) return;
    try {
      const row = await sync({ account, trigger, acceptMissing: false, signal }, parts);
      if (row === null) {
        log.debug({ account: accountId }, 'another process is syncing this account');
        return;
      }
      logRun(log, row);
      onRun?.(row);
    } catch (err) {
      // One account's trouble ends neither the worker nor another account's run.
      const message = err instanceof SyncError ? err.message : 'unexpected error';
      log.error({ account: accountId, err }, message);
    }
  };

  const queue = createQueue({ concurrency: config.concurrency, run });
  const stopSchedule = startSchedule(config.accounts, {
    timezone: config.timezone,
    tick: (accountId) => queue.add(accountId, 'schedule'),
    log,
  });
  for (const account of config.accounts) queue.add(account.id, 'schedule');
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await stopSchedule();
  await queue.idle();
}
