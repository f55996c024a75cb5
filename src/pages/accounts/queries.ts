import type { NamedAccount } from '../../model/account-state.ts';
import type { Transaction } from '../../store/postgres/pool.ts';

export type Account = NamedAccount & {
  environment: string;
  partner_id: string | null;
  paused_by: string | null;
  first_read_at: Date | null;
  /** When the first run after the last success is due: in the past if that run failed. */
  next_due_at: Date | null;
};

/** The figures of an account; of roll-ups and runs, so that a thousand accounts take no longer than their cases would. */
type Figures = {
  /** Cases in the list; null before the first roll-up. */
  cases: number | null;
  open_cases: number | null;
  runs: number;
  failed_runs: number;
  /** Runs that read the list, in each of the last 24 hours, the oldest first. */
  good_runs: readonly number[];
};

export type AccountRow = Account & Figures;

/**
 * The accounts that the viewer sees, without figures, by id. "is not distinct from": with "=", Postgres would count the
 * account's cases in both views, although nobody asked for the numbers (a second for 50,000 cases).
 */
export function readAccounts(tx: Transaction, accountId: string | null): Promise<Account[]> {
  return tx.$queryRaw<Account[]>`
    select
      account.account_id,
      account.account_label,
      account.environment,
      account.partner_id,
      account.enabled,
      account.paused_since,
      account.pause_reason,
      account.paused_by,
      account.first_read_at,
      account.last_success_at,
      account.next_due_at,
      freshness.is_stale,
      freshness.late_by_minutes::float8 as late_by,
      freshness.last_state,
      freshness.last_error_code,
      coalesce(freshness.failures, 0) as failures,
      freshness.failure_code
    from reporting.accounts as account
    left join reporting.sync_freshness as freshness on freshness.account_id = account.account_id
    where ${accountId}::text is null or account.account_id is not distinct from ${accountId}
    order by account.account_id`;
}

/** Adds the figures of these accounts. */
export async function withFigures(tx: Transaction, accounts: readonly Account[]): Promise<AccountRow[]> {
  const ids = accounts.map(({ account_id }) => account_id);
  const backlogs = new Map((await readBacklogs(tx, ids)).map((row) => [row.account_id, row]));
  const runs = Map.groupBy(await readRunsOfDay(tx, ids), ({ account_id }) => account_id);
  return accounts.map((account) => {
    const { cases = null, open_cases = null } = backlogs.get(account.account_id) ?? {};
    return { ...account, cases, open_cases, ...runFigures(runs.get(account.account_id) ?? []) };
  });
}

const HOURS = 24;

function runFigures(hours: readonly RunsOfHour[]): Pick<Figures, 'runs' | 'failed_runs' | 'good_runs'> {
  const good_runs = Array<number>(HOURS).fill(0);
  for (const { hours_ago, good } of hours) good_runs[HOURS - 1 - hours_ago] = good;
  const total = (name: 'runs' | 'failed') => hours.reduce((sum, row) => sum + row[name], 0);
  return { runs: total('runs'), failed_runs: total('failed'), good_runs };
}

type Backlog = { account_id: string; cases: number; open_cases: number };

function readBacklogs(tx: Transaction, ids: readonly string[]): Promise<Backlog[]> {
  return tx.$queryRaw<Backlog[]>`
    select
      account_id,
      sum(cases)::integer as cases,
      coalesce(sum(cases) filter (where is_open), 0)::integer as open_cases
    from reporting.backlog_spans
    where account_id = any(${[...ids]}) and last_day = current_date
    group by account_id`;
}

type RunsOfHour = { account_id: string; hours_ago: number; runs: number; failed: number; good: number };

function readRunsOfDay(tx: Transaction, ids: readonly string[]): Promise<RunsOfHour[]> {
  return tx.$queryRaw<RunsOfHour[]>`
    select
      account_id,
      floor(extract(epoch from now() - started_at) / 3600)::integer as hours_ago,
      count(*)::integer as runs,
      (count(*) filter (where state in ('failed', 'abandoned')))::integer as failed,
      (count(*) filter (where state in ('succeeded', 'partial')))::integer as good
    from reporting.sync_runs
    where account_id = any(${[...ids]}) and started_at > now() - interval '24 hours' and started_at <= now()
    group by account_id, 2`;
}
