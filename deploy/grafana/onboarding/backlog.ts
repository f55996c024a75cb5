import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { LineInterpolation, StackingConfigBuilder, StackingMode } from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { bars, field, lines, rows } from '../panel.ts';
import { ACCOUNT, CALENDAR, CHOSEN, DAYS, ZONE } from '../query.ts';
import { byStatus, OPEN_STAGES, STATUSES, titleOf } from '../statuses.ts';

/** What is waiting, and for how long. */
export function backlog(): Builder<Panel>[] {
  return [overTime(), flow(), aging(), oldest()];
}

const overTime = () => {
  const open = STATUSES.filter((status) => status.open);
  const panel = lines({
    title: 'Backlog by status',
    description:
      'Open cases at the end of each day, and now for today, by status. A deleted or missing case does not count from then on. Days are in the configured time zone.',
    query: `
      select
        day::timestamp at time zone ${ZONE} as "time",
        ${byStatus(open, 'status', (condition) => `coalesce(sum(cases) filter (where ${condition}), 0)`)}
      from reporting.backlog_daily
      where ${CHOSEN} and ${DAYS} and stage in (${OPEN_STAGES})
      group by day
      order by day
    `,
  })
    .lineInterpolation(LineInterpolation.StepAfter)
    .lineWidth(1)
    .fillOpacity(60)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .overrideByName('other', field({ color: 'gray' }));
  for (const { title, color } of open) panel.overrideByName(title, field({ color }));
  return panel;
};

const flow = () =>
  lines({
    title: 'Opened and decided per day',
    description:
      'Opened, decided: for the first time. Reopened: back from approved, declined or closed to the applicant or to review. Left active: every time. Days as in the configured time zone; today until now.',
    query: `
      select
        calendar.day at time zone ${ZONE} as "time",
        coalesce(sum(opened), 0) as "opened",
        coalesce(sum(decided), 0) as "decided",
        coalesce(sum(reopened), 0) as "reopened",
        coalesce(sum(left_active), 0) as "left active"
      from ${CALENDAR}
      left join reporting.flow_daily as flow on flow.day = calendar.day and ${CHOSEN}
      group by calendar.day
      order by calendar.day
    `,
  })
    .overrideByName('opened', field({ color: 'blue' }))
    .overrideByName('decided', field({ color: 'green' }))
    .overrideByName('reopened', field({ color: 'orange' }))
    .overrideByName('left active', field({ color: 'red' }));

const aging = () =>
  bars({
    title: 'Age of open cases',
    description: 'Open cases by the time in their current status, and by its stage. Now, whatever the time range.',
    query: `
      select
        bucket as "In status for",
        sum(cases) filter (where stage = 'applicant') as "applicant",
        sum(cases) filter (where stage = 'review') as "review",
        sum(cases) filter (where stage = 'error') as "error",
        sum(cases) filter (where stage = 'unknown' or stage is null) as "unknown or none"
      from reporting.open_case_aging
      where ${CHOSEN}
      group by bucket, bucket_order
      order by bucket_order
    `,
  })
    .stacking(StackingMode.Normal)
    .overrideByName('applicant', field({ color: 'blue' }))
    .overrideByName('review', field({ color: 'orange' }))
    .overrideByName('error', field({ color: 'red' }))
    .overrideByName('unknown or none', field({ color: 'gray' }));

const oldest = () =>
  rows({
    title: 'Open cases that have not moved for longest',
    description:
      'The hundred open cases that have been in their status for longest. Now, whatever the time range. Last error: the error of the latest event that has one.',
    query: `
      select
        ${ACCOUNT} as "Account",
        case_id::text as "Case",
        payout_destination_name as "Merchant",
        ${titleOf('status')} as "Status",
        hours_in_status as "For",
        opened_at as "Opened",
        last_error as "Last error"
      from reporting.cases
      where ${CHOSEN} and is_open
      order by hours_in_status desc nulls last
      limit 100
    `,
  })
    .span(16)
    .overrideByName('For', field({ unit: 'h', decimals: 1, width: 100 }));
