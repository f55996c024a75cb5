import type { Log } from '../log.ts';
import type { Account } from '../model/account.ts';
import { type CronTimes, nextDue, parseCron } from './due-times.ts';

/** Accounts on one schedule start at random moments within a tenth of its interval, but within a minute. */
const JITTER_SHARE = 0.1;
const MAX_JITTER_MS = 60_000;
/** Number of next ticks from which a schedule's longest interval is computed. */
const TICKS_SAMPLED = 11;
/** The clock is read at least this often: it may be set, and timers stand still while the machine sleeps. */
const MAX_SLEEP_MS = 30_000;

export type ScheduleOptions = {
  timezone: string;
  /** Called at each tick. `scheduledFor` is the time without jitter, the same in all replicas. Must not reject. */
  onTick: (accountId: string, scheduledFor: Date) => void;
  log: Pick<Log, 'debug'>;
};

/** Calls `onTick` for each account at the times of its cron expression. Returns a function that stops this. */
export function startSchedule(
  accounts: readonly Pick<Account, 'id' | 'schedule'>[],
  { timezone, onTick, log }: ScheduleOptions,
): () => void {
  const delays = new Set<NodeJS.Timeout>();
  const stops = [...Map.groupBy(accounts, ({ schedule }) => schedule)].map(([schedule, group]) => {
    const maxJitterMs = accounts.length > 1 ? jitterOf(schedule, timezone) : 0;
    return runAtTimes({ schedule, timezone }, (scheduledFor) => {
      log.debug({ schedule, scheduledFor, accounts: group.length }, 'tick');
      for (const { id } of group) {
        const delay = setTimeout(() => {
          delays.delete(delay);
          onTick(id, scheduledFor);
        }, Math.random() * maxJitterMs);
        delays.add(delay);
      }
    });
  });
  return () => {
    for (const stop of stops) stop();
    for (const delay of delays) clearTimeout(delay);
  };
}

/**
 * Calls `onDue` at each due time of a cron expression; of several that were missed, only for the first, and late.
 * `onDue` must not throw. Returns a function that stops this.
 */
export function runAtTimes(
  { schedule, timezone }: { schedule: string; timezone: string },
  onDue: (scheduledFor: Date) => void,
): () => void {
  const cron = parseCron(schedule);
  let due = nextDue(cron, timezone, new Date());
  let timer: NodeJS.Timeout;
  const sleep = (): void => {
    timer = setTimeout(wake, Math.min(Math.max(due.getTime() - Date.now(), 1), MAX_SLEEP_MS));
  };
  const wake = (): void => {
    const now = new Date();
    if (now >= due) onDue(due);
    // Also when nothing was due: a clock that was set back makes earlier times due.
    due = nextDue(cron, timezone, now);
    sleep();
  };
  sleep();
  return () => clearTimeout(timer);
}

/** The longest time between two of a schedule's next ticks, in whole seconds. */
export function longestIntervalSeconds(schedule: string): number {
  // In UTC, so that a change of the clocks is no interval of the schedule.
  const times = nextTicks(parseCron(schedule), TICKS_SAMPLED, 'UTC').map((tick) => tick.getTime());
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return Math.max(1, ...gaps.map((gap) => Math.round(gap / 1000)));
}

function jitterOf(schedule: string, timezone: string): number {
  const [first, second] = nextTicks(parseCron(schedule), 2, timezone);
  if (first === undefined || second === undefined) return 0;
  return Math.min((second.getTime() - first.getTime()) * JITTER_SHARE, MAX_JITTER_MS);
}

function nextTicks(cron: CronTimes, count: number, timezone: string): Date[] {
  const ticks: Date[] = [];
  while (ticks.length < count) ticks.push(nextDue(cron, timezone, ticks.at(-1) ?? new Date()));
  return ticks;
}
