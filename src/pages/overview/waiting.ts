import { count } from '../../model/number-text.ts';
import { casesAddress } from '../cases/filter.ts';
import { block } from '../html/block.ts';
import type { Html } from '../html/html.ts';
import { link } from '../html/link.ts';
import { stageText } from '../html/stage.ts';
import { type Column, table } from '../html/table.ts';
import type { OpenGroup } from './case-figures.ts';
import { type Scope, scopeParameters } from './scope.ts';

/** Hours of waiting, from and to; as in reporting.open_case_aging. Headings do not break: `2–7 d`, not `2–7` over `d`. */
const BUCKETS: readonly { heading: string; name: string; from: number | null; to: number | null }[] = [
  { heading: '<\u00a01\u00a0d', name: '<24h', from: null, to: 24 },
  { heading: '1–2\u00a0d', name: '1-2d', from: 24, to: 48 },
  { heading: '2–7\u00a0d', name: '2-7d', from: 48, to: 168 },
  { heading: '1–2\u00a0w', name: '1-2w', from: 168, to: 336 },
  { heading: '2–4\u00a0w', name: '2-4w', from: 336, to: 672 },
  { heading: '>\u00a04\u00a0w', name: '>4w', from: 672, to: null },
];

const STAGES = ['review', 'applicant', 'error', 'unknown', 'none'] as const;

/** Open cases of a stage, counted by bucket. */
export type WaitingRow = { stage: (typeof STAGES)[number]; counts: number[] };

/** Open cases by the party that must act and the time that they have waited. */
export function waitingRows(open: readonly OpenGroup[]): WaitingRow[] {
  return STAGES.map((stage) => {
    const groups = open.filter((group) => (group.stage ?? 'none') === stage);
    const counts = BUCKETS.map((_, index) =>
      groups.reduce((sum, { bucket, cases }) => sum + (bucket === index + 1 ? cases : 0), 0),
    );
    return { stage, counts };
  }).filter(({ counts }) => counts.some((cases) => cases > 0));
}

export function waitingColumns(scope: Scope): Column<WaitingRow>[] {
  return [
    { heading: 'Stage', name: 'stage', csv: ({ stage }) => stage, cell: ({ stage }) => stageText(stage) },
    ...BUCKETS.map(
      ({ heading, name, from, to }, index): Column<WaitingRow> => ({
        heading,
        name,
        csv: ({ counts }) => counts[index] ?? 0,
        cell: ({ stage, counts }) => {
          const cases = counts[index] ?? 0;
          if (cases === 0) return '–';
          const waiting = { waiting_from_hours: from, waiting_to_hours: to };
          return link(casesAddress({ ...scopeParameters(scope), stage, state: 'open', ...waiting }), count(cases));
        },
        isNumber: true,
      }),
    ),
    {
      heading: 'All',
      name: 'cases',
      csv: ({ counts }) => total(counts),
      cell: ({ stage, counts }) =>
        link(casesAddress({ ...scopeParameters(scope), stage, state: 'open' }), count(total(counts))),
      isNumber: true,
    },
  ];
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, cases) => sum + cases, 0);
}

export function waitingBlock(open: readonly OpenGroup[], { scope, csv }: { scope: Scope; csv: string }): Html {
  return block({
    id: 'waiting',
    heading: 'Who must act',
    views: ['cases', 'open_case_aging'],
    body: table({
      caption: 'Open cases by the time in their status',
      columns: waitingColumns(scope),
      rows: waitingRows(open),
      empty: 'No case is open. An open case appears here with the run that finds it.',
      csv,
    }),
  });
}
