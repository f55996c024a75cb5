import { createTask, type ScheduledTask } from 'node-cron';
import type { Log } from '../log.ts';
import type { Account } from '../model/account.ts';

/** Hundreds of accounts on one schedule are spread over a tenth of its interval, but no more than a minute. */
const SPREAD_SHARE = 0.1;
const LONGEST_SPREAD_MS = 60_000;

export type Ticks = {
  timezone: string;
  /** Called at each tick with its time as scheduled, which is the same in all replicas. Must not reject. */
  tick: (accountId: string, scheduledFor: Date) => void;
  log: Log;
};

/** Calls `tick` for each account at the times of its schedule. Gives a function that ends this. */
export async function startSchedule(accounts: readonly Account[], ticks: Ticks): Promise<() => Promise<void>> {
  const spreads = new Map<string, number>();
  const tasks: ScheduledTask[] = [];
  for (const account of accounts) {
    const spread = spreads.get(account.schedule) ?? (await spreadOf(account.schedule, ticks));
    spreads.set(account.schedule, spread);
    const task = taskOf(account, ticks, accounts.length > 1 ? spread : 0);
    await task.start();
    tasks.push(task);
  }
  return async () => {
    await Promise.all(tasks.map((task) => task.destroy()));
  };
}

function taskOf({ id, schedule }: Account, { timezone, tick, log }: Ticks, maxRandomDelay: number): ScheduledTask {
  return createTask(schedule, (context) => tick(id, context.date), {
    timezone,
    name: id,
    maxRandomDelay,
    // A process that is busy for a moment is late, and does the tick all the same.
    missedExecutionTolerance: 30_000,
    // A tick that the machine slept through needs no mention: the next one reads everything.
    suppressMissedWarning: true,
    logger: {
      info: (message) => log.debug(message),
      warn: (message) => log.warn(message),
      error: (message) => log.error(String(message)),
      debug: (message) => log.debug(String(message)),
    },
  });
}

/** How long at most passes between two ticks of a schedule, looking at the next ten; whole seconds. */
export async function longestIntervalSeconds(schedule: string): Promise<number> {
  const probe = createTask(schedule, () => {});
  const times = probe.getNextRuns(11).map((run) => run.getTime());
  await probe.destroy();
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return Math.max(1, ...gaps.map((gap) => Math.round(gap / 1000)));
}

async function spreadOf(schedule: string, { timezone }: Ticks): Promise<number> {
  const probe = createTask(schedule, () => {}, { timezone });
  const [first, second] = probe.getNextRuns(2);
  await probe.destroy();
  if (first === undefined || second === undefined) return 0;
  return Math.min((second.getTime() - first.getTime()) * SPREAD_SHARE, LONGEST_SPREAD_MS);
}
