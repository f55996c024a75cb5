import type { Transaction } from '../../store/postgres/pool.ts';

export type LastRun = {
  account_id: string;
  run_id: string;
  error_message: string | null;
  missing_held_back: number;
};

/** The last run of each of some accounts, as reporting.sync_freshness has it. */
export function readLastRuns(tx: Transaction, accountIds: readonly string[]): Promise<LastRun[]> {
  return tx.$queryRaw<LastRun[]>`
    select chosen.account_id, last_run.id::text as run_id, last_run.error_message, last_run.missing_held_back
    from unnest(${[...accountIds]}::text[]) as chosen (account_id)
    cross join lateral (
      select run.id, run.error_message, run.missing_held_back
      from reporting.sync_runs as run
      where run.account_id = chosen.account_id and run.started_at <= now()
      order by run.started_at desc
      limit 1
    ) as last_run`;
}
