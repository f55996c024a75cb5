import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { bars, field, rows } from '../panel.ts';
import { IN_SELECTED_CASES, inMonths, monthOf } from '../query.ts';

/** Results and times of first decisions, by month. */
export function decisions(): Builder<Panel>[] {
  return [
    approvalRate(),
    times('automatic', 'without a manual review before it'),
    times('manual', 'after a manual review'),
    counts(),
  ];
}

const MONTH = monthOf('first_decided_at');
const WHOLE_MONTHS = 'Shows whole months that overlap the time range; the current month has the decisions so far.';

const approvalRate = () =>
  bars({
    title: 'Approval rate by month',
    description: `The share of approvals among the first decisions of a month. ${WHOLE_MONTHS}`,
    query: `
      select
        ${MONTH} as "Month",
        count(*) filter (where first_decision = 'approved')::numeric / count(*) as "Approval rate"
      from reporting.cases
      where ${IN_SELECTED_CASES} and ${inMonths('first_decided_at')}
      group by 1
      order by 1
    `,
  })
    .span(6)
    .unit('percentunit')
    .decimals(1)
    .max(1)
    .overrideByName('Approval rate', field({ color: 'green' }));

const times = (route: 'automatic' | 'manual', which: string) =>
  bars({
    title: `Hours to decision, ${route}`,
    description: `Time from opening to first decision, for decisions ${which}: 50, 90 and 95 % of the month's decisions took at most this long. All selected accounts together. ${WHOLE_MONTHS}`,
    query: `
      select
        ${MONTH} as "Month",
        percentile_cont(0.5) within group (order by hours_to_decision) as "50 %",
        percentile_cont(0.9) within group (order by hours_to_decision) as "90 %",
        percentile_cont(0.95) within group (order by hours_to_decision) as "95 %"
      from reporting.cases
      where ${IN_SELECTED_CASES} and decision_route = '${route}' and ${inMonths('first_decided_at')}
      group by 1
      order by 1
    `,
  })
    .span(6)
    .unit('h')
    .decimals(1)
    .overrideByName('50 %', field({ color: 'light-blue' }))
    .overrideByName('90 %', field({ color: 'blue' }))
    .overrideByName('95 %', field({ color: 'dark-blue' }));

const counts = () =>
  rows({
    title: 'Decisions by month and route',
    description: `The numbers behind the other panels of this row. Manual: after a manual review. Approved: the first decision was an approval. ${WHOLE_MONTHS}`,
    query: `
      select
        ${MONTH} as "Month",
        decision_route as "Route",
        count(*) as "Decided",
        count(*) filter (where first_decision = 'approved') as "Approved",
        avg(hours_to_decision) as "Mean"
      from reporting.cases
      where ${IN_SELECTED_CASES} and ${inMonths('first_decided_at')}
      group by 1, 2
      order by 1 desc, 2
    `,
  })
    .span(6)
    .overrideByName('Mean', field({ unit: 'h', decimals: 1 }));
