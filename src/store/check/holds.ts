// Waits of accounts before their next request. `check` lists them, and ends those that are over.
import { type Hold, holdText } from '../../model/hold.ts';
import { closeBreaker, isBreakerClosed } from '../accounts/circuit-breaker.ts';
import { currentHolds, endHold } from '../accounts/rate-limit-holds.ts';
import type { Database } from '../postgres/pool.ts';
import { type Finding, finding } from './finding.ts';

/** Writes a time for people. */
type TimeOf = (at: Date) => string;

type Refused = { accountId: string; refusals: number; until: Date };

export type Holds = { takenAt: Date; held: Hold[]; refused: Refused[] };

/** The holds of the API (`Retry-After`), and the accounts that wait because their credentials were refused. */
export async function readHolds(database: Database): Promise<Holds> {
  const [clock] = await database.$queryRaw<{ now: Date }[]>`select now() as now`;
  const refused = await database.$queryRaw<Refused[]>`
    select id as "accountId", refusals, next_try_at as until
    from cdd.accounts
    where enabled and not ${isBreakerClosed}
    order by id`;
  return { takenAt: clock?.now ?? new Date(), held: await currentHolds(database), refused };
}

/** Ends all waits of accounts (or partners) that the API has answered since `before` was read. */
export async function endAnsweredHolds(
  database: Database,
  { host, answered, before, timeOf }: { host: string; answered: readonly string[]; before: Holds; timeOf: TimeOf },
): Promise<Finding[]> {
  for (const accountId of answered) {
    if (before.held.length > 0) await endHold(database, { host, accountId }, before.takenAt);
    await closeBreaker(database, accountId);
  }
  const after = await readHolds(database);
  const findings = [
    ...before.held
      .filter((one) => !after.held.some((other) => isSame(one, other)))
      .map((hold) => endedFinding(hold, timeOf)),
    ...after.held.map((hold) => finding('holds', 'warning', holdText(hold, timeOf))),
    ...before.refused
      .filter(({ accountId }) => answered.includes(accountId))
      .map(({ accountId }) =>
        finding(
          'holds',
          'ok',
          `${accountId} was refused several times and had to wait; it was accepted now, and the wait is ended`,
        ),
      ),
    ...after.refused.map(({ accountId, refusals, until }) =>
      finding(
        'holds',
        'warning',
        `${accountId} was refused ${refusals} times in a row; the worker tries again at ${timeOf(until)}`,
      ),
    ),
  ];
  return findings.length > 0 ? findings : [finding('holds', 'ok', 'every account may be asked now')];
}

function isSame(one: Hold, other: Hold): boolean {
  return one.host === other.host && one.accountId === other.accountId;
}

function endedFinding({ host, accountId, until }: Hold, timeOf: TimeOf): Finding {
  const message = `${accountId ?? host} had to wait until ${timeOf(until)}; the API has answered now, and the wait is ended`;
  return finding('holds', 'ok', message);
}
