import type { Log } from '../log.ts';
import { counted } from '../model/counted.ts';
import { outageKind } from '../store/postgres/outages.ts';
import type { Database } from '../store/postgres/pool.ts';
import { type RecentRuns, recentRuns } from '../store/runs/recent-runs.ts';
import { durationText } from './outage.ts';
import { runAtTimes } from './schedule.ts';

/** By the clock instead of by the start: restarts change nothing. */
const EVERY_HOUR = '0 * * * *';

/**
 * Logs once an hour how the runs of all workers went, also when nothing happened: a log without lines cannot be told
 * from a worker that stands still. Returns a function that stops this.
 */
export function startHourlyReport({
  database,
  log,
  timezone,
}: {
  database: Database;
  log: Log;
  timezone: string;
}): () => void {
  const report = async (): Promise<void> => {
    try {
      logHour(log, await recentRuns(database), Date.now());
    } catch (err) {
      const level = outageKind(err) === null ? 'error' : 'debug';
      log[level]({ err }, 'the hourly line could not be made');
    }
  };
  return runAtTimes({ schedule: EVERY_HOUR, timezone }, () => void report());
}

/** Logs the line of an hour: info, or a warning if an account is not fresh. `now` is in milliseconds. */
export function logHour(log: Pick<Log, 'info' | 'warn'>, hour: RecentRuns, now: number): void {
  const { accounts, paused, fresh, runs, failed, changes, oldest } = hour;
  const fields = { accounts, paused, fresh, runs, failed, changes, oldest };
  const parts = [
    `${fresh} of ${counted(accounts, 'account')} fresh`,
    ...(paused > 0 ? [`${paused} paused`] : []),
    `${counted(runs, 'run')} in the last hour`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    counted(changes, 'change'),
    ...(oldest === null ? [] : [`oldest success ${ageOf(oldest, now)}`]),
  ];
  log[fresh === accounts ? 'info' : 'warn'](fields, parts.join(', '));
}

function ageOf({ accountId, lastSuccessAt }: NonNullable<RecentRuns['oldest']>, now: number): string {
  if (lastSuccessAt === null) return `never (${accountId})`;
  return `${durationText(Math.max(0, now - lastSuccessAt.getTime()))} ago (${accountId})`;
}
