import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, rows, SHARE_OF_TARGET } from '../panel.ts';
import { ACCOUNT_NAME, IS_PRESENT, ofCase, ofSelectedCases, SHARE_USED } from '../query.ts';
import { statusTitle } from '../statuses.ts';

/** Cases compared with the hours that they may stay in a status. */
export function targets(): Builder<Panel>[] {
  return [atRisk(), kept()];
}

const atRisk = () =>
  rows({
    title: 'Breached or due soon',
    description:
      'Cases that have exceeded the target of their status, or have less than a fifth of it left; at most 200. Now, independent of the time range. Left is negative after a breach, and in business hours where the target is. Also empty if no target is configured (statusTargets).',
    query: `
      select
        ${ofCase('stay', ACCOUNT_NAME)} as "Account",
        case_id::text as "Case",
        ${ofCase('stay', 'payout_destination_name')} as "Merchant",
        ${statusTitle('stay.status')} as "Status",
        replace(stay.state, '_', ' ') as "State",
        due_at as "Due",
        coalesce(target_hours - hours, target_business_hours - business_hours) as "Left"
      from reporting.status_targets as stay
      where ${ofSelectedCases('stay', IS_PRESENT)} and left_at is null and state in ('breached', 'due_soon')
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
      'Stays in a status that were due in the time range, and how many of them ended in time. Cases that were deleted or went missing before that do not count. Target: as configured now, in hours or business hours. 90 % used: nine out of ten stays used at most this share of the target; orange from four fifths on, red when it is exceeded.',
    query: `
      select
        ${statusTitle('stay.status')} as "Status",
        coalesce(max(target_hours), max(target_business_hours)) as "Target",
        count(*) filter (where state = 'met') as "Met",
        count(*) filter (where state = 'breached') as "Breached",
        count(*) filter (where state = 'met')::numeric
          / nullif(count(*) filter (where state in ('met', 'breached')), 0) as "Kept",
        percentile_cont(0.9) within group (order by ${SHARE_USED}) as "90 % used"
      from reporting.status_targets as stay
      where $__timeFilter(due_at)
        and ${ofSelectedCases('stay')}
        and (left_at is not null or ${ofSelectedCases('stay', IS_PRESENT)})
      group by stay.status
      order by stay.status
    `,
  })
    .span(9)
    .overrideByName('Target', field({ unit: 'h' }))
    .overrideByName('Kept', field({ unit: 'percentunit', decimals: 1 }))
    .overrideByName('90 % used', field({ unit: 'percentunit', decimals: 0, steps: SHARE_OF_TARGET }));
