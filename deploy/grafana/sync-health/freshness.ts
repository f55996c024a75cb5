import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, number, rows, thresholds } from '../panel.ts';
import { ACCOUNT, CHOSEN } from '../query.ts';

/** How old what the tables say is. */
export function freshness(): Builder<Panel>[] {
  return [accounts(), stale(), failures(), oldest(), ...runsThat(), rejected(), behind(), byAccount()];
}

const accounts = () =>
  number({
    title: 'Accounts',
    description: 'Chosen accounts that are being synced.',
    query: `
      select count(*) as accounts
      from reporting.sync_freshness
      where ${CHOSEN}
    `,
  });

const stale = () =>
  number({
    title: 'Stale accounts',
    description: 'Accounts without a successful run for three intervals of their schedule. Now.',
    query: `
      select count(*) filter (where is_stale) as stale
      from reporting.sync_freshness
      where ${CHOSEN}
    `,
  }).thresholds(thresholds('green', [1, 'red']));

const failures = () =>
  number({
    title: 'Failures in a row',
    description: 'Consecutive runs that failed or were abandoned, of the account with the most. Now.',
    query: `
      select max(consecutive_failures) as failures
      from reporting.sync_freshness
      where ${CHOSEN}
    `,
  }).thresholds(thresholds('green', [1, 'orange'], [3, 'red']));

const oldest = () =>
  number({
    title: 'Oldest success',
    description:
      'Time since the last successful run, of the account with the oldest one. An account without any is not counted. Now.',
    query: `
      select max(minutes_since_success) as minutes
      from reporting.sync_freshness
      where ${CHOSEN}
    `,
  })
    .unit('m')
    .decimals(0)
    .thresholds(thresholds('green', [60, 'orange'], [240, 'red']));

const runsThat = () =>
  [
    { title: 'Failed runs', states: `'failed', 'abandoned'`, what: 'failed or were abandoned', color: 'red' },
    { title: 'Partial runs', states: `'partial'`, what: 'left items or missing cases aside', color: 'orange' },
  ].map(({ title, states, what, color }) =>
    number({
      title,
      description: `Runs begun in the time range that ${what}.`,
      query: `
        select count(*) as runs
        from reporting.sync_runs
        where ${CHOSEN} and $__timeFilter(started_at) and state in (${states})
      `,
    }).thresholds(thresholds('green', [1, color])),
  );

const rejected = () =>
  number({
    title: 'Rejected items',
    description:
      'Items of the lists that cannot be read, as of the last runs. cdd-sync rejected lists them with the reason.',
    query: `
      select coalesce(sum(items), 0) as items
      from reporting.data_quality
      where ${CHOSEN} and check_name = 'rejected_items'
    `,
  }).thresholds(thresholds('green', [1, 'red']));

const behind = () =>
  number({
    title: 'Reports behind',
    description:
      'Changes that are missing in the reports by day and month for over an hour. A run adds them when it ends.',
    query: `
      select coalesce(sum(items), 0) as items
      from reporting.data_quality
      where ${CHOSEN} and check_name = 'reports_behind'
    `,
  }).thresholds(thresholds('green', [1, 'red']));

const byAccount = () =>
  rows({
    title: 'Freshness by account',
    description:
      'Age: time since the last successful run; a partial run does not count. Stale: older than three intervals of the schedule. Failures: in a row, since the last run that did not fail. Now, whatever the time range.',
    query: `
      select
        ${ACCOUNT} as "Account",
        case when is_stale then 'stale' else 'fresh' end as "Freshness",
        minutes_since_success as "Age",
        last_success_at as "Last success",
        last_state as "Last run",
        last_error_code as "Last error",
        consecutive_failures as "Failures",
        cases as "Cases"
      from reporting.sync_freshness
      where ${CHOSEN}
      order by last_success_at nulls first
    `,
  })
    .span(24)
    .overrideByName('Freshness', field({ texts: { stale: 'red', fresh: 'green' } }))
    .overrideByName('Age', field({ unit: 'm', decimals: 0 }))
    .overrideByName(
      'Last run',
      field({ texts: { succeeded: 'green', partial: 'orange', failed: 'red', abandoned: 'red', running: 'blue' } }),
    )
    .overrideByName('Failures', field({ steps: thresholds('green', [1, 'orange'], [3, 'red']) }));
