import type { Clock } from '../../model/time-text.ts';
import { block } from '../html/block.ts';
import { timeColumn } from '../html/columns.ts';
import { type Html, nothing } from '../html/html.ts';
import { changed } from '../html/link.ts';
import { type Column, csvLines, table } from '../html/table.ts';
import { dayAndTime } from '../html/time.ts';
import type { ShownCase } from './shown.ts';
import type { FactRow, VersionRow } from './timeline-queries.ts';

/** The configured facts that were known; nothing if none is configured. */
export function factsBlock({ url, clock }: ShownCase, facts: readonly FactRow[]): Html {
  if (facts.length === 0) return nothing;
  return block({
    id: 'facts',
    heading: 'Facts',
    views: ['case_facts'],
    body: table({
      caption: 'Facts of this case, with their earlier values',
      columns: factColumns(clock),
      rows: facts,
      csv: changed(url, { format: 'csv', block: 'facts' }),
      empty: '',
    }),
  });
}

export function factsCsv(facts: readonly FactRow[], clock: Clock): Iterable<string> {
  return csvLines(factColumns(clock), facts);
}

function factColumns(clock: Clock): Column<FactRow>[] {
  return [
    { heading: 'Fact', name: 'fact', csv: ({ fact }) => fact },
    {
      heading: 'Value',
      name: 'value',
      csv: ({ value }) => value,
      cell: ({ value, problem }) => value ?? (problem === null ? 'you may not see it' : `none: ${problem}`),
    },
    timeColumn('Learned', 'recorded_at', (at) => dayAndTime(at, clock)),
    {
      heading: 'Until',
      name: 'superseded_at',
      csv: (row) => row.superseded_at,
      cell: (row) => (row.superseded_at === null ? 'it holds' : dayAndTime(row.superseded_at, clock)),
    },
  ];
}

/** The problems that were known and had not ended; nothing if there were none. */
function problemsOf(versions: readonly VersionRow[]): VersionRow[] {
  return versions.filter(
    ({ kind, to_value, is_known, superseded_at }) =>
      kind === 'problem' && to_value !== null && is_known && superseded_at === null,
  );
}

export function problemsBlock({ url, clock }: ShownCase, versions: readonly VersionRow[]): Html {
  const problems = problemsOf(versions);
  if (problems.length === 0) return nothing;
  return block({
    id: 'problems',
    heading: problems.length === 1 ? '1 problem' : `${problems.length} problems`,
    views: ['case_problems'],
    body: table({
      caption: 'Values of this case that are not as Dintero documents them; the reports leave them out',
      columns: problemColumns(clock),
      rows: problems,
      csv: changed(url, { format: 'csv', block: 'problems' }),
      empty: '',
    }),
  });
}

export function problemsCsv(versions: readonly VersionRow[], clock: Clock): Iterable<string> {
  return csvLines(problemColumns(clock), problemsOf(versions));
}

function problemColumns(clock: Clock): Column<VersionRow>[] {
  return [
    { heading: 'Problem', name: 'problem', csv: ({ title }) => title },
    timeColumn('Learned', 'recorded_at', (at) => dayAndTime(at, clock)),
  ];
}
