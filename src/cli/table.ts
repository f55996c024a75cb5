import { Table } from 'console-table-printer';

/** Rows as a table for people; columns are the first row's keys. Empty for no rows. */
export function table(rows: Record<string, string | number | Date>[]): string {
  if (rows.length === 0) return '';
  const printed = new Table({ shouldDisableColors: true, defaultColumnOptions: { alignment: 'left' } });
  printed.addRows(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)]))),
  );
  return printed.render();
}

function text(value: string | number | Date): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
