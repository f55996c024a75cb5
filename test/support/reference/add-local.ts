import type { Instant } from './instant.ts';
import { clockOf } from './local-instant.ts';

const DAY_MS = 86_400_000;

/**
 * Adds calendar months and days to an instant in a time zone. The last day of a month stands in for days that it lacks.
 * A local time that occurs twice is the second one; one that does not occur is as much later as the clocks jump.
 */
export function addLocal(
  instant: Instant,
  { months = 0, days = 0 }: { months?: number; days?: number },
  timeZone: string,
): Instant {
  const ms = Math.floor(instant / 1000);
  const offsetAt = (at: number) => offsetOf(at, timeZone);
  const local = new Date(ms + offsetAt(ms));
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(local.getUTCDate(), lastDay) + days);
  const target = midnight + (local.getTime() % DAY_MS);
  const [before, after] = [target - offsetAt(target - DAY_MS), target - offsetAt(target + DAY_MS)];
  const result = after + offsetAt(after) === target ? after : before;
  return result * 1000 + (instant - ms * 1000);
}

/** Milliseconds that local time is ahead of UTC. */
function offsetOf(ms: number, timeZone: string): number {
  return clockOf(timeZone, ms) - Math.floor(ms / 1000) * 1000;
}
