import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { FieldColorBuilder, FieldColorModeId, type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, rows } from '../panel.ts';
import { ACCOUNT_NAME, IN_SELECTED_ACCOUNTS } from '../query.ts';
import { byStatus, STATUSES, statusTitle } from '../statuses.ts';

const ALL_TIME = 'All of the history, independent of the time range.';

/** Transitions between statuses: their number, and the time before them. */
export function transitions(): Builder<Panel>[] {
  return [matrix(), times()];
}

const matrix = () => {
  const cell = { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'gradient' } };
  return rows({
    title: 'Transition matrix',
    description: `Number of transitions from the row's status to the column's status, all selected accounts together. ${ALL_TIME}`,
    query: `
      select
        coalesce(${statusTitle('from_status')}, '(new)') as "From",
        ${byStatus(STATUSES, 'to_status', (condition) => `sum(transitions) filter (where ${condition})`)}
      from reporting.transition_matrix
      left join reporting.statuses on status = from_status
      where ${IN_SELECTED_ACCOUNTS}
      group by from_status, rank
      order by from_status is not null, rank nulls last, from_status
    `,
  })
    .span(24)
    .filterable(false)
    .min(0)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.ContinuousBlues))
    .overrideByFieldType('number', [cell])
    .overrideByName('From', field({ width: 200 }));
};

const times = () =>
  rows({
    title: 'Time before a transition',
    description: `Time in the previous status: half of the transitions came within the median, nine out of ten within the 90 % column. Per account, because percentiles cannot be added. ${ALL_TIME}`,
    query: `
      select
        ${ACCOUNT_NAME} as "Account",
        coalesce(${statusTitle('from_status')}, '(new)') as "From",
        ${statusTitle('to_status')} as "To",
        transitions as "Transitions",
        median_hours as "Median",
        p90_hours as "90 %"
      from reporting.transition_matrix
      join reporting.sync_freshness using (account_id)
      where ${IN_SELECTED_ACCOUNTS}
      order by transitions desc
    `,
  })
    .span(24)
    .overrideByName('Median', field({ unit: 'h', decimals: 1 }))
    .overrideByName('90 %', field({ unit: 'h', decimals: 1 }));
