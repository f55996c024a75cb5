import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, rows, thresholds } from '../panel.ts';
import { ACCOUNT, CHOSEN, PRESENT } from '../query.ts';
import { titleOf } from '../statuses.ts';

/** How cases stand against the hours that they may stay in a status. */
export function targets(): Builder<Panel>[] {
  return [atRisk(), kept()];
}

const atRisk = () =>
  rows({
    title: 'Breached or due soon',
    description:
      'Cases that have been in their status for longer than its target, or have under a fifth of it left. Now, whatever the time range; at most 200. Left is below zero once the target is breached. Empty also when no target is configured (statusTargets).',
    query: `
      select
        ${ACCOUNT} as "Account",
        case_id::text as "Case",
        payout_destination_name as "Merchant",
        ${titleOf('stay.status')} as "Status",
        replace(stay.state, '_', ' ') as "State",
        due_at as "Due",
        target_hours - hours as "Left"
      from reporting.status_targets as stay
      join reporting.cases using (account_id, case_id)
      where ${CHOSEN} and left_at is null and ${PRESENT} and state in ('breached', 'due_soon')
      order by due_at
      limit 200
    `,
  })
    .span(15)
    .overrideByName('State', field({ width: 100, texts: { breached: 'red', 'due soon': 'orange' } }))
    .overrideByName('Left', field({ unit: 'h', decimals: 1, width: 100 }));

const kept = () =>
  rows({
    title: 'Targets kept',
    description:
      'Stays in a status whose target fell due in the time range, and how many of them had ended by then. Cases that were deleted or went missing meanwhile do not count. Target: as configured now.',
    query: `
      select
        ${titleOf('stay.status')} as "Status",
        max(target_hours) as "Target",
        count(*) filter (where state = 'met') as "Met",
        count(*) filter (where state = 'breached') as "Breached",
        count(*) filter (where state = 'met')::numeric
          / nullif(count(*) filter (where state in ('met', 'breached')), 0) as "Kept"
      from reporting.status_targets as stay
      join reporting.cases using (account_id, case_id)
      where ${CHOSEN} and $__timeFilter(due_at) and (left_at is not null or ${PRESENT})
      group by stay.status
      order by stay.status
    `,
  })
    .span(9)
    .overrideByName('Target', field({ unit: 'h' }))
    .overrideByName(
      'Kept',
      field({ unit: 'percentunit', decimals: 1, steps: thresholds('red', [0.8, 'orange'], [0.95, 'green']) }),
    );
