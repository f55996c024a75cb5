import { accountText } from '../html/filters.ts';
import { type Html, html } from '../html/html.ts';
import { accountAddress, caseAddress, link } from '../html/link.ts';
import { statusText } from '../html/status.ts';
import { type Column, table } from '../html/table.ts';
import { dayAndTime } from '../html/time.ts';
import { fieldsKnown } from './entries.ts';
import { erasedText } from './erased.ts';
import { readOtherAccounts } from './other-queries.ts';
import { readState, type StateRow, type StayRow } from './queries.ts';
import type { ShownCase } from './shown.ts';
import type { ChangeRow } from './timeline-queries.ts';

/** Fields that the first lines have not, by their names in reporting.cases. */
const MORE_FIELDS: readonly [name: string, heading: string][] = [
  ['reference_id', 'Reference'],
  ['payout_reference', 'Payout reference'],
  ['payout_destination_id', 'Payout destination'],
  ['case_for_account_id', 'Case for account'],
  ['owner_account_id', 'Owner account'],
  ['checks', 'Checks'],
  ['actions_on_approval', 'Actions on approval'],
  ['requires_contract_signing', 'Requires signing'],
  ['payment_options', 'Payment options'],
];

type HeadOptions = { stays: readonly StayRow[]; changes: readonly ChangeRow[] };

/** The seller, the status, and whether the case is gone: as known at the chosen time. */
export async function headBlock(shown: ShownCase, { stays, changes }: HeadOptions): Promise<Html> {
  const { tx, row, asked, known, clock } = shown;
  const state = await readState(tx, asked);
  const fields = fieldsKnown(row.fields, changes);
  const account = link(accountAddress(row.account_id), accountText({ id: row.account_id, label: row.account_label }));
  if (state === null) {
    return html`<div id="case">
<h1>Case ${row.case_id}</h1>
<p class="notice look">Not known yet: cdd-sync learned of this case on ${dayAndTime(row.first_seen_at, clock)}.</p>
<p>${account}</p>
</div>
`;
  }
  const about = ['organization_number', 'country_code', 'products', 'package'].map((name) => fields[name] || null);
  return html`<div id="case">
<h1>${fields.payout_destination_name ?? `Case ${row.case_id}`}</h1>
<p>${about.filter((value) => value !== null).join(' · ')}</p>
<p>${presentText(stays, known.at, shown)} · ${account}</p>
${goneText(state, shown)}
${await erasedText(shown)}
${await othersText(shown)}
<details id="case-fields"><summary>More fields</summary>
${table({ caption: 'Fields', isCaptionHidden: true, columns: FIELD_COLUMNS, rows: fieldRows(row.case_id, fields), empty: '' })}
</details>
</div>
`;
}

/** The last status that had been reached: one in the future has not. */
function presentStay(stays: readonly StayRow[], at: Date): StayRow | null {
  return stays.findLast(({ entered_at }) => entered_at <= at) ?? null;
}

function presentText(stays: readonly StayRow[], at: Date, { clock }: ShownCase): Html {
  const stay = presentStay(stays, at);
  if (stay === null) return html`No status yet`;
  return html`<strong>${statusText(stay.status)}</strong> since ${dayAndTime(stay.entered_at, clock)}`;
}

function goneText({ is_gone, deleted_at, missing_since }: StateRow, { clock }: ShownCase): Html | null {
  if (!is_gone) return null;
  const reasons = [
    deleted_at !== null && html`Dintero deleted it on ${dayAndTime(deleted_at, clock)}. `,
    missing_since !== null && html`It is missing from the account's list since ${dayAndTime(missing_since, clock)}. `,
  ];
  return html`<p class="notice look">This case is gone. ${reasons}Nobody must act on it.</p>`;
}

async function othersText({ tx, asked }: ShownCase): Promise<Html | null> {
  const others = await readOtherAccounts(tx, asked);
  if (others.length === 0) return null;
  const links = others.map(
    ({ account_id, account_label }, index) =>
      html`${index > 0 && ', '}${link(caseAddress({ accountId: account_id, caseId: asked.caseId }), accountText({ id: account_id, label: account_label }))}`,
  );
  return html`<p>Also in the list of ${links}.</p>`;
}

type Field = { heading: string; value: string | null };

const FIELD_COLUMNS: Column<Field>[] = [
  { heading: 'Field', name: 'field', csv: ({ heading }) => heading },
  { heading: 'Value', name: 'value', csv: ({ value }) => value },
];

function fieldRows(caseId: string, fields: Readonly<Record<string, string | null>>): Field[] {
  const more = MORE_FIELDS.map(([name, heading]) => ({ heading, value: fields[name] ?? null }));
  return [{ heading: 'Case id', value: caseId }, ...more.filter(({ value }) => value !== null && value !== '')];
}
