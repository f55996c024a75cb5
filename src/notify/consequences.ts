// An account whose runs fail becomes late. Of the two, a channel is told one at a time: they have one cause and one remedy.
import { REFUSALS } from '../model/account-state.ts';
import type { Notice } from '../model/notice.ts';
import type { Change } from './change.ts';

/** The same changes, of which none tells a channel of an account that is late while it knows that its runs fail. */
export function withoutConsequences(changes: readonly Change[], now: Date): Change[] {
  const late = byPlace(changes, 'account_stale');
  const decided = changes.map((change) =>
    change.kind === 'run_failing' && isKnown(change, late.get(placeOf(change))) ? withheld(change) : change,
  );
  const failing = byPlace(decided, 'run_failing');
  return decided.map((change) => {
    const cause = change.kind === 'account_stale' ? failing.get(placeOf(change)) : undefined;
    if (!isLasting(cause?.after) || !isLasting(change.after)) return change;
    return isLasting(change.before) ? replaced(change, now) : withheld(change);
  });
}

function placeOf({ channel, accountId }: Change): string {
  return `${channel} ${accountId}`;
}

function byPlace(changes: readonly Change[], kind: Change['kind']): Map<string, Change> {
  return new Map(changes.filter((change) => change.kind === kind).map((change) => [placeOf(change), change]));
}

function isLasting(notice: Notice | null | undefined): boolean {
  return notice != null && notice.endedAt === null;
}

/** Whether the last message about the late account had the failure as its cause. A refusal is always told: it needs a person. */
function isKnown({ phase, observation }: Change, late: Change | undefined): boolean {
  if (phase !== 'began' || !isLasting(late?.after) || late?.before == null || !isLasting(late.before)) return false;
  return !REFUSALS.includes(observation.code ?? '') && observation.since <= late.before.toldAt;
}

function withheld(change: Change): Change {
  return { ...change, after: change.before, phase: null };
}

/** Ends without a message: the account is not fresh. The end of the failures is that of both. */
function replaced(change: Change, now: Date): Change {
  return { ...change, after: change.after && { ...change.after, endingSince: null, endedAt: now }, phase: null };
}
