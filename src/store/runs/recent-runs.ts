import type { Database } from '../postgres/pool.ts';

export type RecentRuns = {
  /** Enabled accounts that are not paused. */
  accounts: number;
  /** Enabled accounts that are paused. */
  paused: number;
  fresh: number;
  runs: number;
  /** Failed and abandoned ones among them. */
  failed: number;
  /** Cases that the runs created, updated, marked missing or found again. */
  changes: number;
  /** Of accounts that are not paused, the one with the oldest success; null without any. */
  oldest: { accountId: string; lastSuccessAt: Date | null } | null;
};

/** The runs that any worker began within the last hour, and the freshness of the accounts. Runs of paused accounts do not count. */
export async function recentRuns(database: Database): Promise<RecentRuns> {
  const [counts] = await database.$queryRaw<Omit<RecentRuns, 'oldest'>[]>`
    select
      count(*)::integer as accounts,
      (select count(*)::integer from reporting.sync_freshness where paused_since is not null) as paused,
      (select count(*)::integer from reporting.sync_freshness where not is_stale and paused_since is null) as fresh,
      coalesce(sum(run.runs), 0)::integer as runs,
      coalesce(sum(run.failed), 0)::integer as failed,
      coalesce(sum(run.changes), 0)::integer as changes
    from cdd.accounts as account
    -- By account, because the index of the runs begins with it.
    cross join lateral (
      select
        count(*) as runs,
        count(*) filter (where state in ('failed', 'abandoned')) as failed,
        sum(cases_created + cases_updated + cases_missing + cases_returned) as changes
      from cdd.sync_runs
      where account_id = account.id and started_at > now() - interval '1 hour'
    ) as run
    where account.enabled and account.paused_since is null`;
  const [oldest] = await database.$queryRaw<{ accountId: string; lastSuccessAt: Date | null }[]>`
    select id as "accountId", last_success_at as "lastSuccessAt"
    from cdd.accounts
    where enabled and paused_since is null
    order by last_success_at nulls first
    limit 1`;
  const { accounts = 0, paused = 0, fresh = 0, runs = 0, failed = 0, changes = 0 } = counts ?? {};
  return { accounts, paused, fresh, runs, failed, changes, oldest: oldest ?? null };
}
