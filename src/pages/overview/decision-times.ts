import { count, duration } from '../../model/number-text.ts';
import { monthText } from '../../model/time-text.ts';
import { casesAddress } from '../cases/filter.ts';
import { block } from '../html/block.ts';
import { chart } from '../html/chart.ts';
import type { Html } from '../html/html.ts';
import { link } from '../html/link.ts';
import { type Column, table } from '../html/table.ts';
import type { DecisionMonth } from './case-figures.ts';
import { monthEnd } from './period.ts';
import { type Scope, scopeParameters } from './scope.ts';

/** How long first decisions took, by the month of the decision. */
export function decisionTimesBlock(
  rows: readonly DecisionMonth[],
  { scope, csv }: { scope: Scope; csv: string },
): Html {
  const hours = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10);
  return block({
    id: 'decision-times',
    heading: 'Time to decision by month',
    views: ['cases'],
    body: chart({
      id: 'decision-times-chart',
      title: 'Hours from opening to the first decision, by month',
      kind: 'line',
      labels: rows.map(({ month }) => monthText(month)),
      series: [
        { name: 'half within', values: rows.map(({ p50 }) => hours(p50)) },
        { name: 'nine in ten within', values: rows.map(({ p90 }) => hours(p90)) },
      ],
      unit: 'hours',
      table: table({
        caption: 'Time from opening to the first decision',
        columns: decisionTimeColumns(scope),
        rows: rows.toReversed(),
        empty: NOTHING_DECIDED,
        csv,
      }),
      empty: NOTHING_DECIDED,
    }),
  });
}

const NOTHING_DECIDED = 'Nothing was decided in this time. A month appears here with its first decision.';

export function decisionTimeColumns(scope: Scope): Column<DecisionMonth>[] {
  return [
    { heading: 'Month', name: 'month', csv: ({ month }) => month, cell: ({ month }) => monthText(month) },
    {
      heading: 'Decided',
      name: 'decided',
      csv: ({ decided }) => decided,
      cell: ({ month, decided }) => link(listAddress(scope, month), count(decided)),
      isNumber: true,
    },
    {
      heading: 'Half within',
      name: 'p50_hours',
      csv: ({ p50 }) => p50,
      cell: ({ p50 }) => duration(p50),
      isNumber: true,
    },
    {
      heading: 'Nine in ten within',
      name: 'p90_hours',
      csv: ({ p90 }) => p90,
      cell: ({ p90 }) => duration(p90),
      isNumber: true,
    },
  ];
}

function listAddress(scope: Scope, month: string): string {
  return casesAddress({
    ...scopeParameters(scope),
    decided_from: month,
    decided_to: monthEnd(month),
    state: 'all',
  });
}
