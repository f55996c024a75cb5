import { accountsText, remedyFor } from '../model/account-state.ts';
import { errorWords } from '../model/error-words.ts';
import { count } from '../model/number-text.ts';
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
  const { text } = table(columnsOf(runs), runs, style);
  const problems = Map.groupBy(rows, ({ error_code }) => error_code);
  return [text, ...[...problems.values()].flatMap((failed) => problemText(failed, style))].filter(
    (part) => part !== '',
  );
}

const STATE_FORMATS: Partial<Record<RunState, Format>> = { failed: 'red', abandoned: 'red', partial: 'yellow' };

/** Numbers that are zero in every run have no column, unless a reader would miss them. */
function columnsOf(runs: readonly ShownRun[]): Column<ShownRun>[] {
  // After a 304 no case was read: zeros would look like an empty list.
  const read = (value: (run: ShownRun) => number) => (run: ShownRun) => (run.not_modified ? '' : count(value(run)));
  const number = (heading: string, importance: number, text: (run: ShownRun) => string | number) => ({
    heading,
    text,
    importance,
    isNumber: true,
  });
  const any = (value: (run: ShownRun) => unknown) => runs.some((run) => Boolean(value(run)));
  return [
    { heading: 'account', text: (run) => run.account_id, importance: 1, isWhole: true },
    {
      heading: 'state',
      text: (run) => run.state,
      importance: 1,
      isWhole: true,
      format: (run) => STATE_FORMATS[run.state] ?? null,
    },
    { heading: 'list', text: listText, importance: 1, minWidth: 24 },
    number(
      'created',
      2,
      read((run) => run.cases_created),
    ),
    number(
      'updated',
      2,
      read((run) => run.cases_updated),
    ),
    number(
      'unchanged',
      5,
      read((run) => run.cases_unchanged),
    ),
    ...(any((run) => run.cases_missing)
      ? [
          number(
            'missing',
            2,
            read((run) => run.cases_missing),
          ),
        ]
      : []),
    ...(any((run) => run.missing_held_back) ? [number('held back', 2, (run) => count(run.missing_held_back))] : []),
    number(
      'transitions',
      4,
      read((run) => run.transitions_recorded),
    ),
    ...(any((run) => run.items_rejected) ? [number('rejected', 2, (run) => count(run.items_rejected))] : []),
    ...(any((run) => run.error_code)
      ? [{ heading: 'error', text: (run: ShownRun) => run.error_code, importance: 1, isWhole: true }]
      : []),
  ];
}

function listText({ not_modified: notModified, complete, cases_seen: seen, known }: ShownRun): string {
  if (notModified) return known === undefined ? 'not modified' : `not modified, ${casesText(known)}`;
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

/** `1 case`, `6,044 cases`. */
function casesText(cases: number): string {
  return cases === 1 ? '1 case' : `${count(cases)} cases`;
}
