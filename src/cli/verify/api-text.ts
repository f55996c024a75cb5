import type { ApiComparison, CaseDifference } from '../../ledger/verify/api-comparison.ts';
import { isEqual } from '../../ledger/verify/api-comparison.ts';
import { casesText, count } from '../../model/number-text.ts';
import type { Clock } from '../../model/time-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { paint, type Style } from '../terminal/style.ts';
import { timeText } from '../terminal/time.ts';
import { wrap, wrapIndented } from '../terminal/wrap.ts';

type Shown = { clock: Clock; style: Style; isAll: boolean };

/** An account's comparison for programs. */
export function apiComparisonRow(compared: ApiComparison) {
  const { accountId, listed, rejected, isFiltered, lastRunAt, differing, changedSince, rollUps, error } = compared;
  const cases = (differences: readonly CaseDifference[]) =>
    differences.map(({ caseId, fields }) => ({ case_id: caseId, fields }));
  return {
    account_id: accountId,
    fits: isEqual(compared),
    listed,
    rejected,
    filtered: isFiltered,
    last_run_at: lastRunAt,
    fingerprints_fit: !compared.isUnrecognized,
    differing: differing.total,
    differing_cases: cases(differing.kept),
    changed_since: changedSince.total,
    changed_since_cases: cases(changedSince.kept),
    roll_ups: rollUps?.total ?? null,
    roll_up_rows: rollUps?.kept ?? null,
    error,
  };
}

/** The result of `verify --api`: the differences of each account, and separately the changes since its last run. */
export function apiLines(compared: readonly ApiComparison[], shown: Shown): string[] {
  const { style } = shown;
  if (compared.length === 0) return wrap('There is no account to compare.', style.width);
  const different = compared.filter((one) => !isEqual(one)).length;
  const verdict =
    different === 0
      ? paint(style, 'green', 'The tables are as the lists are, apart from what changed since the last runs.')
      : paint(style, 'red', `${different} of ${compared.length} accounts differ, or could not be read.`);
  return [...wrap(verdict, style.width), ...compared.flatMap((one) => ['', ...accountLines(one, shown)])];
}

function accountLines(compared: ApiComparison, shown: Shown): string[] {
  const { accountId, listed, rejected, isFiltered, differing, rollUps, error } = compared;
  const { style } = shown;
  const text = (words: string) => wrapIndented(words, style.width);
  const items = rejected === 0 ? '' : `, ${count(rejected)} rejected ${rejected === 1 ? 'item' : 'items'} not compared`;
  const filter = isFiltered ? '; the list has a filter, so cases that are not in it are not compared' : '';
  return [
    ...wrap(`${visibleLine(accountId)}: ${casesText(listed)} in the list${items}${filter}`, style.width),
    ...(error === null ? [] : text(paint(style, 'red', `The list could not be compared whole: ${visibleLine(error)}`))),
    ...(differing.total === 0
      ? []
      : [
          ...text(
            paint(style, 'red', `${differsText(differing.total)} from what the last run saw. The tables are wrong:`),
          ),
          ...caseLines(differing, shown),
        ]),
    ...sinceLines(compared, shown),
    ...rollUpLines(rollUps, shown),
  ];
}

function differsText(cases: number): string {
  return cases === 1 ? '1 case differs' : `${count(cases)} cases differ`;
}

function sinceLines({ changedSince, lastRunAt, isUnrecognized }: ApiComparison, shown: Shown): string[] {
  const { style, clock } = shown;
  const text = (words: string) => wrapIndented(words, style.width);
  const unrecognized = isUnrecognized
    ? text(
        'No document has the fingerprint of the last run: personalData or the version of cdd-sync changed since. Any difference counts as a change since then; after the next run the comparison is exact.',
      )
    : [];
  if (changedSince.total === 0) return unrecognized;
  const since = lastRunAt === null ? 'no run has read the list' : `since the last run at ${timeText(lastRunAt, clock)}`;
  const changed =
    lastRunAt === null
      ? `${casesText(changedSince.total)}: ${since}`
      : `${casesText(changedSince.total)} changed ${since}`;
  return [
    ...unrecognized,
    ...text(`${changed}. That is no error, the next run reads it:`),
    ...caseLines(changedSince, shown),
  ];
}

function rollUpLines(rollUps: ApiComparison['rollUps'], shown: Shown): string[] {
  const { style } = shown;
  const text = (words: string) => wrapIndented(words, style.width);
  if (rollUps === null) return text('Roll-ups were not compared: that takes a database user that may write.');
  if (rollUps.total === 0) return [];
  return [
    ...text(
      paint(
        style,
        'red',
        `${rollUps.total === 1 ? '1 row of the daily and monthly reports differs' : `${count(rollUps.total)} rows of the daily and monthly reports differ`} from the history:`,
      ),
    ),
    ...limited(
      rollUps.total,
      rollUps.kept.map(({ table, row }) => `cdd.${table}: ${visibleLine(row)}`),
      shown,
    ),
  ];
}

function caseLines({ total, kept }: ApiComparison['differing'], shown: Shown): string[] {
  return limited(
    total,
    kept.map(({ caseId, fields }) => `case ${caseId}: ${fields.map(visibleLine).join(', ')}`),
    shown,
  );
}

function limited(total: number, lines: readonly string[], { style, isAll }: Shown): string[] {
  const more = total - lines.length;
  const rest = more === 0 ? [] : [`${count(more)} more${isAll ? '' : ': --all'}`];
  return [...lines, ...rest].flatMap((line) => wrapIndented(line, style.width, 4));
}
