import { createTask, type ScheduledTask } from 'node-cron';
import type { Log } from '../log.ts';
import type { Account } from '../model/account.ts';

/** Accounts on one schedule start at random moments within a tenth of its interval, but within a minute. */
const JITTER_SHARE = 0.1;
const MAX_JITTER_MS = 60_000;
/** Number of next ticks from which a schedule's longest interval is computed. */
const TICKS_SAMPLED = 11;

export type ScheduleOptions = {
  timezone: string;
  /** Called at each tick. `scheduledFor` is the time without jitter, the same in all replicas. Must not reject. */
  onTick: (accountId: string, scheduledFor: Date) => void;
  log: Log;
};

/** Calls `onTick` for each account at the times of its cron expression. Returns a function that stops this. */
export async function startSchedule(
  accounts: readonly Account[],
  options: ScheduleOptions,
): Promise<() => Promise<void>> {
  const tasks: ScheduledTask[] = [];
  for (const [schedule, group] of Map.groupBy(accounts, (account) => account.schedule)) {
    const maxJitterMs = accounts.length > 1 ? await jitterOf(schedule, options) : 0;
    tasks.push(...group.map((account) => createAccountTask(account, options, maxJitterMs)));
  }
  for (const task of tasks) await task.start();
  return async () => {
    await Promise.all(tasks.map((task) => task.destroy()));
  };
}

function createAccountTask(
  { id, schedule }: Account,
  { timezone, onTick, log }: ScheduleOptions,
  maxRandomDelay: number,
): ScheduledTask {
  return createTask(schedule, (context) => onTick(id, context.date), {
    timezone,
    name: id,
    maxRandomDelay,
    // A busy event loop may be late; the tick is still done.
    missedExecutionTolerance: 30_000,
    // Ticks missed while the machine slept are not worth a warning: the next run reads everything.
    suppressMissedWarning: true,
    logger: {
      info: (message) => log.debug(message),
      warn: (message) => log.warn(message),
      error: (message) => log.error(String(message)),
      debug: (message) => log.debug(String(message)),
    },
  });
}

/** The longest time between two of a schedule's next ticks, in whole seconds. */
export async function longestIntervalSeconds(schedule: string): Promise<number> {
  const times = (await nextTicks(schedule, TICKS_SAMPLED)).map((tick) => tick.getTime());
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return Math.max(1, ...gaps.map((gap) => Math.round(gap / 1000)));
}

async function jitterOf(schedule: string, { timezone }: ScheduleOptions): Promise<number> {
  const [first, second] = await nextTicks(schedule, 2, timezone);
  if (first === undefined || second === undefined) return 0;
  return Math.min((second.getTime() - first.getTime()) * JITTER_SHARE, MAX_JITTER_MS);
}

async function nextTicks(schedule: string, count: number, timezone?: string): Promise<Date[]> {
  const task = createTask(schedule, () => {}, timezone === undefined ? {} : { timezone });
  const ticks = task.getNextRuns(count);
  await task.destroy();
  return ticks;
}
