import { type CaseKey, caseName } from '../../model/case-key.ts';
import { type Clock, shortTime } from '../../model/time-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import type { HeldCase } from '../../store/ledger/hold/held-case.ts';
import type { Hold } from '../../store/ledger/hold/holds.ts';
import type { Style } from '../terminal/style.ts';
import { timeText } from '../terminal/time.ts';
import { wrap } from '../terminal/wrap.ts';

type Context = { key: CaseKey; clock: Clock; style: Style };

/** The output of `hold`: the reason, the command that ends the hold, and the accounts that it does not cover. */
export function heldLines(hold: Hold, { unheldAccounts }: HeldCase, context: Context): string[] {
  const { key, style } = context;
  return [
    ...wrap(`${caseName(key)} is under legal hold: ${visibleLine(hold.reason)}.`, style.width),
    'Nothing of it is erased until:',
    `  cdd-sync release ${caseName(key)} --reason TEXT`,
    ...unheldAccounts.flatMap((accountId) => [
      ...wrap(
        `${accountId} has the case in its list too; this hold does not cover that. To hold it there:`,
        style.width,
      ),
      `  cdd-sync hold ${caseName({ ...key, accountId })} --reason TEXT`,
    ]),
  ];
}

/** The output of `hold` for a case that is held already. */
export function alreadyHeldLines(hold: Hold, { key, clock, style }: Context): string[] {
  const since = `since ${timeText(hold.heldAt, clock)}, by ${visibleLine(hold.heldBy)}`;
  return wrap(
    `${caseName(key)} is under legal hold ${since}: ${visibleLine(hold.reason)}. That stays: for another reason, release it first.`,
    style.width,
  );
}

/** The error of `hold` for an erased case. */
export function erasedText(erasedAt: Date, { key, clock }: Omit<Context, 'style'>): string {
  return `${caseName(key)} was erased at ${timeText(erasedAt, clock)}: there is nothing left to hold. Its receipt and its statistics are kept anyway.`;
}

/** The output of `release`: how long it was held, and until when the case is kept now. */
export function releasedLines(hold: Hold, now: HeldCase, { key, clock, style }: Context): string[] {
  return [
    ...wrap(
      `${caseName(key)} is not under legal hold any more; it was since ${timeText(hold.heldAt, clock)}: ${visibleLine(hold.reason)}.`,
      style.width,
    ),
    ...wrap(keptText(now, clock), style.width),
  ];
}

/** The output of `release` for a case without a hold. */
export function notHeldLines({ key, style }: Omit<Context, 'clock'>): string[] {
  return wrap(`${caseName(key)} is not under legal hold; nothing was changed.`, style.width);
}

function keptText({ state, keepUntil }: HeldCase, clock: Clock): string {
  if (state === 'erased') return 'It is erased.';
  if (keepUntil === null) {
    return state === 'active'
      ? 'It has not ended, so it is kept.'
      : 'It is kept for ever (retention.cases), or the time at which it ended is not known.';
  }
  const until = shortTime(keepUntil, clock);
  return state === 'due'
    ? `It had to be kept until ${until}, so it is due to be erased.`
    : `It is kept until ${until}.`;
}
