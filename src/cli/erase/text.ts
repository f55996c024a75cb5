import type { ErasureOutcome } from '../../ledger/erase/erase.ts';
import { OLD_COPIES, removedText, STAYS } from '../../ledger/erase/words.ts';
import { type CaseKey, caseName } from '../../model/case-key.ts';
import { counted } from '../../model/counted.ts';
import { type Clock, shortTime } from '../../model/time-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { ERASED_TABLES } from '../../store/ledger/statistics.ts';
import type { Style } from '../terminal/style.ts';
import { timeText } from '../terminal/time.ts';
import { wrap } from '../terminal/wrap.ts';

export type Shown = { key: CaseKey; clock: Clock; style: Style };
type Outcome<Kind extends ErasureOutcome['kind']> = Extract<ErasureOutcome, { kind: Kind }>;

const half = ERASED_TABLES.length / 2;
/** In two lines, which fit 80 columns. */
const VACUUM = [
  `  vacuum (analyze) ${ERASED_TABLES.slice(0, half).join(', ')},`,
  `    ${ERASED_TABLES.slice(half).join(', ')};`,
];

/** The time of a text that Postgres wrote in UTC. */
export function timeOf(text: string): Date {
  return new Date(text.replace(' ', 'T').replace(/\+00$/, 'Z'));
}

/** The output after an erasure: removed values, the rest, the receipt, and places of old copies. */
export function erasedLines(outcome: Outcome<'erased'>, { key, clock, style }: Shown): string[] {
  const { receipt, kinds } = outcome;
  return [
    ...wrap(`${caseName(key)} is erased. Removed from all its versions: ${removedText(kinds)}.`, style.width),
    ...wrap(`What stays: ${STAYS}. Later changes of its status go on being recorded, without the rest.`, style.width),
    ...wrap(
      `Receipt: ${timeText(timeOf(receipt.erasedAt), clock)}, link ${receipt.linkNumber} of the account's digest chain.`,
      style.width,
    ),
    `  cdd-sync show erasures --where case_id=${key.caseId}`,
    ...otherLines(outcome, { key, style }),
    ...OLD_COPIES.flatMap((text) => wrap(text, style.width)),
    'To remove old versions of rows now:',
    ...VACUUM,
  ];
}

/** The output of a dry run, and before the question. */
export function wouldEraseLines(outcome: Outcome<'wouldErase'>, { key, clock, style }: Shown): string[] {
  const time = outcome.isBeforeTime ? `before its time (to be kept ${keptWords(outcome, clock)})` : 'its time is over';
  return [
    ...wrap(
      `${caseName(key)} would be erased; ${time}. Removed from all its versions: ${removedText(outcome.kinds)}.`,
      style.width,
    ),
    ...wrap(`What stays: ${STAYS}.`, style.width),
    ...otherLines(outcome, { key, style }),
  ];
}

/** The output for a case that was erased before. */
export function alreadyErasedLines({ erasedAt }: Outcome<'alreadyErased'>, { key, clock, style }: Shown): string[] {
  return wrap(`${caseName(key)} was erased at ${timeText(timeOf(erasedAt), clock)}; nothing was changed.`, style.width);
}

/** The error of a command for many cases that ended before the last. */
export function stoppedText(done: number, all: number): string {
  return `Stopped after ${done} of ${counted(all, 'case')}; what is erased stays erased. The same command goes on with the rest.`;
}

/** The error for a case under legal hold. */
export function heldText({ hold }: Outcome<'held'>, { key, clock }: Omit<Shown, 'style'>): string {
  const { heldAt, heldBy, reason } = hold;
  return (
    `${caseName(key)} is under legal hold since ${timeText(heldAt, clock)}, by ${visibleLine(heldBy)}: ${visibleLine(reason)}. ` +
    `Nothing was erased. When the hold is over: cdd-sync release ${caseName(key)} --reason TEXT`
  );
}

/** The error for a case that must be kept. */
export function keptText(outcome: Outcome<'kept'>, { key, clock }: Omit<Shown, 'style'>): string {
  return (
    `${caseName(key)} must be kept ${keptWords(outcome, clock)}. Nothing was erased. ` +
    'To erase it all the same, for instance because a person has the right to it: --before-time --reason TEXT'
  );
}

type Kept = { hasEnded: boolean; keptUntil: string | null };

function keptWords({ hasEnded, keptUntil }: Kept, clock: Clock): string {
  if (keptUntil !== null) return `until ${shortTime(timeOf(keptUntil), clock)}`;
  return hasEnded
    ? 'for ever (retention.cases), or the time at which it ended is not known'
    : 'while it lasts: it has not ended';
}

type Others = Pick<Outcome<'wouldErase'>, 'otherAccounts' | 'holdingAccounts'>;

function otherLines({ otherAccounts, holdingAccounts }: Others, { key, style }: Omit<Shown, 'clock'>): string[] {
  return otherAccounts.flatMap((accountId) => {
    const other = caseName({ ...key, accountId });
    if (holdingAccounts.includes(accountId)) {
      const text = `${accountId} has it under legal hold in its list. For the reason: cdd-sync show legal_holds`;
      return wrap(text, style.width);
    }
    const text = `${accountId} has the case in its list too, and it is not erased there. To erase it there:`;
    return [...wrap(text, style.width), `  cdd-sync erase --case ${other}`];
  });
}
