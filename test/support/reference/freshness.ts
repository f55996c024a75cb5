import { type Instant, SECOND } from './instant.ts';
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
  /** Seconds between two scheduled runs. */
  intervalSeconds: number;
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
  const sinceSuccess = account.lastSuccessAt === null ? null : (now - account.lastSuccessAt) / SECOND;
  return {
    account_id: account.id,
    account_label: account.label,
    last_success_at: account.lastSuccessAt,
    minutes_since_success: sinceSuccess === null ? null : sinceSuccess / 60,
    last_state: last?.state ?? null,
    last_error_code: last?.error_code ?? null,
    consecutive_failures: failuresOf(newestFirst),
    cases: account.cases,
    is_stale: sinceSuccess === null || sinceSuccess > 3 * account.intervalSeconds,
  };
}

/** Counts the failed and abandoned runs since the last one that read a whole list. */
function failuresOf(newestFirst: readonly Run[]): number {
  const success = newestFirst.findIndex(({ state }) => state === 'succeeded' || state === 'partial');
  const since = success === -1 ? newestFirst : newestFirst.slice(0, success);
  return since.filter(({ state }) => state === 'failed' || state === 'abandoned').length;
}
