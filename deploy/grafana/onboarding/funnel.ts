import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, fixedColor, rows } from '../panel.ts';
import { IN_SELECTED_CASES, inMonths, monthOf, ofSelectedCases, sql } from '../query.ts';

/** Progress of the cases opened in the months that overlap the time range. */
export function funnel(): Builder<Panel>[] {
  return [steps(), cohorts()];
}

/**
 * The chosen cases with the furthest step that each has reached, as in reporting.funnel_monthly. Not a join, see
 * `ofSelectedCases`.
 */
const COHORTS = `(
          select
            max(opened_at) as opened_at,
            max(first_decided_at) as first_decided_at,
            max(first_approved_at) as first_approved_at,
            max(hours_to_decision) as hours_to_decision,
            bool_or(is_open) as is_open,
            max(rank) as furthest_rank,
            bool_or(is_declined) as is_declined
          from (
            select
              case_key, opened_at, first_decided_at, first_approved_at, hours_to_decision, is_open,
              null::integer as rank, false as is_declined
            from reporting.cases
            where ${IN_SELECTED_CASES} and ${inMonths('opened_at')}
            union all
            select
              move.case_key, null, null, null, null, false,
              case when move.to_stage <> 'closed' then reached_status.rank end, move.to_stage = 'declined'
            from reporting.status_transitions as move
            join reporting.statuses as reached_status on reached_status.status = move.to_status
            where ${ofSelectedCases('move', inMonths('opened_at'))} and move.occurred_at <= now()
          ) as fact
          group by case_key
        ) as opened_case`;

const reached = (status: string) =>
  `count(*) filter (where furthest_rank >= (select rank from reporting.statuses where status = '${status}'))`;

const steps = () =>
  new bargauge.PanelBuilder()
    .title('Funnel')
    .description(
      'Cases opened in the months that overlap the time range, and how many have reached each step, or a later one, by now. Cases of recent months are still in progress.',
    )
    .height(9)
    .span(9)
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(VizOrientation.Horizontal)
    .namePlacement(BarGaugeNamePlacement.Left)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .colorScheme(fixedColor('blue'))
    .min(0)
    .noValue('0')
    .withTarget(
      sql(`
        select
          count(*) as "Opened",
          ${reached('WAITING_FOR_DECLARATION')} as "Declaration",
          ${reached('WAITING_FOR_SIGNATURE')} as "Signature",
          ${reached('AUTOMATIC_REVIEW')} as "Review",
          count(first_decided_at) as "Decided",
          count(first_approved_at) as "Approved"
        from ${COHORTS}
      `),
    );

const cohorts = () => {
  const share = field({ unit: 'percentunit', decimals: 1 });
  return rows({
    title: 'Funnel by month of opening',
    description:
      'State by now of the cases opened in a month, for the months that overlap the time range. A case that was approved and declined counts in both. Approval rate: approved / decided. In 24 h: decided within 24 hours / opened.',
    query: `
      select
        ${monthOf('opened_at')} as "Month",
        count(*) as "Opened",
        ${reached('WAITING_FOR_DECLARATION')} as "Declaration",
        ${reached('WAITING_FOR_SIGNATURE')} as "Signature",
        ${reached('AUTOMATIC_REVIEW')} as "Review",
        count(first_decided_at) as "Decided",
        count(first_approved_at) as "Approved",
        count(*) filter (where is_declined) as "Declined",
        count(*) filter (where is_open) as "Still open",
        count(first_approved_at)::numeric / nullif(count(first_decided_at), 0) as "Approval rate",
        count(*) filter (where hours_to_decision <= 24)::numeric / count(*) as "In 24 h"
      from ${COHORTS}
      group by 1
      order by 1 desc
    `,
  })
    .span(15)
    .overrideByName('Approval rate', share)
    .overrideByName('In 24 h', share);
};
