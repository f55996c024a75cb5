import { type Log, logRun } from '../log.ts';
import type { Account } from '../model/account.ts';
import type { RunRow } from '../model/run.ts';
import { SyncError } from '../model/sync-error.ts';
import { type SyncParts, sync } from '../sync/run.ts';
import type { Queue, RunRequest } from './queue.ts';
import { startSchedule } from './schedule.ts';

export type WorkerOptions = {
  timezone: string;
  concurrency: number;
  /** The accounts to sync, whenever it is asked: partners' merchants come and go. */
  accounts: () => readonly Account[];
  /** An account to sync; looks again for one that another replica has found. */
  accountFor: (accountId: string) => Promise<Account | undefined>;
  queue: Queue;
  parts: SyncParts;
  /** False for a disabled account, and while the circuit breaker of one is open. */
  mayTry: (accountId: string) => Promise<boolean>;
  /** Called with every run's row. */
  onRun: (row: RunRow) => Promise<void>;
  log: Log;
  /** Ends the worker; runs under way break off after the batch in hand. Its reason is a SyncError. */
  signal: AbortSignal;
};

export type Worker = {
  /** Puts the accounts of now on their schedules, and asks for a run of each that was not there before. */
  reschedule: () => Promise<void>;
  /** Resolves when the signal has aborted: nothing is asked for any more. Runs under way end with the queue. */
  ended: Promise<void>;
};

/** Asks for a run of every account at once and at each tick of its schedule, and does runs that anybody asked for. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { queue, log, signal, timezone } = options;
  let stopSchedule = async (): Promise<void> => {};
  let scheduled = '';
  const asked = new Set<string>();

  const ask = async (accountId: string, occasion?: string): Promise<void> => {
    try {
      await queue.ask({ accountId, trigger: 'schedule' }, occasion);
      asked.add(accountId);
    } catch (err) {
      // The database is away; the next tick asks again.
      log.warn({ account: accountId, err }, 'could not ask for a run');
    }
  };

  const reschedule = async (): Promise<void> => {
    const accounts = options.accounts();
    const wanted = JSON.stringify(accounts.map(({ id, schedule }) => [id, schedule]));
    // A schedule that is begun anew forgets the ticks that wait in their spread.
    if (wanted !== scheduled) {
      await stopSchedule();
      stopSchedule = await startSchedule(accounts, {
        timezone,
        tick: (accountId, scheduledFor) => void ask(accountId, scheduledFor.toISOString()),
        log,
      });
      scheduled = wanted;
      if (signal.aborted) await stopSchedule();
    }
    for (const { id } of accounts) {
      if (signal.aborted) return;
      if (!asked.has(id)) await ask(id);
    }
  };

  await queue.work(options.concurrency, (request, lost) => run(request, AbortSignal.any([signal, lost]), options));
  await reschedule();
  const ended = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  }).then(() => stopSchedule());
  return { reschedule, ended };
}

/**
 * Does one job.
 * @throws SyncError when the queue should give the job out again: the account is locked, or the run failed with
 * something that may pass.
 */
async function run({ accountId, trigger }: RunRequest, signal: AbortSignal, options: WorkerOptions): Promise<void> {
  const { log, parts, mayTry, onRun } = options;
  if (!(await mayTry(accountId))) return;
  const account = await options.accountFor(accountId);
  if (account === undefined) {
    const message = `${accountId}: not in this replica's configuration; another one's job`;
    throw new SyncError('NOT_FOUND', message, { retryable: true });
  }
  const row = await sync({ account, trigger, acceptMissing: false, signal }, parts);
  if (row === null) {
    throw new SyncError('DATABASE', `${accountId}: another run of this account is under way`, { retryable: true });
  }
  logRun(log, row);
  await onRun(row);
  if (row.state === 'failed' && mayPass(row)) {
    throw new SyncError(row.error_code ?? 'HTTP', row.error_message ?? '', { retryable: true });
  }
}

/** Whether it makes sense to try a failed run again before its account's next tick. */
function mayPass({ error_code: code }: RunRow): boolean {
  return (
    code === 'NETWORK' || code === 'TIMEOUT' || code === 'DATABASE' || code === 'TRUNCATED' || code === 'CANCELLED'
  );
}
