import type { DueTimes, Schedule } from '../model/due-times.ts';
import { type CronTimes, nextDue, parseCron } from './due-times.ts';

const MINUTES_LATE = 15;
const INTERVALS_LATE = 3;

/**
 * The rule by which an account is stale: its first run after the last success is late by three intervals of the
 * schedule or by 15 minutes, whichever is more. Intervals are those between the times at which runs are really due, so
 * a schedule of office hours is not stale at night.
 */
export function dueTimesAfter(schedule: Schedule, lastSuccessAt: Date): DueTimes {
  const nextDueAt = dueAfter(schedule, lastSuccessAt);
  return { nextDueAt, staleAt: staleAfter(schedule, nextDueAt, nextDueAt) };
}

/**
 * The due times of an account after a change of its schedule at `now`. A run that is late by the old schedule stays
 * late; a run that was not due yet is due by the new one.
 */
export function dueTimesAfterChange(schedule: Schedule, { nextDueAt, staleAt }: DueTimes, now: Date): DueTimes {
  if (nextDueAt > now) return dueTimesAfter(schedule, now);
  return { nextDueAt, staleAt: staleAt > now ? staleAfter(schedule, nextDueAt, now) : staleAt };
}

/** The third due time after `countedFrom`, but at least 15 minutes after the first run was due. */
function staleAfter(schedule: Schedule, nextDueAt: Date, countedFrom: Date): Date {
  let due = countedFrom;
  for (let count = 0; count < INTERVALS_LATE; count += 1) due = dueAfter(schedule, due);
  return new Date(Math.max(due.getTime(), nextDueAt.getTime() + MINUTES_LATE * 60_000));
}

/** Parsed expressions: a configuration has few different ones, and every run asks for its account's. */
const parsed = new Map<string, CronTimes>();

/** The first time after an instant at which a run is due. */
export function dueAfter({ schedule, timezone }: Schedule, after: Date): Date {
  const cron = parsed.get(schedule) ?? parseCron(schedule);
  parsed.set(schedule, cron);
  return nextDue(cron, timezone, after);
}
