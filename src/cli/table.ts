import { Table } from 'console-table-printer';

/** Formats rows as a table. The first row's keys are the columns; no rows give an empty text. */
export function table(rows: Record<string, string | number | Date>[]): string {
  if (rows.length === 0) return '';
  const printer = new Table({ shouldDisableColors: true, defaultColumnOptions: { alignment: 'left' } });
  printer.addRows(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellText(value)]))),
  );
  return printer.render();
}

function cellText(value: string | number | Date): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
