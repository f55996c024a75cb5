import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { FieldColorBuilder, FieldColorModeId, type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, rows } from '../panel.ts';
import { inRange, ofSelectedCases } from '../query.ts';
import { byStatus, STATUSES, statusTitle } from '../statuses.ts';

/** Transitions between statuses: their number, and the time before them. */
export function transitions(): Builder<Panel>[] {
  return [matrix(), times()];
}

const MOVES = 'reporting.status_transitions as move';
const CHOSEN = `${ofSelectedCases('move')} and ${inRange('move.occurred_at')}`;

const matrix = () => {
  const cell = { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'gradient' } };
  return rows({
    title: 'Transition matrix',
    description:
      "Number of transitions in the time range from the row's status to the column's status, all selected accounts together.",
    query: `
      select
        coalesce(${statusTitle('move.from_status')}, '(new)') as "From",
        ${byStatus(STATUSES, 'move.to_status', (condition) => `count(*) filter (where ${condition})`)}
      from ${MOVES}
      left join reporting.statuses as origin_status on origin_status.status = move.from_status
      where ${CHOSEN}
      group by move.from_status, origin_status.rank
      order by move.from_status is not null, origin_status.rank nulls last, move.from_status
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
    description:
      'Time in the previous status, of the transitions in the time range: half of them came within the median, nine out of ten within the 90 % column. All selected accounts together.',
    query: `
      select
        coalesce(${statusTitle('move.from_status')}, '(new)') as "From",
        ${statusTitle('move.to_status')} as "To",
        count(*) as "Transitions",
        percentile_cont(0.5) within group (order by move.hours_in_from_status) as "Median",
        percentile_cont(0.9) within group (order by move.hours_in_from_status) as "90 %"
      from ${MOVES}
      where ${CHOSEN}
      group by move.from_status, move.to_status
      order by count(*) desc, 1, 2
    `,
  })
    .span(24)
    .overrideByName('Median', field({ unit: 'h', decimals: 1 }))
    .overrideByName('90 %', field({ unit: 'h', decimals: 1 }));
