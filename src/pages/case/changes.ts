import type { Clock } from '../../model/time-text.ts';
import { block } from '../html/block.ts';
import { timeColumn } from '../html/columns.ts';
import { type Content, type Html, html } from '../html/html.ts';
import { changed } from '../html/link.ts';
import { type Column, csvLines, table } from '../html/table.ts';
import { dayAndTime } from '../html/time.ts';
import { NOT_KNOWN, type ShownCase } from './shown.ts';
import type { ChangeRow } from './timeline-queries.ts';

/** More stand in the CSV. */
const MOST_SHOWN = 50;

/** Which fields changed, the last change first. */
export function changesBlock({ url, clock }: ShownCase, changes: readonly ChangeRow[]): Html {
  const lastFirst = changes.toReversed();
  const list = table({
    caption:
      lastFirst.length > MOST_SHOWN
        ? `The last ${MOST_SHOWN} of ${lastFirst.length} changes; the CSV has all`
        : 'Changes, the last one first',
    columns: changeColumns(clock),
    rows: lastFirst.slice(0, MOST_SHOWN),
    rowClass: ({ is_known }) => (is_known ? null : NOT_KNOWN),
    csv: changed(url, { format: 'csv', block: 'changes' }),
    empty:
      'No change of a field is stored: none has changed since the case was first read, or the changes were erased.',
  });
  return block({ id: 'changes', heading: 'Changed fields', views: ['case_changes'], body: list });
}

export function changesCsv(changes: readonly ChangeRow[], clock: Clock): Iterable<string> {
  const columns = changeColumns(clock);
  return csvLines(
    [...columns, { heading: 'Known', name: 'is_known', csv: ({ is_known }) => is_known }],
    changes.toReversed(),
  );
}

function changeColumns(clock: Clock): Column<ChangeRow>[] {
  return [
    {
      heading: 'Field',
      name: 'field',
      csv: ({ field }) => field,
      cell: ({ field, is_known }) => html`<span>${!is_known && html`<em>not known yet:</em> `}${field}</span>`,
    },
    { heading: 'Before', name: 'old_value', csv: (row) => row.old_value, cell: (row) => valueCell(row, row.old_value) },
    { heading: 'After', name: 'new_value', csv: (row) => row.new_value, cell: (row) => valueCell(row, row.new_value) },
    timeColumn('Learned', 'recorded_at', (at) => dayAndTime(at, clock)),
  ];
}

function valueCell({ old_value, new_value }: ChangeRow, value: string | null): Content {
  if (old_value === null && new_value === null) return 'you may not see it';
  return value ?? '–';
}
