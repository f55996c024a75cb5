import { counted } from '../../model/counted.ts';
import { count, difference } from '../../model/number-text.ts';
import { casesAddress } from '../cases/filter.ts';
import { block } from '../html/block.ts';
import { numberColumn } from '../html/columns.ts';
import { type Html, html } from '../html/html.ts';
import { changed, link } from '../html/link.ts';
import { type Column, csvLines, table } from '../html/table.ts';
import type { ComparedRow, Reasons } from './restated.ts';
import type { ShownMonth } from './shown.ts';

/** As many as restatements names. */
const MOST_CASES = 20;
/** A row has the ids of its cases in its link. */
const MOST_ROWS = 40;

/** The reasons for the differences, and the cases behind each of them. */
export function whyBlock({ url }: ShownMonth, rows: readonly ComparedRow[], reasons: Reasons): Html {
  const list = table({
    caption:
      rows.length > MOST_ROWS
        ? `The ${MOST_ROWS} largest differences of accounts; the CSV has all`
        : 'What differs, by account',
    columns: restatedColumns,
    rows: largest(rows),
    csv: changed(url, { format: 'csv', block: 'why' }),
    empty: 'No figure of an account differs: nothing that was learned since has changed this month.',
  });
  const words = rows.length > 0 && html`<p>${reasonsText(reasons)}</p>`;
  const body =
    rows.length === 0
      ? list
      : html`<details class="unprinted" id="why-list"${rows.length <= MOST_CASES && html` open`}><summary>${counted(rows.length, 'figure')} of accounts ${rows.length === 1 ? 'differs' : 'differ'}</summary>${list}</details>`;
  return block({ id: 'why', heading: 'Why', views: ['restatements', 'case_timeline'], body: html`${words}${body}` });
}

function largest(rows: readonly ComparedRow[]): readonly ComparedRow[] {
  if (rows.length <= MOST_ROWS) return rows;
  return rows.toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference)).slice(0, MOST_ROWS);
}

export function whyCsv(rows: readonly ComparedRow[]): Iterable<string> {
  return csvLines(restatedColumns, rows);
}

/** `In the 17 cases behind the differences, 9 events arrived late, 5 were corrected, 2 cases returned.` */
function reasonsText({ cases, late, corrected, created, returned }: Reasons): string {
  const facts = [
    created > 0 && `${counted(created, 'case')} ${created === 1 ? 'was' : 'were'} first seen`,
    late > 0 && `${counted(late, 'event')} arrived late`,
    corrected > 0 && `${counted(corrected, 'correction')} ${corrected === 1 ? 'was' : 'were'} made`,
    returned > 0 && `${counted(returned, 'case')} came back to the list`,
  ].filter((fact) => fact !== false);
  const said = facts.length === 0 ? 'nothing that their timelines tell' : facts.join(', ');
  return `Since the report, in the ${counted(cases, 'case')} behind the differences: ${said}.`;
}

const FIGURES: Record<string, string> = {
  opened: 'Opened',
  decided: 'Decided',
  approved: 'Approved',
  declined: 'Declined',
  reopened: 'Reopened',
  left_active: 'No longer active',
};

const restatedColumns: Column<ComparedRow>[] = [
  { heading: 'Account', name: 'account_id', csv: ({ account_id }) => account_id },
  {
    heading: 'Figure',
    name: 'figure',
    csv: ({ figure }) => figure,
    cell: ({ figure }) => FIGURES[figure] ?? figure,
  },
  { heading: 'As reported', name: 'was', csv: ({ was }) => was, cell: ({ was }) => count(was), isNumber: true },
  { heading: 'As known now', name: 'is', csv: ({ is }) => is, cell: ({ is }) => count(is), isNumber: true },
  numberColumn('Difference', 'difference', difference),
  {
    heading: 'Cases',
    name: 'case_ids',
    csv: ({ case_ids }) => case_ids.join(' '),
    cell: ({ account_id, case_ids }) =>
      link(
        casesAddress({ account: account_id, ids: case_ids, state: 'all' }),
        case_ids.length === MOST_CASES ? `the first ${MOST_CASES} cases` : counted(case_ids.length, 'case'),
      ),
  },
];
