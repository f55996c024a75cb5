import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { LineInterpolation, StackingConfigBuilder, StackingMode } from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { bars, field, lines, rows } from '../panel.ts';
import { ACCOUNT_NAME, CALENDAR, DAYS, IN_SELECTED_ACCOUNTS, TIME_ZONE } from '../query.ts';
import { byStatus, OPEN_STAGES, STATUSES, statusTitle } from '../statuses.ts';

/** Open cases, and their age. */
export function backlog(): Builder<Panel>[] {
  return [overTime(), flow(), aging(), oldest()];
}

const overTime = () => {
  const open = STATUSES.filter((status) => status.open);
  const panel = lines({
    title: 'Backlog by status',
    description:
      'Open cases by status at the end of each day; today: now. A deleted or missing case no longer counts. Days are in the configured time zone.',
    query: `
      select
        day::timestamp at time zone ${TIME_ZONE} as "time",
        ${byStatus(open, 'status', (condition) => `coalesce(sum(cases) filter (where ${condition}), 0)`)}
      from reporting.backlog_daily
      where ${IN_SELECTED_ACCOUNTS} and ${DAYS} and stage in (${OPEN_STAGES})
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
      'Opened and decided: the first time. Reopened: back from approved, declined or closed to the applicant or to review. Left active: every time. Days are in the configured time zone; today: until now.',
    query: `
      select
        calendar.day at time zone ${TIME_ZONE} as "time",
        coalesce(sum(opened), 0) as "opened",
        coalesce(sum(decided), 0) as "decided",
        coalesce(sum(reopened), 0) as "reopened",
        coalesce(sum(left_active), 0) as "left active"
      from ${CALENDAR}
      left join reporting.flow_daily as flow on flow.day = calendar.day and ${IN_SELECTED_ACCOUNTS}
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
    description: 'Open cases by time in their current status and by its stage. Now, independent of the time range.',
    query: `
      select
        bucket as "In status for",
        sum(cases) filter (where stage = 'applicant') as "applicant",
        sum(cases) filter (where stage = 'review') as "review",
        sum(cases) filter (where stage = 'error') as "error",
        sum(cases) filter (where stage = 'unknown' or stage is null) as "unknown or none"
      from reporting.open_case_aging
      where ${IN_SELECTED_ACCOUNTS}
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
    title: 'Open cases longest in their status',
    description:
      'The hundred open cases that have been longest in their status. Now, independent of the time range. Last error: the message of the latest event with an error.',
    query: `
      select
        ${ACCOUNT_NAME} as "Account",
        case_id::text as "Case",
        payout_destination_name as "Merchant",
        ${statusTitle('status')} as "Status",
        hours_in_status as "For",
        opened_at as "Opened",
        last_error as "Last error"
      from reporting.cases
      where ${IN_SELECTED_ACCOUNTS} and is_open
      order by hours_in_status desc nulls last
      limit 100
    `,
  })
    .span(16)
    .overrideByName('For', field({ unit: 'h', decimals: 1, width: 100 }));
