import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { FieldColorBuilder, FieldColorModeId, type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, rows } from '../panel.ts';
import { ACCOUNT, CHOSEN } from '../query.ts';
import { byStatus, STATUSES, titleOf } from '../statuses.ts';

const ALL_TIME = 'Since the beginning, whatever the time range.';

/** From which status to which cases move. */
export function transitions(): Builder<Panel>[] {
  return [matrix(), times()];
}

const matrix = () => {
  const cell = { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'gradient' } };
  return rows({
    title: 'Transition matrix',
    description: `How many times cases moved from the status of the row to that of the column, over all chosen accounts. ${ALL_TIME}`,
    query: `
      select
        coalesce(${titleOf('from_status')}, '(new)') as "From",
        ${byStatus(STATUSES, 'to_status', (condition) => `sum(transitions) filter (where ${condition})`)}
      from reporting.transition_matrix
      left join reporting.statuses on status = from_status
      where ${CHOSEN}
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
    description: `How long cases had been in the status they moved from: half no longer than the median, nine out of ten no longer than 90 %. By account, because neither can be added up. ${ALL_TIME}`,
    query: `
      select
        ${ACCOUNT} as "Account",
        coalesce(${titleOf('from_status')}, '(new)') as "From",
        ${titleOf('to_status')} as "To",
        transitions as "Transitions",
        median_hours as "Median",
        p90_hours as "90 %"
      from reporting.transition_matrix
      join reporting.sync_freshness using (account_id)
      where ${CHOSEN}
      order by transitions desc
    `,
  })
    .span(24)
    .overrideByName('Median', field({ unit: 'h', decimals: 1 }))
    .overrideByName('90 %', field({ unit: 'h', decimals: 1 }));
