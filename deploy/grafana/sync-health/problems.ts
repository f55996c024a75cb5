import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, lines, rows, thresholds } from '../panel.ts';
import { ACCOUNT_NAME, IN_SELECTED_ACCOUNTS } from '../query.ts';

/** Errors, rejected items and implausible data. */
export function problems(): Builder<Panel>[] {
  return [errors(), rejected(), quality()];
}

const errors = () =>
  rows({
    title: 'Last errors',
    description:
      'The last hundred runs started in the time range that have an error. docs/operating.md explains each error code.',
    query: `
      select
        started_at as "Began",
        ${ACCOUNT_NAME} as "Account",
        state as "State",
        trigger as "Trigger",
        error_code as "Error",
        error_message as "Message",
        retries as "Retries"
      from reporting.sync_runs
      join reporting.accounts using (account_id)
      where ${IN_SELECTED_ACCOUNTS} and $__timeFilter(started_at) and error_code is not null
      order by started_at desc
      limit 100
    `,
  })
    .span(24)
    .overrideByName('Began', field({ width: 170 }))
    .overrideByName('State', field({ width: 110, texts: { partial: 'orange', failed: 'red', abandoned: 'red' } }))
    .overrideByName('Trigger', field({ width: 100 }))
    .overrideByName('Retries', field({ width: 90 }));

const rejected = () =>
  lines({
    title: 'Rejected items by account',
    description:
      'List items that cannot be read: the maximum over the runs of each interval. Every run counts them, also one of an unchanged list, until Dintero corrects them.',
    query: `
      select
        $__timeGroup(started_at, $__interval) as "time",
        ${ACCOUNT_NAME} as metric,
        max(items_rejected) as items
      from reporting.sync_runs
      join reporting.accounts using (account_id)
      where ${IN_SELECTED_ACCOUNTS} and $__timeFilter(started_at)
      group by 1, 2
      order by 1, 2
    `,
  })
    .interval('1m')
    .maxDataPoints(150);

const quality = () =>
  rows({
    title: 'Data quality',
    description:
      'Checks of the data of each account, those with findings first. Example: one of the items found. Now, independent of the time range.',
    query: `
      select
        ${ACCOUNT_NAME} as "Account",
        replace(check_name, '_', ' ') as "Check",
        severity as "Severity",
        items as "Items",
        example as "Example"
      from reporting.data_quality
      join reporting.accounts using (account_id)
      where ${IN_SELECTED_ACCOUNTS}
      order by items = 0, array_position(array['error', 'warning', 'info'], severity), items desc
    `,
  })
    .span(12)
    .overrideByName('Severity', field({ width: 100, texts: { error: 'red', warning: 'orange', info: 'blue' } }))
    .overrideByName('Items', field({ width: 90, steps: thresholds('green', [1, 'text']) }));
