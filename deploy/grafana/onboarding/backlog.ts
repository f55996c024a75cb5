import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { LineInterpolation, StackingConfigBuilder, StackingMode } from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { bars, field, lines, rows, SHARE_OF_TARGET } from '../panel.ts';
import {
  ACCOUNT_NAME,
  CALENDAR,
  dayOf,
  FIRST_DAY,
  IN_SELECTED_CASES,
  ofSelectedCases,
  SHARE_USED,
  TIME_ZONE,
} from '../query.ts';
import { byStatus, OPEN_STAGES, STATUSES, statusTitle } from '../statuses.ts';

/** Open cases, and their age. */
export function backlog(): Builder<Panel>[] {
  return [overTime(), flow(), aging(), oldest()];
}

/** A placeholder such as the year 1 would stretch the backlog to all days. */
const IS_PLAUSIBLE = "stay.entered_at >= timestamptz '2000-01-01 00:00:00Z'";

const overTime = () => {
  const open = STATUSES.filter((status) => status.open);
  const count = (condition: string) =>
    `coalesce(sum(sum(change.cases) filter (where ${condition})) over (order by calendar.day), 0)`;
  const panel = lines({
    title: 'Backlog by status',
    description:
      'Open cases by status at the end of each day; today: now. A deleted or missing case no longer counts. Days are in the configured time zone.',
    // A stay counts +1 on the day of its begin and -1 on the day of its end. Earlier stays count on the first day.
    query: `
      select
        calendar.day at time zone ${TIME_ZONE} as "time",
        ${byStatus(open, 'change.status', count)}
      from ${CALENDAR}
      left join (
        select stay.status, greatest(${dayOf('moment.at')}, ${FIRST_DAY}) as day, moment.cases
        from reporting.status_periods as stay
        cross join lateral (values (stay.entered_at, 1), (stay.ended_at, -1)) as moment (at, cases)
        where ${ofSelectedCases('stay')} and stay.stage in (${OPEN_STAGES}) and ${IS_PLAUSIBLE} and moment.at <= now()
      ) as change on change.day = calendar.day
      group by calendar.day
      order by calendar.day
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
        count(*) filter (where change.figure = 'opened') as "opened",
        count(*) filter (where change.figure = 'decided') as "decided",
        count(*) filter (where change.figure = 'reopened') as "reopened",
        count(*) filter (where change.figure = 'left active') as "left active"
      from ${CALENDAR}
      left join (
        select ${dayOf('moment.at')} as day, moment.figure
        from reporting.cases
        cross join lateral (values ('opened', opened_at), ('decided', first_decided_at)) as moment (figure, at)
        where ${IN_SELECTED_CASES} and moment.at >= ${FIRST_DAY} at time zone ${TIME_ZONE} and moment.at <= now()
        union all
        select ${dayOf('move.occurred_at')}, kind.figure
        from reporting.status_transitions as move
        cross join lateral (
          values
            ('reopened', move.from_stage in ('approved', 'declined', 'closed') and move.to_stage in ('applicant', 'review')),
            ('left active', move.from_status = 'ACTIVE')
        ) as kind (figure, is_counted)
        where ${ofSelectedCases('move')} and kind.is_counted
          and move.occurred_at >= ${FIRST_DAY} at time zone ${TIME_ZONE} and move.occurred_at <= now()
      ) as change on change.day = calendar.day
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
        (array['<24h', '1-2d', '2-7d', '1-2w', '2-4w', '>4w'])[bucket] as "In status for",
        count(*) filter (where stage = 'applicant') as "applicant",
        count(*) filter (where stage = 'review') as "review",
        count(*) filter (where stage = 'error') as "error",
        count(*) filter (where stage = 'unknown' or stage is null) as "unknown or none"
      from (
        select
          stage,
          -- As in reporting.open_case_aging: a placeholder for a time is no age.
          1 + width_bucket(
            now() - case
              when status_since >= timestamptz '2000-01-01 00:00:00Z' then status_since
              when opened_at between timestamptz '2000-01-01 00:00:00Z' and now() then opened_at
              else first_seen_at
            end,
            array['24 hours', '2 days', '7 days', '14 days', '28 days']::interval[]
          ) as bucket
        from reporting.cases
        where ${IN_SELECTED_CASES} and is_open
      ) as open_case
      group by bucket
      order by bucket
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
      'The hundred open cases that have been longest in their status. Now, independent of the time range. Of target: the share of the target that is used; empty if the status has none. Last error: the message of the latest event with an error.',
    query: `
      select
        ${ACCOUNT_NAME} as "Account",
        case_id::text as "Case",
        payout_destination_name as "Merchant",
        ${statusTitle('status')} as "Status",
        hours_in_status as "For",
        (
          select ${SHARE_USED}
          from reporting.status_targets as target
          where target.account_id = cases.account_id and target.case_id = cases.case_id
            and target.entered_at = cases.status_since and target.left_at is null
        ) as "Of target",
        opened_at as "Opened",
        last_error as "Last error"
      from reporting.cases
      where ${IN_SELECTED_CASES} and is_open
      order by hours_in_status desc nulls last
      limit 100
    `,
  })
    .span(16)
    .overrideByName('For', field({ unit: 'h', decimals: 1, width: 100 }))
    .overrideByName('Of target', field({ unit: 'percentunit', decimals: 0, width: 100, steps: SHARE_OF_TARGET }));
