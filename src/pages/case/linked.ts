import type { Clock } from '../../model/time-text.ts';
import { block } from '../html/block.ts';
import { statusColumn, timeColumn } from '../html/columns.ts';
import { type Html, html } from '../html/html.ts';
import { caseAddress, changed, link } from '../html/link.ts';
import { type Column, csvLines, table } from '../html/table.ts';
import { dayAndTime } from '../html/time.ts';
import type { LinkedRow } from './other-queries.ts';
import type { ShownCase } from './shown.ts';

/** More stand in the CSV. */
const MOST_SHOWN = 50;

/** More are in the list of linked cases. */
const MOST_NAMED = 3;

/** A warning, to stand under the heading, if other cases of the organization were declined before this one was opened. */
export function declinedBefore({ known }: ShownCase, linked: readonly LinkedRow[]): Html {
  // A case may be in the lists of several accounts.
  const cases = new Map(linked.filter(({ declined_before }) => declined_before).map((row) => [row.other_case_id, row]));
  const named = [...cases.values()].slice(0, MOST_NAMED);
  const others = named.map((row, index) => html`${index > 0 && ', '}${otherLink(row, 'another case')}`);
  const more = cases.size > MOST_NAMED && html` and ${link('#linked', `${cases.size - MOST_NAMED} more`)}`;
  const asOf = known.instant !== null && ' As known now.';
  // Without a warning too: only a part that has been there is replaced while a person looks at the page.
  return html`<div id="declined-before">${
    cases.size > 0 &&
    html`<p class="notice look">The same organization was declined before this case was opened: ${others}${more}.${asOf}</p>`
  }</div>
`;
}

function otherLink({ other_account_id, other_case_id, other_name }: LinkedRow, unnamed: string): Html {
  return link(caseAddress({ accountId: other_account_id, caseId: other_case_id }), other_name || unnamed);
}

/** Other cases with the same organization number, as known now. */
export function linkedBlock({ url, clock, known, row }: ShownCase, linked: readonly LinkedRow[]): Html {
  const list = table({
    caption:
      linked.length > MOST_SHOWN
        ? `The first ${MOST_SHOWN} of ${linked.length} cases; the CSV has all`
        : 'Cases with the same organization number, those that were declined before first',
    columns: linkedColumns(clock),
    rows: linked.slice(0, MOST_SHOWN),
    csv: changed(url, { format: 'csv', block: 'linked' }),
    empty:
      row.fields.organization_number === null
        ? 'No other production case is found. Without its organization number, or after that was erased, none can be found.'
        : 'No other production case has this organization number.',
  });
  const asOf = known.instant !== null && html`<p class="source">As known now, whatever time is chosen above.</p>`;
  return block({
    id: 'linked',
    heading: 'Other cases of the organization',
    views: ['linked_cases'],
    body: html`${list}${asOf}`,
  });
}

export function linkedCsv(linked: readonly LinkedRow[], clock: Clock): Iterable<string> {
  const name: Column<LinkedRow> = { heading: 'Name', name: 'other_name', csv: ({ other_name }) => other_name };
  return csvLines([...linkedColumns(clock), name], linked);
}

function linkedColumns(clock: Clock): Column<LinkedRow>[] {
  return [
    {
      heading: 'Case',
      name: 'other_case_id',
      csv: ({ other_case_id }) => other_case_id,
      cell: (row) => otherLink(row, row.other_case_id),
    },
    { heading: 'Account', name: 'other_account_id', csv: ({ other_account_id }) => other_account_id },
    statusColumn('Status', 'other_status'),
    timeColumn('Decided', 'other_decided_at', (at) => dayAndTime(at, clock)),
    {
      heading: 'Declined before',
      name: 'declined_before',
      csv: ({ declined_before }) => declined_before,
      cell: ({ declined_before }) => (declined_before ? html`<span class="look-word">yes</span>` : 'no'),
    },
  ];
}
