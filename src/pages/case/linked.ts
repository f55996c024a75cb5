import { block } from '../html/block.ts';
import { statusColumn, timeColumn } from '../html/columns.ts';
import { type Html, html } from '../html/html.ts';
import { caseAddress, changed, link } from '../html/link.ts';
import { type Column, csvLines, table } from '../html/table.ts';
import { type Clock, dayAndTime } from '../html/time.ts';
import type { LinkedRow } from './other-queries.ts';
import type { ShownCase } from './shown.ts';

/** More stand in the CSV. */
const MOST_SHOWN = 50;

/** Other cases with the same organization number, as known now. */
export function linkedBlock({ url, clock, known }: ShownCase, linked: readonly LinkedRow[]): Html {
  const declined = linked.filter(({ declined_before }) => declined_before).length;
  const list = table({
    caption:
      linked.length > MOST_SHOWN
        ? `The first ${MOST_SHOWN} of ${linked.length} cases; the CSV has all`
        : 'Cases with the same organization number, those that were declined before first',
    columns: linkedColumns(clock),
    rows: linked.slice(0, MOST_SHOWN),
    csv: changed(url, { format: 'csv', block: 'linked' }),
    empty: 'No other production case has this organization number.',
  });
  const notice =
    declined > 0 &&
    html`<p class="notice look">${declined === 1 ? 'One of them was' : `${declined} of them were`} declined before this case was opened.</p>`;
  const asOf = known.instant !== null && html`<p class="source">As known now, whatever time is chosen above.</p>`;
  return block({
    id: 'linked',
    heading: 'Other cases of the organization',
    views: ['linked_cases'],
    body: html`${notice}${list}${asOf}`,
  });
}

export function linkedCsv(linked: readonly LinkedRow[], clock: Clock): Iterable<string> {
  return csvLines(linkedColumns(clock), linked);
}

function linkedColumns(clock: Clock): Column<LinkedRow>[] {
  return [
    {
      heading: 'Case',
      name: 'other_case_id',
      csv: ({ other_case_id }) => other_case_id,
      cell: ({ other_account_id, other_case_id }) =>
        link(caseAddress({ accountId: other_account_id, caseId: other_case_id }), other_case_id),
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
