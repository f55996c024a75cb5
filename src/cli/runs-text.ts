import { accountsText, remedyFor } from '../model/account-state.ts';
import { errorWords } from '../model/error-words.ts';
import { casesText, count } from '../model/number-text.ts';
import type { RunRow, RunState } from '../model/run.ts';
import { visibleLine } from '../model/visible-text.ts';
import type { Format, Style } from './terminal/style.ts';
import { type Column, table } from './terminal/table.ts';
import { wrap } from './terminal/wrap.ts';

/** A run, and the number of cases of its account if its list was not modified. */
type ShownRun = RunRow & { known: number | undefined };

/**
 * A table with a row for each run, then the cause and the remedy of each error. `cases` has the number of cases of each
 * account whose list was not modified.
 */
export function runsText(rows: readonly RunRow[], cases: Map<string, number>, style: Style): string[] {
  const runs = rows.map((row) => ({ ...row, known: cases.get(row.account_id) }));
  if (runs.length === 0) return [];
  const problems = Map.groupBy(rows, ({ error_code }) => error_code);
  return [
    table(columnsOf(runs), runs, style).text,
    ...[...problems.values()].flatMap((failed) => problemText(failed, style)),
  ];
}

const STATE_FORMATS: Partial<Record<RunState, Format>> = { failed: 'red', abandoned: 'red', partial: 'yellow' };

type Figure = {
  heading: string;
  importance: number;
  value: (run: ShownRun) => number;
  /** Counted from the list. After a 304 none was read: a zero would look like an empty list. */
  isOfList: boolean;
  /** Has a column also if it is zero in every run. */
  isUsual: boolean;
};

const FIGURES: readonly Figure[] = [
  { heading: 'created', importance: 3, value: (run) => run.cases_created, isOfList: true, isUsual: true },
  { heading: 'updated', importance: 3, value: (run) => run.cases_updated, isOfList: true, isUsual: true },
  { heading: 'unchanged', importance: 5, value: (run) => run.cases_unchanged, isOfList: true, isUsual: true },
  { heading: 'missing', importance: 2, value: (run) => run.cases_missing, isOfList: true, isUsual: false },
  { heading: 'held back', importance: 2, value: (run) => run.missing_held_back, isOfList: false, isUsual: false },
  { heading: 'transitions', importance: 4, value: (run) => run.transitions_recorded, isOfList: true, isUsual: true },
  { heading: 'rejected', importance: 2, value: (run) => run.items_rejected, isOfList: false, isUsual: false },
];

function columnsOf(runs: readonly ShownRun[]): Column<ShownRun>[] {
  const figures = FIGURES.filter(({ value, isOfList, isUsual }) =>
    runs.some((run) => (isOfList && run.not_modified ? false : isUsual || value(run) > 0)),
  );
  const hasErrors = runs.some(({ error_code: code }) => code !== null);
  return [
    { heading: 'account', text: (run) => run.account_id, importance: 1, isWhole: true },
    { heading: 'state', text: (run) => run.state, importance: 1, isWhole: true, format: stateFormat },
    { heading: 'list', text: listText, importance: 1, minWidth: 14 },
    ...figures.map(figureColumn),
    ...(hasErrors ? [ERROR_COLUMN] : []),
  ];
}

const stateFormat = ({ state }: ShownRun) => STATE_FORMATS[state] ?? null;

const ERROR_COLUMN: Column<ShownRun> = {
  heading: 'error',
  text: (run) => run.error_code,
  importance: 1,
  isWhole: true,
};

function figureColumn({ heading, importance, value, isOfList }: Figure): Column<ShownRun> {
  const text = (run: ShownRun) => (isOfList && run.not_modified ? '' : count(value(run)));
  return { heading, text, importance, isNumber: true };
}

function listText({ not_modified: notModified, complete, cases_seen: seen, known }: ShownRun): string {
  if (notModified) return known === undefined ? 'not modified' : `not modified, ${casesText(known)}`;
  if (!complete && seen === 0) return 'not read';
  return complete ? casesText(seen) : `${casesText(seen)}, not read to its end`;
}

/** A thousand accounts mostly fail for one reason, which is told once. */
function problemText(failed: readonly RunRow[], { width }: Style): string[] {
  const [first] = failed;
  if (first === undefined || first.error_code === null) return [];
  // A run that holds cases back always has a message that says how many, and what to do (missing-guard.ts).
  if (failed.some((row) => row.missing_held_back > 0)) {
    return failed.flatMap(({ error_message }) => ['', ...wrap(visibleLine(error_message ?? ''), width)]);
  }
  const { cause, remedy } = errorWords(first.error_code);
  const who = failed.length === 1 ? first.account_id : accountsText(failed.length);
  return ['', ...wrap(`${who}: ${cause} (${first.error_code}). ${remedyFor(remedy, failed)}`, width)];
}
