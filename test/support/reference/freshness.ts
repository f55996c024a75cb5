import { type Instant, MINUTE, SECOND } from './instant.ts';
import type { Row } from './row.ts';

/** A row of cdd.sync_runs. */
export type Run = Row & {
  account_id: string;
  state: string;
  started_at: Instant;
  finished_at: Instant | null;
  error_code: string | null;
};

export type FreshAccount = {
  id: string;
  label: string | null;
  lastSuccessAt: Instant | null;
  /** When the account was added; it is due at once. */
  addedAt: Instant;
  /** The first time after an instant at which a run is due by the account's schedule. */
  dueAfter: (instant: Instant) => Instant;
  /** Number of cases that are not missing. */
  cases: number;
};

/** Computes a row of reporting.sync_runs. */
export function runRow(run: Run, now: Instant): Row {
  return { ...run, duration_seconds: ((run.finished_at ?? now) - run.started_at) / SECOND };
}

/** Computes a row of reporting.sync_freshness. */
export function freshnessRow(account: FreshAccount, runs: readonly Run[], now: Instant): Row {
  const newestFirst = runs
    .filter((run) => run.account_id === account.id)
    .toSorted((one, other) => other.started_at - one.started_at);
  const last = newestFirst[0];
  const failures = failuresOf(newestFirst);
  // Stopping a worker is no failure of the account.
  const ofAccount = failures.filter(({ error_code }) => error_code !== 'CANCELLED');
  const sinceSuccess = account.lastSuccessAt === null ? null : (now - account.lastSuccessAt) / SECOND;
  return {
    account_id: account.id,
    account_label: account.label,
    last_success_at: account.lastSuccessAt,
    minutes_since_success: sinceSuccess === null ? null : sinceSuccess / 60,
    last_state: last?.state ?? null,
    last_error_code: last?.error_code ?? null,
    consecutive_failures: failures.length,
    failures: ofAccount.length,
    failure_code: ofAccount[0]?.error_code ?? null,
    cases: account.cases,
    ...latenessOf(account, now),
    paused_since: null,
  };
}

/** Judges an account by all times up to now at which a run was due; without any success only by the first. */
export function latenessOf(
  { lastSuccessAt, addedAt, dueAfter }: Pick<FreshAccount, 'lastSuccessAt' | 'addedAt' | 'dueAfter'>,
  now: Instant,
): Row {
  const due = [lastSuccessAt === null ? addedAt : dueAfter(lastSuccessAt)];
  for (let next = due[0] ?? now; next < now && due.length < 5; ) {
    next = dueAfter(next);
    due.push(next);
  }
  const late = Math.max(0, now - (due[0] ?? now));
  const missed = due.filter((time) => time < now).length;
  const hasMissedEnough = lastSuccessAt === null || missed > 3;
  return {
    next_due_at: due[0] ?? null,
    late_by_minutes: late / MINUTE,
    is_stale: hasMissedEnough && late > 15 * MINUTE,
  };
}

/** The failed and abandoned runs since the last one that read a whole list, the newest first. */
function failuresOf(newestFirst: readonly Run[]): Run[] {
  const success = newestFirst.findIndex(({ state }) => state === 'succeeded' || state === 'partial');
  const since = success === -1 ? newestFirst : newestFirst.slice(0, success);
  return since.filter(({ state }) => state === 'failed' || state === 'abandoned');
}
