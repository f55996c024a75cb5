import type { Finding } from '../../ledger/verify/finding.ts';
import type { VerifiedAccount } from '../../ledger/verify/verify.ts';
import { counted } from '../../model/counted.ts';
import { casesText, count } from '../../model/number-text.ts';
import type { Clock } from '../../model/time-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { type Format, paint, type Style } from '../terminal/style.ts';
import { instantText } from '../terminal/time.ts';
import { wrap, wrapIndented } from '../terminal/wrap.ts';

type Shown = { isAll: boolean; clock: Clock; style: Style };

/** The result of `verify`: one sentence, then each account with its newest digest and its findings. */
export function verifiedLines(verified: readonly VerifiedAccount[], shown: Shown): string[] {
  const { style } = shown;
  if (verified.length === 0) return wrap('No account has been read yet, so there is nothing to verify.', style.width);
  const [format, verdict] = verdictOf(verified);
  return [
    ...wrap(verdict, style.width).map((line) => paint(style, format, line)),
    ...verified.flatMap((account) => ['', ...accountLines(account, shown)]),
    ...(format === 'red'
      ? ['', ...wrap('What to do: docs/verifying.md, "When something does not fit".', style.width)]
      : []),
  ];
}

function verdictOf(verified: readonly VerifiedAccount[]): [format: Format, text: string] {
  const cases = verified.reduce((sum, one) => sum + one.cases, 0);
  const runs = verified.reduce((sum, { chain }) => sum + chain.runs, 0);
  const what = `${counted(verified.length, 'account')}, ${count(runs)} ${runs === 1 ? 'run' : 'runs'}, ${casesText(cases)}`;
  const broken = verified.filter(({ findings }) => findings.total > 0).length;
  if (broken > 0)
    return ['red', `${what}: ${broken === 1 ? '1 account does' : `${count(broken)} accounts do`} not fit`];
  const uncovered = verified.filter(({ chain }) => chain.newest === null).length;
  if (uncovered === 0) return ['green', `${what}: everything fits`];
  if (uncovered === verified.length) return ['yellow', `${what}: nothing is covered yet`];
  return ['yellow', `${what}: ${counted(uncovered, 'account')} not covered yet, everything else fits`];
}

function accountLines(
  { accountId, chain, published, unlinkedBatches, receipts, findings }: VerifiedAccount,
  shown: Shown,
): string[] {
  const { style, clock } = shown;
  const time = (text: string) => exactOrLocal(text, clock);
  const { newest, beganAt } = chain;
  const indented = (text: string) => wrapIndented(text, style.width);
  return [
    ...wrap(
      newest === null
        ? `${visibleLine(accountId)}: no link${findings.total > 0 ? '' : ' yet, so nothing is covered; a run makes the first one'}`
        : `${visibleLine(accountId)}: newest link ${newest.number} of ${time(newest.linkedAt)}`,
      style.width,
    ),
    ...(newest === null ? [] : [`  ${newest.digest}`]),
    ...(beganAt === null ? [] : indented(`What was recorded up to ${time(beganAt)} is older than the chain.`)),
    ...(findings.total > 0 || published === 0 ? [] : indented(publishedText(published))),
    ...(unlinkedBatches === 0 ? [] : indented(unlinkedText(unlinkedBatches))),
    ...receiptLines(receipts, time).flatMap(indented),
    ...findingLines(accountId, findings, shown),
  ];
}

/** A time that a hand wrote, infinity or the year 290000, is no Date. It stays as the database has it. */
function exactOrLocal(text: string, { timezone }: Clock): string {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? text : instantText(instant, timezone);
}

function publishedText(digests: number): string {
  return digests === 1
    ? '1 published digest is in the chain.'
    : `${count(digests)} published digests are in the chain.`;
}

function unlinkedText(batches: number): string {
  return batches === 1
    ? '1 batch of the running run is not linked yet.'
    : `${count(batches)} batches of the running run are not linked yet.`;
}

function receiptLines(
  { erased, reduced, newest }: VerifiedAccount['receipts'],
  time: (text: string) => string,
): string[] {
  if (newest.length === 0) return [];
  const rest = erased + reduced - newest.length;
  return [
    `${casesText(erased)} erased, ${count(reduced)} reduced:`,
    ...newest.map(
      (one) => `case ${one.caseId}: ${one.kind} at ${time(one.erasedAt)}, receipt in link ${one.linkNumber}`,
    ),
    ...(rest > 0 ? [`and ${count(rest)} before`] : []),
  ];
}

function findingLines(
  accountId: string,
  { kept, total }: VerifiedAccount['findings'],
  { isAll, style }: Shown,
): string[] {
  if (total === 0) return [];
  const rest = total - kept.length;
  const more = isAll
    ? `${count(rest)} more`
    : `${count(rest)} more: cdd-sync verify --account ${visibleLine(accountId)} --all`;
  return [
    ...wrap(
      paint(style, 'red', `  ${total === 1 ? 'This does' : `${count(total)} rows or links do`} not fit:`),
      style.width,
    ),
    ...kept.flatMap((one) => oneFinding(one, style)),
    ...(rest > 0 ? [`    ${more}`] : []),
  ];
}

/** The row and its problem, and below the place in the chain; ids and times stay whole. */
function oneFinding({ table, row, problem, caseId, runId, recordedAt, linkNumber }: Finding, style: Style): string[] {
  const name = known([table === null ? 'the history' : `cdd.${table}`, row && visibleLine(row)]).join(', ');
  const link = known([linkNumber === null ? null : `link ${linkNumber}`, recordedAt]).join(', ');
  const places = known([caseId && `case ${caseId}`, runId && `run ${runId}`, link]);
  return [...wrapIndented(`${name}: ${problem}`, style.width, 4), ...places.map((place) => `      ${place}`)];
}

/** The texts without those that are missing or empty. */
function known(texts: readonly (string | null)[]): string[] {
  return texts.flatMap((text) => text || []);
}
