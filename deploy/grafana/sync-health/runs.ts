import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, lines, stackedBars } from '../panel.ts';
import { IN_SELECTED_ACCOUNTS } from '../query.ts';

/** The runs that started in the time range. */
export function runs(): Builder<Panel>[] {
  return [byState(), duration(), changes(), requests()].map((panel) => panel.interval('1m').maxDataPoints(150));
}

const TIME = '$__timeGroup(started_at, $__interval) as "time"';
const STARTED_IN_RANGE = `${IN_SELECTED_ACCOUNTS} and $__timeFilter(started_at)`;

const byState = () =>
  stackedBars({
    title: 'Runs by state',
    description: 'Runs of all selected accounts by start time and final state.',
    query: `
      select
        ${TIME},
        count(*) filter (where state = 'succeeded') as "succeeded",
        count(*) filter (where state = 'partial') as "partial",
        count(*) filter (where state = 'failed') as "failed",
        count(*) filter (where state = 'abandoned') as "abandoned",
        count(*) filter (where state = 'running') as "running"
      from reporting.sync_runs
      where ${STARTED_IN_RANGE}
      group by 1
      order by 1
    `,
  })
    .overrideByName('succeeded', field({ color: 'green' }))
    .overrideByName('partial', field({ color: 'orange' }))
    .overrideByName('failed', field({ color: 'red' }))
    .overrideByName('abandoned', field({ color: 'purple' }))
    .overrideByName('running', field({ color: 'blue' }));

const duration = () =>
  lines({
    title: 'Duration',
    description:
      'Duration of the finished runs of all selected accounts by start time: half took at most the median, nineteen out of twenty at most the 95 % value.',
    query: `
      select
        ${TIME},
        percentile_cont(0.5) within group (order by duration_seconds) as "median",
        percentile_cont(0.95) within group (order by duration_seconds) as "95 %",
        max(duration_seconds) as "longest"
      from reporting.sync_runs
      where ${STARTED_IN_RANGE} and finished_at is not null
      group by 1
      order by 1
    `,
  })
    .unit('s')
    .overrideByName('median', field({ color: 'light-blue' }))
    .overrideByName('95 %', field({ color: 'blue' }))
    .overrideByName('longest', field({ color: 'dark-blue' }));

const changes = () =>
  stackedBars({
    title: 'Cases changed',
    description:
      'Cases that runs created, updated, marked missing or found again. A returned case that has changed is also counted as updated.',
    query: `
      select
        ${TIME},
        sum(cases_created) as "created",
        sum(cases_updated) as "updated",
        sum(cases_missing) as "missing",
        sum(cases_returned) as "returned"
      from reporting.sync_runs
      where ${STARTED_IN_RANGE}
      group by 1
      order by 1
    `,
  })
    .overrideByName('created', field({ color: 'green' }))
    .overrideByName('updated', field({ color: 'blue' }))
    .overrideByName('missing', field({ color: 'red' }))
    .overrideByName('returned', field({ color: 'orange' }));

const requests = () =>
  lines({
    title: 'Requests and retries',
    description: 'Requests of the runs to Dintero, and how many of them were retries after a failure.',
    query: `
      select
        ${TIME},
        sum(requests) as "requests",
        sum(retries) as "retries"
      from reporting.sync_runs
      where ${STARTED_IN_RANGE}
      group by 1
      order by 1
    `,
  })
    .overrideByName('requests', field({ color: 'blue' }))
    .overrideByName('retries', field({ color: 'orange' }));
