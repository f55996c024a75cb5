import { schedule as scheduleTask } from 'node-cron';
import type { Account } from '../account.ts';
import type { Log } from '../log.ts';

/** Calls `tick` for each account at the times of its schedule. Gives a function that ends this. */
export function startSchedule(
  accounts: readonly Account[],
  { timezone, tick, log }: { timezone: string; tick: (accountId: string) => void; log: Log },
): () => Promise<void> {
  const tasks = accounts.map((account) =>
    scheduleTask(account.schedule, () => tick(account.id), {
      timezone,
      name: account.id,
      // A tick that the machine slept through needs no mention: the next one reads everything.
      suppressMissedWarning: true,
      logger: {
        info: log.debug.bind(log),
        warn: log.warn.bind(log),
        error: log.error.bind(log),
        debug: log.debug.bind(log),
      },
    }),
  );
  return async () => {
    await Promise.all(tasks.map((task) => task.destroy()));
  };
}
