import { duration } from '../../model/number-text.ts';
import type { Clock } from '../../model/time-text.ts';
import { casesAddress } from '../cases/filter.ts';
import { block } from '../html/block.ts';
import { FROM_AND_TO, timeColumn } from '../html/columns.ts';
import { type Html, html } from '../html/html.ts';
import { caseAddress, link } from '../html/link.ts';
import { type Column, table } from '../html/table.ts';
import { timeOnly } from '../html/time.ts';
import type { Period } from './period.ts';
import type { TransitionRow } from './report-queries.ts';
import { type Scope, scopeParameters } from './scope.ts';

/** A change that a run finds so long after it happened was reported late. */
const LATE_HOURS = 24;

export const TRANSITIONS = { id: 'transitions', heading: 'Latest changes' };

type Options = { clock: Clock; scope: Scope; period: Period; csv: string };

export function transitionsBlock(rows: readonly TransitionRow[], { clock, scope, period, csv }: Options): Html {
  const list = { ...scopeParameters(scope), state: 'all' as const };
  const links = html`<p>${link(casesAddress({ ...list, sort: '-since' }), 'All cases, the latest change first')} · ${link(casesAddress({ ...list, corrected_from: period.from }), `Cases corrected in these ${period.words}`)}</p>`;
  return block({
    ...TRANSITIONS,
    views: ['status_transitions'],
    body: html`${transitionsTable(rows, clock, csv)}${rows.length > 0 && links}`,
  });
}

function transitionsTable(rows: readonly TransitionRow[], clock: Clock, csv: string): Html {
  return table({
    caption: 'Changes of status, the last learned first',
    columns: transitionColumns(clock),
    rows,
    empty: 'No case has a status yet. Each change of status appears here with the run that finds it.',
    csv,
  });
}

export function transitionColumns(clock: Clock): Column<TransitionRow>[] {
  return [
    {
      heading: 'Case',
      name: 'case_id',
      csv: (row) => row.case_id,
      cell: ({ account_id, case_id, name }) =>
        link(caseAddress({ accountId: account_id, caseId: case_id }), name ?? case_id),
    },
    { heading: 'Account', name: 'account_id', csv: (row) => row.account_id },
    ...FROM_AND_TO,
    timeColumn('Happened', 'occurred_at', (at) => timeOnly(at, clock)),
    { heading: 'Learned', name: 'recorded_at', csv: (row) => row.recorded_at, cell: (row) => learnedCell(row, clock) },
  ];
}

function learnedCell({ recorded_at: at, learned_after_hours: hours }: TransitionRow, clock: Clock): Html {
  return html`${timeOnly(at, clock)}${hours !== null && hours > LATE_HOURS && html` <span class="look-word">${duration(hours)} late</span>`}`;
}
