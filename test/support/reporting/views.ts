// The views and functions of schema reporting.
import type pg from 'pg';

/** Calls of all functions of schema reporting that return rows. */
export const FUNCTIONS = [
  'cases_as_of(now())',
  'backlog_as_of(now())',
  "backlog_series('2026-01-01', 'infinity', 'month')",
  'flow_as_known()',
  'funnel_as_known()',
  'decision_times_as_known()',
  "flow_compared('-infinity')",
  "restatements('-infinity')",
];

/** The views of schema reporting, and whether they have rows of accounts. */
export async function views(client: pg.Client): Promise<{ name: string; perAccount: boolean }[]> {
  const { rows } = await client.query(`
    select relname as name, exists (
      select from pg_attribute where attrelid = pg_class.oid and attname = 'account_id'
    ) as "perAccount"
    from pg_class
    where relnamespace = 'reporting'::regnamespace and relkind in ('v', 'm', 'r')
    order by 1`);
  return rows;
}
