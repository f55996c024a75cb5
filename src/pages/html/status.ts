import type { Column } from './table.ts';

/** A status in small letters: `waiting for signature`. One that is written in another way stays as it is. */
export function statusText(status: string | null): string {
  if (status === null) return 'no status yet';
  return /^[A-Z]+(_[A-Z]+)*$/.test(status) ? status.replaceAll('_', ' ').toLowerCase() : status;
}

/** The two columns of a change of status. */
export function fromAndToColumns<Row extends { from_status: string | null; to_status: string }>(): Column<Row>[] {
  return [
    {
      heading: 'From',
      name: 'from_status',
      csv: (row) => row.from_status,
      cell: (row) => (row.from_status === null ? 'new' : statusText(row.from_status)),
    },
    { heading: 'To', name: 'to_status', csv: (row) => row.to_status, cell: (row) => statusText(row.to_status) },
  ];
}
