import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { oldestSuccess } from '../oldest-success.ts';
import { field, number, rows, thresholds } from '../panel.ts';
import { ACCOUNT_NAME, IN_SELECTED_ACCOUNTS } from '../query.ts';

/** The age of the data. */
export function freshness(): Builder<Panel>[] {
  return [accounts(), stale(), failures(), oldest(), ...runCounts(), rejected(), failedReports(), byAccount()];
}

const accounts = () =>
  number({
    title: 'Accounts',
    description: 'Selected accounts that are synced.',
    query: `
      select count(*) as accounts
      from reporting.sync_freshness
      where ${IN_SELECTED_ACCOUNTS}
    `,
  });

const stale = () =>
  number({
    title: 'Stale accounts',
    description:
      'Accounts that are late by their own schedule: by three intervals or 15 minutes, whichever is more. Now.',
    query: `
      select count(*) filter (where is_stale) as stale
      from reporting.sync_freshness
      where ${IN_SELECTED_ACCOUNTS}
    `,
  }).thresholds(thresholds('green', [1, 'red']));

const failures = () =>
  number({
    title: 'Failures in a row',
    description: 'Failed or abandoned runs since the last other run, for the account with the most. Now.',
    query: `
      select max(consecutive_failures) as failures
      from reporting.sync_freshness
      where ${IN_SELECTED_ACCOUNTS}
    `,
  }).thresholds(thresholds('green', [1, 'orange'], [3, 'red']));

const oldest = () =>
  oldestSuccess({
    title: 'Oldest success',
    description:
      'Time since the last successful run of the account that has waited longest. Accounts without any success and paused ones are not counted. Now.',
  });

const runCounts = () =>
  [
    { title: 'Failed runs', states: `'failed', 'abandoned'`, result: 'failed or were abandoned', color: 'red' },
    {
      title: 'Partial runs',
      states: `'partial'`,
      result: 'left out rejected items or held back missing cases',
      color: 'orange',
    },
  ].map(({ title, states, result, color }) =>
    number({
      title,
      description: `Runs started in the time range that ${result}.`,
      query: `
        select count(*) as runs
        from reporting.sync_runs
        where ${IN_SELECTED_ACCOUNTS} and $__timeFilter(started_at) and state in (${states})
      `,
    }).thresholds(thresholds('green', [1, color])),
  );

const rejected = () =>
  itemsOfCheck('rejected_items', {
    title: 'Rejected items',
    description:
      'List items that cannot be read, as of the last runs. The command cdd-sync rejected lists them with the reason.',
  });

const failedReports = () =>
  itemsOfCheck('reports_failed', {
    title: 'Reports standing still',
    description:
      'Accounts whose daily and monthly reports could not be updated after the last run. The command cdd-sync status shows the reason.',
  });

const itemsOfCheck = (check: string, { title, description }: { title: string; description: string }) =>
  number({
    title,
    description,
    query: `
      select coalesce(sum(items), 0) as items
      from reporting.data_quality
      where ${IN_SELECTED_ACCOUNTS} and check_name = '${check}'
    `,
  }).thresholds(thresholds('green', [1, 'red']));

const byAccount = () =>
  rows({
    title: 'Freshness by account',
    description:
      'Age: time since the last successful run; a run that is partial because of rejected items counts. Late: since the first run after that success was due. Stale: late by three intervals of the schedule or 15 minutes, whichever is more. Paused: cdd-sync pause stopped its runs. Failures: in a row, since the last run that did not fail. Now, independent of the time range.',
    query: `
      select
        ${ACCOUNT_NAME} as "Account",
        case when paused_since is not null then 'paused' when is_stale then 'stale' else 'fresh' end as "Freshness",
        minutes_since_success as "Age",
        late_by_minutes as "Late",
        last_success_at as "Last success",
        last_state as "Last run",
        last_error_code as "Last error",
        consecutive_failures as "Failures",
        cases as "Cases"
      from reporting.sync_freshness
      where ${IN_SELECTED_ACCOUNTS}
      order by last_success_at nulls first
    `,
  })
    .span(24)
    .overrideByName('Freshness', field({ texts: { stale: 'red', paused: 'blue', fresh: 'green' } }))
    .overrideByName('Age', field({ unit: 'm', decimals: 0 }))
    .overrideByName('Late', field({ unit: 'm', decimals: 0 }))
    .overrideByName(
      'Last run',
      field({ texts: { succeeded: 'green', partial: 'orange', failed: 'red', abandoned: 'red', running: 'blue' } }),
    )
    .overrideByName('Failures', field({ steps: thresholds('green', [1, 'orange'], [3, 'red']) }));
