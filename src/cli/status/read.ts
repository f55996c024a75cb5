import type { Hold } from '../../model/hold.ts';
import type { Clock } from '../../model/time-text.ts';
import type { Need } from '../../pages/overview/attention.ts';
import { readCaseFigures } from '../../pages/overview/case-figures.ts';
import { caseNeeds, readOtherNeeds } from '../../pages/overview/needs.ts';
import { periodOf } from '../../pages/overview/period.ts';
import { isInScope, type Scope, scopeOf } from '../../pages/overview/scope.ts';
import { readAs } from '../../pages/viewer.ts';
import { currentHolds } from '../../store/accounts/rate-limit-holds.ts';
import { type Running, readWorkers, type Worker } from '../../store/check/workers.ts';
import type { Database, Transaction } from '../../store/postgres/pool.ts';
import { readClock } from '../../store/reports/clock.ts';
import { limitedRole } from '../../store/reports/limited-role.ts';
import { type AccountStatus, accountStatus, casesByStatus, type StatusCount } from '../../store/runs/status.ts';
import { QUEUE_SCHEMA } from '../../worker/queue.ts';
import { nextRunAt } from './next-run.ts';

/** An account with its status, under the names of the pages. */
export type ShownAccount = AccountStatus & {
  account_label: string | null;
  late_by: number | null;
  /** When a worker runs it next; in the past if none did. Null if it is not read. */
  next_run_at: Date | null;
};

export type Status = {
  clock: Clock;
  accounts: readonly ShownAccount[];
  /** The accounts that the verdict is about: those for tests are not among them, unless there are no others. */
  counted: readonly ShownAccount[];
  needs: readonly Need[];
  counts: readonly StatusCount[];
  holds: readonly Hold[];
  /** Null if the role may not see them. */
  workers: readonly Worker[] | null;
  runs: readonly Running[];
  /** The role, if its grants hide accounts from it: needs are read as the pages read them, by grants. */
  limitedRole: string | null;
};

/** Longer than a page's: a person at a terminal waits, and a program has its own limit. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** The figures of a period are not shown; the shortest reads the fewest cases. */
const PERIOD_DAYS = 30;

/** Everything that `status` says, of one moment. */
export async function readStatus(database: Database, signal: AbortSignal): Promise<Status> {
  const clock = await readClock(database);
  const { timezone } = clock;
  return readAs(database, { role: null, timezone, limitMs: STATEMENT_TIMEOUT_MS, signal }, async (tx) => {
    const holds = await currentHolds(tx);
    const accounts = (await accountStatus(tx)).map((account) => ({
      ...account,
      account_label: account.label,
      late_by: account.late_by_minutes,
      next_run_at: nextRunAt(account, { holds, now: clock.now }),
    }));
    const scope = scopeOf(
      { accountId: null },
      accounts.map(({ account_id: id, label }) => ({ id, label })),
    );
    const { workers, runs } = await readWorkers(tx, QUEUE_SCHEMA);
    const asked = { scope, clock, accounts, workers: workers === null ? null : workers.length };
    return {
      clock,
      accounts,
      counted: accounts.filter(({ account_id }) => isInScope(scope, account_id)),
      needs: accounts.length === 0 ? [] : await readNeeds(tx, asked),
      counts: await casesByStatus(tx),
      holds,
      workers,
      runs,
      limitedRole: await limitedRole(tx),
    };
  });
}

type Asked = { scope: Scope; clock: Clock; accounts: readonly ShownAccount[]; workers: number | null };

/** The needs of the pages' overview. */
async function readNeeds(tx: Transaction, { scope, clock, accounts, workers }: Asked): Promise<Need[]> {
  const figures = await readCaseFigures(tx, scope, periodOf(PERIOD_DAYS, clock));
  return [...(await readOtherNeeds({ tx, scope, clock, workers }, accounts)), ...caseNeeds(figures, { scope, clock })];
}
