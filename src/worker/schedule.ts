import type { Log } from '../log.ts';
import type { Account } from '../model/account.ts';
import { nextDue, parseCron } from '../schedule/due-times.ts';

/** Accounts on one schedule start at random moments within a tenth of its interval, but within a minute. */
const JITTER_SHARE = 0.1;
const MAX_JITTER_MS = 60_000;
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

function jitterOf(schedule: string, timezone: string): number {
  const cron = parseCron(schedule);
  const first = nextDue(cron, timezone, new Date());
  const second = nextDue(cron, timezone, first);
  return Math.min((second.getTime() - first.getTime()) * JITTER_SHARE, MAX_JITTER_MS);
}
