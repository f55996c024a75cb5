// All rows of schema reporting, without the values that an erasure may remove.
import type pg from 'pg';
import { FUNCTIONS, views } from '../reporting/views.ts';

type Row = Record<string, unknown>;

/** Views about erasures themselves. */
const ABOUT_ERASURE = ['erasures', 'retention'];

/** Columns of erased cases that lose values. Every other column of every view stays. */
const LOST: Readonly<Record<string, readonly string[]>> = {
  cases: [
    ...['payout_destination_id', 'payout_destination_name', 'organization_number', 'reference_id', 'payout_reference'],
    // Of these, values that do not look like words, and fields that are not documented.
    ...['package', 'payment_options'],
    ...['last_error', 'last_error_at', 'changed_at'],
  ],
  case_events: ['error', 'request_id', 'provider_case_id'],
  case_facts: ['value', 'problem'],
  case_timeline: ['title', 'from_value', 'to_value'],
};

/** All rows of all views and functions but those that an erased case may lose; of erased cases without lost columns. */
export async function reportRows(client: pg.Client, erased: ReadonlySet<string>): Promise<Map<string, Row[]>> {
  const rows = new Map<string, Row[]>();
  const names = (await views(client)).map(({ name }) => name).filter((name) => !ABOUT_ERASURE.includes(name));
  for (const name of [...names, ...FUNCTIONS]) {
    const { rows: found } = await client.query<{ row: Row }>(`select to_jsonb(v) as row from reporting.${name} as v`);
    const kept = found.map(({ row }) => row).filter((row) => !isLost(name, row, erased));
    rows.set(name, kept.map((row) => withoutLost(name, row, erased)).sort(byText));
  }
  return rows;
}

function isErased(row: Row, erased: ReadonlySet<string>): boolean {
  return erased.has(`${row.account_id}/${row.case_id}`);
}

function isLost(view: string, row: Row, erased: ReadonlySet<string>): boolean {
  if (view === 'linked_cases')
    return isErased(row, erased) || erased.has(`${row.other_account_id}/${row.other_case_id}`);
  if (view === 'case_timeline') return isErased(row, erased) && ['changed', 'erased'].includes(String(row.kind));
  if (view === 'case_changes')
    return isErased(row, erased) && !/^(created|updated|deleted)_at$/.test(String(row.field));
  return view === 'data_quality' && row.check_name === 'unreadable_facts';
}

function withoutLost(view: string, row: Row, erased: ReadonlySet<string>): Row {
  if (!isErased(row, erased)) return row;
  return Object.fromEntries(Object.entries(row).filter(([column]) => !LOST[view]?.includes(column)));
}

/** Numbers that run to now differ between two readings. */
const byText = (one: Row, other: Row) => (textOf(one) < textOf(other) ? -1 : 1);
const textOf = (row: Row) =>
  JSON.stringify(Object.values(row).filter((value) => typeof value !== 'number' || Number.isInteger(value)));

/** Descriptions of the differences, at most ten of each view. */
export function reportDifferences(before: Map<string, Row[]>, after: Map<string, Row[]>): string[] {
  return [...before].flatMap(([view, rows]) => {
    const now = after.get(view) ?? [];
    if (rows.length !== now.length) return [`${view}: ${rows.length} rows, now ${now.length}`];
    return rows.flatMap((row, index) => rowDifferences(view, row, now[index] ?? {})).slice(0, 10);
  });
}

/** Hours that run to now, and times of now, may be this much later. */
const TOLERANCE = 0.2;

function rowDifferences(view: string, was: Row, is: Row): string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((column) => {
    const [one, other] = [was[column], is[column]];
    const tolerance = column.includes('minutes') ? 60 * TOLERANCE : TOLERANCE;
    if (typeof one === 'number' && typeof other === 'number' && Math.abs(one - other) < tolerance) return [];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    return [
      `${view}.${column}: ${JSON.stringify(one)}, now ${JSON.stringify(other)} (${was.account_id}/${was.case_id})`,
    ];
  });
}
