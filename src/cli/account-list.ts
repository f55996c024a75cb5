import { closestMatch } from '../config/spelling.ts';
import { shortList } from '../model/short-list.ts';
import { UsageError } from '../model/usage-error.ts';
import { visibleLine } from '../model/visible-text.ts';

/** Accounts in a message. */
const MOST_NAMED = 10;

function accountList(ids: readonly string[]): string {
  return shortList(ids.map(visibleLine), MOST_NAMED);
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
