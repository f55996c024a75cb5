import { closestMatch } from '../config/spelling.ts';
import { count } from '../model/number-text.ts';
import { UsageError } from '../model/usage-error.ts';
import { visibleLine } from '../model/visible-text.ts';

/** Accounts in a message: of a thousand, the rest would hide the message. */
const MOST_NAMED = 10;

/** `P12345678, P87654321`; of more than ten, the first ten and the number of the others. */
function accountList(ids: readonly string[]): string {
  const named = ids.slice(0, MOST_NAMED).map(visibleLine).join(', ');
  return ids.length <= MOST_NAMED ? named : `${named} and ${count(ids.length - MOST_NAMED)} more`;
}

/** The error of ids that no account has: the nearest id, the known ones, and as a last sentence the next step. */
export function unknownAccountError(unknown: readonly string[], known: readonly string[], hint = ''): UsageError {
  const nearest = unknown.map((id) => closestMatch(id, known)).find((id) => id !== null);
  const meant = nearest === undefined ? '.' : `; did you mean ${visibleLine(nearest)}?`;
  const list = known.length === 0 ? 'There are none yet.' : `There are: ${accountList(known)}.`;
  return new UsageError(`There is no account ${accountList(unknown)}${meant} ${list} ${hint}`.trimEnd());
}

/** @throws UsageError for ids that are not among the known ones, with the nearest id. */
export function requireKnown(ids: readonly string[], known: readonly string[], hint = ''): void {
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) throw unknownAccountError(unknown, known, hint);
}
