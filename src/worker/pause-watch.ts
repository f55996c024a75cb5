// Pauses hold in all replicas at once, because each run asks the database whether it may begin. The watch only tells the
// log, and starts the run of an account that was resumed.
import type { Log } from '../log.ts';
import { pausedText } from '../model/pause.ts';
import { currentPauses, resumedWithoutRun } from '../store/accounts/pauses.ts';
import type { Database } from '../store/postgres/pool.ts';
import type { RunQueue } from './queue.ts';
import { startSweep } from './sweep.ts';

const INTERVAL_MS = 5_000;

type Dependencies = { database: Database; queue: Pick<RunQueue, 'enqueue'>; log: Log };

/** Watches the pauses until the returned function is called. Logs each pause and each resumption once. */
export async function startPauseWatch({ database, queue, log }: Dependencies): Promise<() => void> {
  const told = new Set<string>();
  const watch = async (): Promise<void> => {
    await logChanges({ database, log, told });
    for (const { accountId, resumedAt } of await resumedWithoutRun(database)) {
      // The key makes it one run of all replicas. Repeated until the run has begun, because the queue refuses it while
      // another run of the account is under way.
      await queue.enqueue({ accountId, trigger: 'schedule' }, `resumed ${resumedAt.toISOString()}`);
    }
  };
  // At the start too, so that the log of a new worker says why some accounts are not read.
  await logChanges({ database, log, told });
  const texts = {
    failing: 'pauses of accounts cannot be read, so the runs of resumed accounts may begin late',
    again: 'pauses of accounts are read again',
  };
  return startSweep({ intervalMs: INTERVAL_MS, log, texts, work: watch });
}

async function logChanges({ database, log, told }: Omit<Dependencies, 'queue'> & { told: Set<string> }): Promise<void> {
  const pauses = await currentPauses(database);
  for (const pause of pauses) {
    const { accountId: account, since, reason } = pause;
    if (told.has(account)) continue;
    told.add(account);
    log.warn(
      { account, since, reason },
      `${pausedText(pause)} Its runs are left out until: cdd-sync resume ${account}`,
    );
  }
  for (const account of told) {
    if (pauses.some(({ accountId }) => accountId === account)) continue;
    told.delete(account);
    log.info({ account }, `${account} is not paused any more; its runs go on`);
  }
}
