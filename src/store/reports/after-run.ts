import type { RunRow } from '../../model/run.ts';
import { DatabaseError } from '../postgres/errors.ts';
import type { Database } from '../postgres/pool.ts';
import { recordFailure } from './failures.ts';
import { refreshStatistics } from './planner-statistics.ts';
import { readFactsAgain } from './read-facts-again.ts';

/** After a change of reports.facts, each run goes on with reading all cases again for that long: some 50,000 cases. */
const FACTS_MS = 20_000;

/** A change of state of an account's reports, for the log. `code` is a SQLSTATE or the name of a network error. */
export type ReportNews = { level: 'info' | 'warn' | 'error'; code: string | null; text: string };

/**
 * Updates the planner's statistics, the roll-ups and facts after a run. Never rejects, because the run itself is saved. A
 * failed roll-up is recorded for cdd.failed_reports, and the next run tries again. `tell` is called when the failures
 * begin, when their reason changes, once an hour while they last, and when they are over.
 */
export async function updateReports(database: Database, row: RunRow, tell: (news: ReportNews) => void): Promise<void> {
  const { account_id: accountId } = row;
  await refreshStatistics(database, row).catch((error: unknown) => {
    const { code, message } = reasonOf(error);
    const text = `${accountId}: the planner's statistics could not be updated; queries may be slow until autovacuum does it: ${message}`;
    tell({ level: 'warn', code, text });
  });
  try {
    const failingSince = await rollUp(database, accountId);
    if (failingSince !== null) {
      const text = `${accountId}: the reports are up to date again; they had stood still since ${failingSince.toISOString()}`;
      tell({ level: 'info', code: null, text });
    }
  } catch (error) {
    await tellFailure(database, accountId, { reason: reasonOf(error), tell });
  }
  await readFactsAgain(database, { milliseconds: FACTS_MS }).catch((error: unknown) => {
    const { code, message } = reasonOf(error);
    const text = `${accountId}: facts could not be read again after reports.facts changed; the next run goes on: ${message}`;
    tell({ level: 'warn', code, text });
  });
}

/**
 * Updates the roll-ups of an account for all changes since the last time. Returns the time since which this had failed;
 * null = it had not.
 */
export async function rollUp(database: Database, accountId: string): Promise<Date | null> {
  // The subquery sees the row as it was before the function cleared it: one statement has one snapshot.
  const [before] = await database.$queryRaw<{ failingSince: Date | null }[]>`
    select
      cdd.roll_up(${accountId})::text,
      (select failing_since from cdd.roll_ups where account_id = ${accountId}) as "failingSince"`;
  return before?.failingSince ?? null;
}

type Reason = { code: string | null; message: string };

function reasonOf(error: unknown): Reason {
  const code = error instanceof DatabaseError ? error.sqlState : null;
  return { code, message: error instanceof Error ? error.message : String(error) };
}

async function tellFailure(
  database: Database,
  accountId: string,
  { reason, tell }: { reason: Reason; tell: (news: ReportNews) => void },
): Promise<void> {
  const { code, message } = reason;
  try {
    const { since, isTold } = await recordFailure(database, accountId, reason);
    if (isTold) return;
    const text = `${accountId}: the reports could not be updated and stand still since ${since.toISOString()}; every run tries again: ${message}`;
    tell({ level: 'error', code, text });
  } catch (error) {
    const text = `${accountId}: the reports could not be updated, and the next run tries again: ${message} This could not be recorded: ${reasonOf(error).message}`;
    tell({ level: 'error', code, text });
  }
}
