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
import { IN_SELECTED_ACCOUNTS, MONTHS, sql } from '../query.ts';

/** Progress of the cases opened in the months that overlap the time range. */
export function funnel(): Builder<Panel>[] {
  return [steps(), cohorts()];
}

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
          sum(opened) as "Opened",
          sum(reached_declaration) as "Declaration",
          sum(reached_signature) as "Signature",
          sum(reached_review) as "Review",
          sum(decided) as "Decided",
          sum(approved) as "Approved"
        from reporting.funnel_monthly
        where ${IN_SELECTED_ACCOUNTS} and ${MONTHS}
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
        to_char(month, 'YYYY-MM') as "Month",
        sum(opened) as "Opened",
        sum(reached_declaration) as "Declaration",
        sum(reached_signature) as "Signature",
        sum(reached_review) as "Review",
        sum(decided) as "Decided",
        sum(approved) as "Approved",
        sum(declined) as "Declined",
        sum(still_open) as "Still open",
        sum(approved)::numeric / nullif(sum(decided), 0) as "Approval rate",
        sum(decided_within_24h)::numeric / nullif(sum(opened), 0) as "In 24 h"
      from reporting.funnel_monthly
      where ${IN_SELECTED_ACCOUNTS} and ${MONTHS}
      group by month
      order by month desc
    `,
  })
    .span(15)
    .overrideByName('Approval rate', share)
    .overrideByName('In 24 h', share);
};
