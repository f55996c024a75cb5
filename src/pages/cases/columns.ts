import { businessHours, duration } from '../../model/number-text.ts';
import type { Clock } from '../../model/time-text.ts';
import { type Html, html, nothing } from '../html/html.ts';
import { caseAddress, link } from '../html/link.ts';
import { stageText } from '../html/stage.ts';
import { statusText } from '../html/status.ts';
import type { Column } from '../html/table.ts';
import { timeAndAge, timeOnly } from '../html/time.ts';
import type { Sort } from './filter.ts';
import { CASE_COLUMNS, type CaseRow } from './rows.ts';

/** The link of a heading, by the order that it asks for. */
export type SortLinks = (name: Sort) => NonNullable<Column<CaseRow>['sort']>;

/** The columns of the table, with the end of retention where the list is about it; the file has all of CSV_COLUMNS. */
export function tableColumns(
  clock: Clock,
  { sort, isOfRetention }: { sort: SortLinks; isOfRetention: boolean },
): Column<CaseRow>[] {
  const column = (heading: string, name: keyof CaseRow, cell: (row: CaseRow) => Html) => ({
    heading,
    name,
    csv: (row: CaseRow) => row[name],
    cell,
  });
  return [
    { ...column('Case', 'payout_destination_name', caseCell), sort: sort('name') },
    { ...column('Account', 'account_id', accountCell), sort: sort('account') },
    { ...column('Status', 'status', statusCell), sort: sort('status') },
    { ...column('Since', 'status_since', (row) => timeAndAge(row.status_since, clock)), sort: sort('since') },
    { ...column('Target', 'target_due_at', targetCell), sort: sort('due') },
    { ...column('Review due', 'review_due_at', (row) => reviewCell(row, clock)), sort: sort('review') },
    ...(isOfRetention
      ? [{ ...column('Kept until', 'keep_until', (row) => retentionCell(row, clock)), sort: sort('kept') }]
      : []),
    { ...column('Opened', 'opened_at', (row) => timeOnly(row.opened_at, clock)), sort: sort('opened') },
    { ...column('First decision', 'first_decided_at', (row) => decisionCell(row, clock)), sort: sort('decided') },
    column('Products', 'products_text', productsCell),
  ];
}

/** The columns of the file, by the names that the views give them. */
export const CSV_COLUMNS: readonly Column<CaseRow>[] = CASE_COLUMNS.map((name) => ({
  heading: name,
  name,
  csv: (row) => row[name],
}));

function accountCell(row: CaseRow): Html {
  return html`<span>${row.account_id}${small(row.account_label)}</span>`;
}

/** The name; the id if the case has no name, or the reader may not see it. */
function caseCell(row: CaseRow): Html {
  const facts = [row.organization_number, row.country_code].filter((fact) => fact !== null);
  const address = caseAddress({ accountId: row.account_id, caseId: row.case_id });
  return html`<span>${link(address, row.payout_destination_name || row.case_id)}${small(facts.join(' · '))}</span>`;
}

function statusCell(row: CaseRow): Html {
  const gone = row.gone_at !== null && !row.is_open ? 'gone from the list' : null;
  const stage = stageText(row.stage);
  const words = [row.stage === null || stage === statusText(row.status) ? null : stage, gone];
  return html`<span>${statusText(row.status)}${small(words.filter((word) => word !== null).join(', '))}</span>`;
}

function targetCell(row: CaseRow): Html {
  const words = targetText(row);
  if (words === null) return html`–`;
  const kind = row.target_state === 'breached' ? 'act-word' : row.target_state === 'due_soon' ? 'look-word' : null;
  return kind === null ? html`${words}` : html`<span class="${kind}">${words}</span>`;
}

type Target = Pick<
  CaseRow,
  'target_state' | 'target_hours' | 'target_business_hours' | 'stay_hours' | 'stay_business_hours'
>;

/** `late by 9.0 d`, `due in 5.0 business hours`; null = the status has no target. */
export function targetText(row: Target): string | null {
  const isBusiness = row.target_hours === null;
  const target = isBusiness ? row.target_business_hours : row.target_hours;
  const spent = isBusiness ? row.stay_business_hours : row.stay_hours;
  if (target === null || spent === null || row.target_state === null) return null;
  const left = target - spent;
  const size = isBusiness ? businessHours(Math.abs(left)) : duration(Math.abs(left));
  return left < 0 ? `late by ${size}` : `due in ${size}`;
}

function reviewCell(row: CaseRow, clock: Clock): Html {
  if (row.review_due_at === null) return html`–`;
  const day = timeOnly(row.review_due_at, clock);
  const state =
    row.review_state === 'overdue'
      ? html` <span class="act-word">overdue</span>`
      : row.review_state === 'due_soon' && html` <span class="look-word">due soon</span>`;
  return html`<span>${day}${state}${small(reviewReason(row))}</span>`;
}

function retentionCell(row: CaseRow, clock: Clock): Html {
  const day = row.keep_until === null ? html`–` : timeOnly(row.keep_until, clock);
  const state =
    row.retention_state === 'due'
      ? html` <span class="act-word">due</span>`
      : row.retention_state === 'held' && html` <span class="look-word">held</span>`;
  return html`<span>${day}${state}</span>`;
}

/** `every 5 months, rule 1`: why a review is due. */
export function reviewReason(row: Pick<CaseRow, 'review_every_months' | 'review_rule'>): string {
  const { review_every_months: months, review_rule: rule } = row;
  return `every ${months === 1 ? 'month' : `${months} months`}${rule === 0 ? '' : `, rule ${rule}`}`;
}

function decisionCell(row: CaseRow, clock: Clock): Html {
  if (row.first_decision === null) return html`–`;
  return html`<span>${row.first_decision} ${timeOnly(row.first_decided_at, clock)}${small(row.decision_route)}</span>`;
}

function productsCell(row: CaseRow): Html {
  return html`<span>${row.products_text || '–'}${small(row.package)}</span>`;
}

function small(words: string | null): Html {
  return words === null || words === '' ? nothing : html`<br><small>${words}</small>`;
}
