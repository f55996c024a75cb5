import { count, percent } from '../../model/number-text.ts';
import { dayText } from '../../model/time-text.ts';
import { casesAddress } from '../cases/filter.ts';
import { bar } from '../html/bar.ts';
import { block } from '../html/block.ts';
import { type Html, html } from '../html/html.ts';
import { link } from '../html/link.ts';
import { type Column, table } from '../html/table.ts';
import { monthOf, type Period } from './period.ts';
import type { Funnel, FunnelStep } from './report-queries.ts';
import { type Scope, scopeParameters } from './scope.ts';

const NO_BREAK_SPACE = '\u00a0';

type FunnelRow = { step: FunnelStep; words: string; cases: number; opened: number };

const STEPS: readonly [FunnelStep, string][] = [
  ['opened', 'opened'],
  ['reached_declaration', 'reached declaration'],
  ['reached_signature', 'reached signature'],
  ['reached_review', 'reached review'],
  ['decided', 'decided'],
  ['approved', 'approved'],
];

export function funnelRows(funnel: Funnel | null): FunnelRow[] {
  if (funnel === null) return [];
  return STEPS.map(([step, words]) => ({ step, words, cases: funnel[step], opened: funnel.opened }));
}

export function funnelColumns({ scope, period }: { scope: Scope; period: Period }): Column<FunnelRow>[] {
  const opened = casesAddress({
    ...scopeParameters(scope),
    opened_from: monthOf(period.from),
    opened_to: period.today,
    state: 'all',
    copies: 'all',
  });
  return [
    { heading: 'Step', name: 'step', csv: ({ step }) => step, cell: ({ words }) => words },
    {
      heading: 'Cases',
      name: 'cases',
      csv: ({ cases }) => cases,
      // The list can be limited by opening, but not by how far a case came.
      cell: ({ step, cases }) => (step === 'opened' ? link(opened, count(cases)) : count(cases)),
      isNumber: true,
    },
    {
      heading: 'Of those opened',
      name: 'share',
      csv: ({ cases, opened: all }) => cases / all,
      cell: ({ cases, opened: all }) =>
        html`<span>${bar(cases, all)} ${percent(cases, all).replace(' ', NO_BREAK_SPACE)}</span>`,
    },
  ];
}

/** How far the cases have come that were opened in the months of the period. */
export function funnelBlock(funnel: Funnel | null, options: { scope: Scope; period: Period; csv: string }): Html {
  return block({
    id: 'funnel',
    heading: 'How far cases come',
    views: ['funnel_monthly'],
    body: table({
      caption: `Cases opened since ${dayText(monthOf(options.period.from))}, by the steps that they have reached so far`,
      columns: funnelColumns(options),
      rows: funnelRows(funnel),
      empty: 'No case was opened in this time. A case counts from the day of its first status.',
      csv: options.csv,
    }),
  });
}
