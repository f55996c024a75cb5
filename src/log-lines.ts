// The lines of the log about runs: `sync` and the worker log the same ones.
import type { Log } from './log.ts';
import { holdText } from './model/hold.ts';
import { durationSeconds, type RunRow } from './model/run.ts';

/**
 * Logs a closed run: error or warning if it was not a success, info if something changed, else debug. `isNews` is false
 * for a problem that the log already has: it is at debug.
 */
export function logRun(log: Log, row: RunRow, { isNews = true }: { isNews?: boolean } = {}): void {
  const { account_id: account, state, error_code: code, error_message: message } = row;
  const counts = { ...nonZeroCounts(row), seconds: durationSeconds(row) };
  if (state === 'failed' || state === 'abandoned') {
    log[isNews ? 'error' : 'debug']({ account, code }, message ?? state);
  } else if (state === 'partial' && isNews) {
    log.warn(
      { account, ...counts, ...(code !== null && { code }) },
      message ?? 'partial: some items could not be read; cdd-sync rejected shows them',
    );
  } else if (counts.created || counts.updated || counts.missing || counts.returned) {
    log.info({ account, ...counts }, 'synced');
  } else {
    log.debug({ account, ...counts }, row.not_modified ? 'not modified' : 'unchanged');
  }
}

/** Paths in one line of the log; the others are only counted. */
const MAX_PATHS = 10;

/** Logs the problems of cases that a run recorded, by their path: one line, however many cases have them. */
export function logProblems(log: Log, account: string, problems: ReadonlyMap<string, number>): void {
  const byNumber = [...problems].sort(([, one], [, other]) => other - one);
  const total = byNumber.reduce((sum, [, count]) => sum + count, 0);
  const paths = Object.fromEntries(byNumber.slice(0, MAX_PATHS).map(([path, count]) => [path || 'others', count]));
  const rest = byNumber.length - MAX_PATHS;
  log.warn(
    { account, problems: total, paths, ...(rest > 0 && { morePaths: rest }) },
    `${account}: ${total} fields of cases are not as the API documents them; the cases are saved, and reporting.case_problems names the places`,
  );
}

function nonZeroCounts(row: RunRow) {
  const counts = {
    seen: row.cases_seen,
    created: row.cases_created,
    updated: row.cases_updated,
    missing: row.cases_missing,
    returned: row.cases_returned,
    heldBack: row.missing_held_back,
    transitions: row.transitions_recorded,
    rejected: row.items_rejected,
    retries: row.retries,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) as Partial<typeof counts>;
}

/** Returns a function that logs once, not for every run, that facts are recorded in the future. Null = they are not. */
export function createClockWarning(log: Log | undefined): (until: Date | null) => void {
  let isAhead = false;
  return (until) => {
    if (until !== null && !isAhead) {
      const text = `the database's clock was ahead: until ${until.toISOString()} all facts are recorded just after that time; make sure that the clock of the server is synchronized (NTP)`;
      log?.warn({ until }, text);
    }
    isAhead = until !== null;
  };
}

/** Logs that requests begin to wait, or go on, because of a `Retry-After`. */
export function logHoldChange(
  log: Log,
  host: string,
  { accountId, until }: { accountId: string | null; until: Date | null },
): void {
  const fields = { host, ...(accountId !== null && { account: accountId }) };
  const subject = accountId ?? 'All accounts';
  if (until === null)
    log.info(fields, `${subject}: requests to ${host} go on, the wait that the API asked for is over`);
  else log.warn({ ...fields, until }, holdText({ host, accountId, until }));
}
