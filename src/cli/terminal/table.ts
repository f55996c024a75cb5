import { visibleLine } from '../../model/visible-text.ts';
import { type Format, paint, type Style } from './style.ts';
import { chooseWidths, GAP, type Measured } from './table-widths.ts';
import { longestWord, pad, widthOf, wrap } from './wrap.ts';

/** A column of a table on a terminal. */
export type Column<Row> = {
  heading: string;
  /** The text of a row's cell; its lines, if it is an array. Unsafe characters are escaped here. */
  text: (row: Row) => string | number | null | readonly string[];
  /** A column of importance 1 always stays. Of the others, those of the greatest number leave a narrow terminal first. */
  importance: number;
  /** An id, a number, a time: it is never broken over lines. */
  isWhole?: boolean;
  /** Written at the right; it is never broken. */
  isNumber?: boolean;
  /** A wrapped column is at least so wide, else a less important one goes. */
  minWidth?: number;
  format?: (row: Row) => Format | null;
};

export type Table = {
  /** Without a line feed at the end; empty if there are no rows. */
  text: string;
  /** Headings of the columns that had no place. */
  hidden: readonly string[];
};

/** A longer word may be broken, so that a column of text always finds a place. The longest documented status has 23. */
const LONGEST_UNBROKEN = 24;

/**
 * Rows as a table that fits the terminal: columns are wrapped between words, then left out by importance. If not even
 * the important ones fit, each row becomes lines of `heading  text`.
 * Rejected: console-table-printer, cli-table3 and table. They draw boxes that cost three columns each, and neither
 * choose widths for a terminal nor leave columns out; broken words and cut ids are what they do with a given width.
 */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): Table {
  if (rows.length === 0) return { text: '', hidden: [] };
  const cells = columns.map((column) => rows.map((row) => linesOf(column.text(row))));
  const measured = columns.map((column, index) => measure(column, cells[index] ?? []));
  const widths = chooseWidths(measured, style.width);
  if (widths === null) return { text: records(columns, rows, style), hidden: [] };
  const shown = columns.flatMap((column, index) => {
    const width = widths[index] ?? null;
    return width === null ? [] : [{ column, width, cells: cells[index] ?? [] }];
  });
  const headings = shown.map(({ column, width }) => aligned(column, paint(style, 'bold', column.heading), width));
  const lines = rows.flatMap((row, index) => rowLines(shown, { row, index }, style));
  return {
    text: [headings.join(GAP), ...lines].map((line) => line.trimEnd()).join('\n'),
    hidden: columns.filter((_column, index) => widths[index] === null).map(({ heading }) => heading),
  };
}

type Shown<Row> = { column: Column<Row>; width: number; cells: readonly string[][] };

function rowLines<Row>(shown: readonly Shown<Row>[], { row, index }: { row: Row; index: number }, style: Style) {
  const wrapped = shown.map(({ width, cells }) => (cells[index] ?? []).flatMap((line) => wrap(line, width)));
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    shown
      .map(({ column, width }, at) => {
        const text = wrapped[at]?.[line] ?? '';
        const format = column.format?.(row) ?? null;
        return aligned(column, format === null ? text : paint(style, format, text), width);
      })
      .join(GAP),
  );
}

function aligned<Row>({ isNumber = false }: Column<Row>, text: string, width: number): string {
  return pad(text, width, isNumber ? 'right' : 'left');
}

function linesOf(value: ReturnType<Column<never>['text']>): string[] {
  if (value === null) return [''];
  return (typeof value === 'object' ? value : [String(value)]).map(visibleLine);
}

function measure<Row>(column: Column<Row>, cells: readonly string[][]): Measured {
  const { heading, importance, isWhole = false, isNumber = false, minWidth = 0 } = column;
  const lines = [heading, ...cells.flat()];
  const natural = widest(lines, widthOf);
  if (isWhole || isNumber) return { importance, natural, least: natural };
  const word = Math.min(widest(lines, longestWord), LONGEST_UNBROKEN);
  return { importance, natural, least: Math.min(natural, Math.max(word, minWidth)) };
}

/** Not `Math.max(...)`: its arguments stand on the stack, which ends at some hundred thousand. */
function widest(lines: readonly string[], size: (line: string) => number): number {
  return lines.reduce((most, line) => Math.max(most, size(line)), 0);
}

/** Each row as lines of `heading  text`, with all columns: for few rows. */
export function records<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string {
  const cells = columns.map((column) => rows.map((row) => linesOf(column.text(row))));
  const label = Math.max(...columns.map(({ heading }) => widthOf(heading)));
  const room = Math.max(style.width - label - GAP.length, 1);
  const blocks = rows.map((_row, index) =>
    columns.flatMap(({ heading, isWhole = false }, at) => {
      const lines = (cells[at]?.[index] ?? []).flatMap((line) => wrap(line, room, isWhole ? 'whole' : 'broken'));
      return lines.map((line, nth) => `${pad(paint(style, 'bold', nth === 0 ? heading : ''), label)}${GAP}${line}`);
    }),
  );
  return blocks.map((lines) => lines.map((line) => line.trimEnd()).join('\n')).join('\n\n');
}
