import { nextDue, parseCron } from '../../../src/schedule/due-times.ts';
import type { Instant } from './instant.ts';

/** The due times of a schedule on the reference's time axis; due-times.test.ts tests nextDue itself. */
export function dueAfter(schedule: string, timezone: string): (instant: Instant) => Instant {
  const cron = parseCron(schedule);
  return (instant) => nextDue(cron, timezone, new Date(Math.floor(instant / 1000))).getTime() * 1000;
}
