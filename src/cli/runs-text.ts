import { counted } from '../model/counted.ts';
import type { RunRow } from '../model/run.ts';
import { visibleLine } from '../model/visible-text.ts';
import { table } from './table.ts';

/**
 * A table with a row for each run, and a line for each one that held back missing cases. `cases` has the number of cases
 * of each account whose list was not modified.
 */
export function runsText(rows: readonly RunRow[], cases: Map<string, number>): string[] {
  // A run that holds cases back always has a message that says why (missing-guard.ts).
  const held = rows.flatMap((row) => (row.missing_held_back > 0 ? (row.error_message ?? []) : []));
  return [
    table(rows.map((row) => tableRow(row, cases.get(row.account_id)))),
    ...held.map((text) => `\n${visibleLine(text)}`),
  ];
}

function tableRow(row: RunRow, cases: number | undefined) {
  // After a 304 no case was read: zeros would look like an empty list.
  const ifRead = (count: number) => (row.not_modified ? '' : count);
  return {
    account: row.account_id,
    state: row.state,
    list: listText(row, cases),
    created: ifRead(row.cases_created),
    updated: ifRead(row.cases_updated),
    unchanged: ifRead(row.cases_unchanged),
    missing: ifRead(row.cases_missing),
    'held back': row.missing_held_back,
    transitions: ifRead(row.transitions_recorded),
    rejected: row.items_rejected,
    error: row.error_code ?? '',
  };
}

function listText(
  { not_modified: notModified, complete, cases_seen: seen }: RunRow,
  known: number | undefined,
): string {
  if (notModified) return known === undefined ? 'not modified' : `not modified, ${counted(known, 'case')}`;
  return complete ? counted(seen, 'case') : `${counted(seen, 'case')}, not read to its end`;
}
