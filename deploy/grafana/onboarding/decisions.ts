import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { bars, field, rows } from '../panel.ts';
import { CHOSEN, inMonths, ZONE } from '../query.ts';

/** How decisions came out, and how long they took, by the month of the first decision. */
export function decisions(): Builder<Panel>[] {
  return [
    approvalRate(),
    times('automatic', 'that had not been under manual review before'),
    times('manual', 'that had been under manual review before'),
    counts(),
  ];
}

const MONTH = `to_char(first_decided_at at time zone ${ZONE}, 'YYYY-MM')`;
const WHOLE = 'Whole months of the time range; the current month has the decisions so far.';

const approvalRate = () =>
  bars({
    title: 'Approval rate by month',
    description: `Of the cases first decided in a month, the share that was approved. ${WHOLE}`,
    query: `
      select
        ${MONTH} as "Month",
        count(*) filter (where first_decision = 'approved')::numeric / count(*) as "Approval rate"
      from reporting.cases
      where ${CHOSEN} and ${inMonths('first_decided_at')}
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
    description: `From opening to first decision, of the cases ${which}, by the month of the decision: that many per cent took no longer. Over the cases of all chosen accounts together. ${WHOLE}`,
    query: `
      select
        ${MONTH} as "Month",
        percentile_cont(0.5) within group (order by hours_to_decision) as "50 %",
        percentile_cont(0.9) within group (order by hours_to_decision) as "90 %",
        percentile_cont(0.95) within group (order by hours_to_decision) as "95 %"
      from reporting.cases
      where ${CHOSEN} and decision_route = '${route}' and ${inMonths('first_decided_at')}
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
    description: `The number of first decisions behind the other panels of this row. Manual: the case had been under manual review before. Approved: the first decision was to approve. ${WHOLE}`,
    query: `
      select
        ${MONTH} as "Month",
        decision_route as "Route",
        count(*) as "Decided",
        count(*) filter (where first_decision = 'approved') as "Approved",
        avg(hours_to_decision) as "Mean"
      from reporting.cases
      where ${CHOSEN} and ${inMonths('first_decided_at')}
      group by 1, 2
      order by 1 desc, 2
    `,
  })
    .span(6)
    .overrideByName('Mean', field({ unit: 'h', decimals: 1 }));
