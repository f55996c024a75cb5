import { Table } from 'console-table-printer';
import { visibleLine } from '../model/visible-text.ts';

/** An array is a cell of several lines. */
type Cell = string | number | Date | readonly string[];

/** Formats rows as a table. The first row's keys are the columns; no rows give an empty text. */
export function table(rows: Record<string, Cell>[]): string {
  if (rows.length === 0) return '';
  const printer = new Table({ shouldDisableColors: true, defaultColumnOptions: { alignment: 'left' } });
  printer.addRows(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellText(value)]))),
  );
  return printer.render();
}

function cellText(value: Cell): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? value.map(visibleLine).join('\n') : visibleLine(String(value));
}
