import type { Database } from '../postgres/pool.ts';
import { type Finding, finding } from './finding.ts';

const WARNING_MS = 5_000;
/** From here on, recorded times are wrong by more than a report may show. */
const PROBLEM_MS = 60_000;

/** Compares the clock of the database with this machine's. */
export async function checkClock(database: Database): Promise<Finding> {
  return clockFinding('clock', 'the database', await clockDifference(database));
}

/** Milliseconds by which the server is ahead of this machine: the measurement with the shortest round trip of three. */
async function clockDifference(database: Database): Promise<number> {
  const measured: { aheadMs: number; roundTripMs: number }[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const before = Date.now();
    const [row] = await database.$queryRaw<{ ms: number }[]>`
      select (extract(epoch from clock_timestamp()) * 1000)::double precision as ms`;
    const after = Date.now();
    measured.push({ aheadMs: (row?.ms ?? before) - (before + after) / 2, roundTripMs: after - before });
  }
  measured.sort((a, b) => a.roundTripMs - b.roundTripMs);
  return measured[0]?.aheadMs ?? 0;
}

/** Compares another clock with this machine's. */
export function clockFinding(check: string, other: string, aheadMs: number): Finding {
  const difference = Math.abs(aheadMs);
  if (difference < WARNING_MS) return finding(check, 'ok', `${other} and this machine agree on the time`);
  return finding(
    check,
    difference < PROBLEM_MS ? 'warning' : 'problem',
    `the clock of ${other} is ${Math.round(difference / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's; ` +
      'set the wrong one right, and keep it right with NTP: recorded times are those of the database, schedules those of this machine',
  );
}
