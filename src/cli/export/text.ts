import { count } from '../../model/number-text.ts';
import { visibleLine } from '../../model/visible-text.ts';

type Written = { view: string; path: string; rows: number; isReplaced: boolean };

/** A file that is written and stays. */
export function writtenText({ view, path, rows, isReplaced }: Written): string {
  return `${view}: ${rowsWords(rows)} in ${visibleLine(path)}${isReplaced ? ', in place of the older file' : ''}`;
}

/** A file that is being written. A rate of no rows says nothing: Postgres may take long for the first ones. */
export function progressText({ view, rows, seconds }: { view: string; rows: number; seconds: number }): string {
  const rate = rows === 0 ? '' : `, ${count(Math.round(rows / seconds))} a second`;
  return `${view}  ${rowsWords(rows)}${rate}`;
}

function rowsWords(rows: number): string {
  return rows === 1 ? '1 row' : `${count(rows)} rows`;
}
