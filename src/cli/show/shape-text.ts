import { counted } from '../../model/counted.ts';
import type { Style } from '../terminal/style.ts';
import { type Column, table } from '../terminal/table.ts';
import type { ShapeRow } from './place.ts';

/** The shape of `events[].case`, and how much of it was looked at. */
export type Shape = {
  cases_looked_at: number;
  cases: number;
  events: number;
  /** Events that were left out because their `case` is too large. */
  too_large: number;
  is_cut: boolean;
  is_out_of_time: boolean;
  paths: ShapeRow[];
};

/** Characters of a path in one line, so that the table fits 80 columns. */
const PATH_WIDTH = 56;

/** The lines to print for people. */
export function shapeText(shape: Shape, style: Style): string[] {
  return [...foundText(shape, style), ...limitsText(shape)];
}

function foundText(
  { cases_looked_at: lookedAt, cases, events, too_large: tooLarge, paths }: Shape,
  style: Style,
): string[] {
  if (lookedAt === 0) return ['no cases yet'];
  const scope = `looked at ${counted(lookedAt, 'case')}, those with the newest status`;
  if (paths.length === 0) {
    const reason = 'No events[].case is stored: the API gave none, or personalData left it out.';
    return [scope, ...(tooLarge === 0 ? [reason] : [])];
  }
  return [
    scope,
    `events[].case is in ${counted(events, 'event')} of ${counted(cases, 'case')}:`,
    table(COLUMNS, paths.map(tableRow), style).text,
    'A fact needs a single value of each case: write [last] or a filter for [*].',
    '.* stands for keys that may be data, such as ids, names and dates.',
  ];
}

type TableRow = ReturnType<typeof tableRow>;

const COLUMNS: readonly Column<TableRow>[] = [
  { heading: 'path', text: (row) => row.path, importance: 1, isWhole: true },
  { heading: 'types', text: (row) => row.types, importance: 1 },
  { heading: 'cases', text: (row) => row.cases, importance: 1, isNumber: true },
];

/** Types and count stand in the path's last line: in the first, they would seem to be those of a shorter path. */
function tableRow({ path, types, cases }: ShapeRow) {
  const lines = linesOf(path);
  const blank = lines.slice(1).map(() => '');
  return { path: lines, types: [...blank, ...types], cases: [...blank, String(cases)] };
}

/** The path in lines that fit, broken before a step. Joined, with or without spaces, they are the same path. */
function linesOf(path: string): string[] {
  const lines: string[] = [];
  for (const step of path.match(/[.[]?[^.[]+/g) ?? []) {
    const line = `${lines.at(-1) ?? ''}${step}`;
    if (lines.length === 0 || line.length > PATH_WIDTH) lines.push(step);
    else lines.splice(-1, 1, line);
  }
  return lines;
}

/** How much was left out. */
function limitsText({ too_large: tooLarge, is_cut: isCut, is_out_of_time: isOutOfTime }: Shape): string[] {
  return [
    ...(isOutOfTime ? ['Stopped after a minute: more cases would have been looked at.'] : []),
    ...(tooLarge > 0 ? [`Left out, because they are too large: ${counted(tooLarge, 'event')}.`] : []),
    ...(isCut ? ['There are more paths: some are too deep, or there are too many. Counts may be too low.'] : []),
  ];
}
