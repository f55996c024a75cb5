import { count } from '../../model/number-text.ts';
import type { Html } from './html.ts';
import { statusText } from './status.ts';
import type { Column } from './table.ts';

// Columns that many tables have. Each shows one field of a row, and has its raw value in the CSV.

/** A time. */
export function timeColumn<Name extends string>(
  heading: string,
  name: Name,
  cell: (at: Date | null) => Html,
): Column<Record<Name, Date | null>> {
  return { heading, name, csv: (row) => row[name], cell: (row) => cell(row[name]) };
}

/** A number; a count unless `words` writes it in another way. */
export function numberColumn<Name extends string>(
  heading: string,
  name: Name,
  words: (value: number | null) => string = count,
): Column<Record<Name, number | null>> {
  return { heading, name, csv: (row) => row[name], cell: (row) => words(row[name]), isNumber: true };
}

/** A status. */
export function statusColumn<Name extends string>(heading: string, name: Name): Column<Record<Name, string | null>> {
  return { heading, name, csv: (row) => row[name], cell: (row) => statusText(row[name]) };
}

/** A change of status. */
export const FROM_AND_TO: readonly Column<{ from_status: string | null; to_status: string }>[] = [
  {
    heading: 'From',
    name: 'from_status',
    csv: (row) => row.from_status,
    cell: (row) => (row.from_status === null ? 'new' : statusText(row.from_status)),
  },
  statusColumn('To', 'to_status'),
];
