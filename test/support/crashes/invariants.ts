// Invariants: true after every run, even if runs before it were killed.
import { withAdmin } from '../admin.ts';
import { CHAIN_VIOLATIONS } from '../ledger/chain-violations.ts';

const HISTORY = ['case_revisions', 'event_revisions', 'status_transitions', 'case_problems'];

/** Each finds rows that must not exist. */
const VIOLATIONS: Record<string, string> = {
  ...CHAIN_VIOLATIONS,
  'a run is still running': `select account_id, id from cdd.sync_runs where state = 'running'`,
  'a fact ends before it begins': [...HISTORY, 'case_states']
    .map((table) => `select account_id, case_id from cdd.${table} where superseded_at < recorded_at`)
    .join(' union all '),
  'a revision does not begin where the one before ends': `
    select account_id, case_id, revision
    from (
      select *, lead(recorded_at) over (partition by account_id, case_id order by revision) as next_recorded_at
      from cdd.case_revisions
    ) as revision
    where superseded_at is distinct from next_recorded_at`,
  'a state of a case does not begin where the one before ends': `
    select account_id, case_id, recorded_at
    from (
      select *, lead(recorded_at) over (partition by account_id, case_id order by recorded_at) as next_recorded_at
      from cdd.case_states
    ) as state
    where superseded_at is distinct from next_recorded_at`,
  'a run recorded something before the run before it': `
    select run_id
    from (
      select run.started_at, run.account_id, run_id, min(recorded_at) as first, max(recorded_at) as last,
        max(max(recorded_at)) over (
          partition by run.account_id order by run.started_at rows between unbounded preceding and 1 preceding
        ) as earlier
      from (${HISTORY.map((table) => `select account_id, run_id, recorded_at from cdd.${table}`).join(
        ' union all ',
      )}) as fact
      join cdd.sync_runs as run on run.account_id = fact.account_id and run.id = fact.run_id
      group by run.started_at, run.account_id, run_id
    ) as facts_of_run
    where first <= earlier`,
};

/** A line for each statement that does not hold. */
export async function violations(url: string): Promise<string[]> {
  return withAdmin(url, async (client) => {
    const found: string[] = [];
    for (const [claim, query] of Object.entries(VIOLATIONS)) {
      const { rows } = await client.query(query);
      if (rows.length > 0) found.push(`${claim}: ${JSON.stringify(rows.slice(0, 3))}`);
    }
    return found;
  });
}

/** State and error of the newest run of each account. */
export async function newestRuns(url: string): Promise<string[]> {
  return withAdmin(url, async (client) => {
    const { rows } = await client.query<{ run: string }>(`
      select distinct on (account_id) concat_ws(' ', account_id, state, error_code, missing_held_back) as run
      from cdd.sync_runs
      order by account_id, started_at desc`);
    return rows.map(({ run }) => run);
  });
}
