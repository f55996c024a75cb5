import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, lines, rows, thresholds } from '../panel.ts';
import { ACCOUNT, CHOSEN } from '../query.ts';

/** What somebody may have to look at. */
export function problems(): Builder<Panel>[] {
  return [errors(), rejected(), quality()];
}

const errors = () =>
  rows({
    title: 'Last errors',
    description:
      'The last hundred runs begun in the time range that have an error. docs/operating.md has a remedy for each.',
    query: `
      select
        started_at as "Began",
        ${ACCOUNT} as "Account",
        state as "State",
        trigger as "Trigger",
        error_code as "Error",
        error_message as "Message",
        retries as "Retries"
      from reporting.sync_runs
      join reporting.sync_freshness using (account_id)
      where ${CHOSEN} and $__timeFilter(started_at) and error_code is not null
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
      'Items of the list that a run could not read; the greatest number of any run that began then. They are counted in every run until Dintero corrects them.',
    query: `
      select
        $__timeGroup(started_at, $__interval) as "time",
        ${ACCOUNT} as metric,
        max(items_rejected) as items
      from reporting.sync_runs
      join reporting.sync_freshness using (account_id)
      where ${CHOSEN} and $__timeFilter(started_at) and not not_modified
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
      'What is odd about the data of an account: checks that found something first. Example: one of the items. Now, whatever the time range.',
    query: `
      select
        ${ACCOUNT} as "Account",
        replace(check_name, '_', ' ') as "Check",
        severity as "Severity",
        items as "Items",
        example as "Example"
      from reporting.data_quality
      join reporting.sync_freshness using (account_id)
      where ${CHOSEN}
      order by items = 0, array_position(array['error', 'warning', 'info'], severity), items desc
    `,
  })
    .span(12)
    .overrideByName('Severity', field({ width: 100, texts: { error: 'red', warning: 'orange', info: 'blue' } }))
    .overrideByName('Items', field({ width: 90, steps: thresholds('green', [1, 'text']) }));
